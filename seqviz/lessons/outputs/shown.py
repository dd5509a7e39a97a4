"""What the lesson shows of one layer, what it returns, and the layer on top of it."""

from seqviz.config import ModelConfig
from seqviz.lessons.outputs.compute import Outputs
from seqviz.lessons.outputs.figure import is_readable, natural_height, plot_outputs
from seqviz.lessons.outputs.words import outputs_captions, outputs_table
from seqviz.typed_text import Encoded
from seqviz.ui.downloads import arrays_of
from seqviz.ui.markdown import RANDOM, colored
from seqviz.ui.proof import equal_to_keras
from seqviz.ui.server.cached_models import ModelRun, model_of, verify_model
from seqviz.ui.shown import Shown
from seqviz.wording import counted, subscript


def _last_state(config: ModelConfig, count: int) -> str:
    """What the picture calls the state that is returned beside the output, if one is."""
    if not config.return_state:
        return ""
    return (
        f" T is the number of the last timestep, here {count}: so h_T is the state after the last word, "
        f"{subscript('h', count)}. `return_state` returns it beside the output, to start another layer from."
    )


def _on_top(config: ModelConfig, data: Outputs, count: int) -> str:
    """What the layer on top has to do with timesteps, where one is drawn; else what one would do."""
    (units,) = config.units
    if not data.head:
        return "To judge each word, `TimeDistributed` calls one layer on each of the states.\n\n"
    said = (
        "`TimeDistributed(layer)` calls the same layer, with the same weights, once for each timestep. "
        "A `Dense` alone does so too: it works on the last axis, so the numbers are the same. Other layers do "
        f"not: `Flatten` alone makes (1, {count * units}) of (1, {count}, {units}), and the timesteps are "
        "lost.\n\n"
    )
    if config.classes > 1:
        said += "Nothing is trained yet, so every class is about as probable as the next. "
    return said


def show_outputs(config: ModelConfig, encoded: Encoded, run: ModelRun, data: Outputs) -> Shown:
    """Which states are returned, and what a head makes of them."""
    tokens, ids, count = encoded.tokens, encoded.ids, len(encoded.ids)
    cell, (units,) = config.cell, config.units
    captions = outputs_captions(data, tokens)
    if not is_readable(data):
        captions = captions[: count + 1]  # heatmaps have no step for the head
    returned = " and ".join(result.name for result in data.results)
    everything = config.return_sequences and config.return_state
    shapes = [
        "ids " + colored((1, count), axes=("gray", "blue")),
        "`Embedding`",
        colored((1, *data.states.inputs.shape)),
        f"`{cell}({units})`",
        ", ".join(f"`{r.name}` {colored(r.shape)}" for r in data.results),
    ]
    if data.scores is not None:
        scores = data.scores.shape if data.return_sequences else data.scores.shape[1:]
        shapes += [f"`{data.head}`", colored((1, *scores))]
    return Shown(
        of=(config, encoded),
        draw=lambda **options: plot_outputs(data, tokens=tokens, ids=ids, winner=False, **options),
        height=natural_height(data, 380 if data.head else 320),
        captions=captions,
        alt=f"{cell} with {counted(units, 'unit')} over {counted(count, 'timestep')} returns "
        f"{returned}"
        + ("" if everything else "; what is hatched is computed all the same")
        + (
            f", and {data.head} makes {config.classes} scores of what it is given."
            if data.head
            else "."
        ),
        shapes=shapes,
        table=lambda widest: outputs_table(data, tokens, ids, widest=widest),
        vector=max(units, config.embedding_dim),
        arrays=lambda: (
            arrays_of(run.recurrent) | ({} if data.scores is None else {"scores": data.scores})
        ),
        code=run.code,
        title=f"What comes out of {cell}({units})",
        first="`return_sequences=False` returns the last state, of the shape (batch, units). With `True` the "
        "state after every timestep is returned, (batch, timesteps, units): a layer on top may need them all."
        "\n\n" + _on_top(config, data, count) + RANDOM + _last_state(config, count),
        press="" if data.head else "To see `TimeDistributed` at work, press **tag each word**.",
        proof=lambda: equal_to_keras(verify_model(config, ids, tokens)),
        model=lambda: model_of(config),
    )
