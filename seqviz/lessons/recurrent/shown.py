"""What the lesson shows of one layer and one sentence."""

from seqviz.config import ModelConfig
from seqviz.lessons.recurrent.figure import plot_unrolled
from seqviz.lessons.recurrent.words import unrolled_captions, unrolled_table
from seqviz.readout.unrolled import Unrolled
from seqviz.typed_text import Encoded
from seqviz.ui.downloads import arrays_of
from seqviz.ui.markdown import RANDOM, colored
from seqviz.ui.proof import equal_to_keras, largest_of
from seqviz.ui.server.cached_models import ModelRun, model_of, verify_model
from seqviz.ui.shown import Shown
from seqviz.wording import counted


def show_unrolled(config: ModelConfig, encoded: Encoded, run: ModelRun, data: Unrolled) -> Shown:
    """The layer unrolled over the words of a sentence."""
    tokens, ids, trace = encoded.tokens, encoded.ids, run.recurrent
    cell, (units,), count = config.cell, config.units, len(encoded.ids)
    states = ["states " + ", ".join(colored(s.shape) for s in trace.returned_states)]
    return Shown(
        of=(config, encoded),
        draw=lambda **options: plot_unrolled(data, tokens=tokens, ids=ids, **options),
        captions=unrolled_captions(data, tokens, ids),
        alt=f"{cell} with {counted(units, 'unit')} unrolled over {counted(count, 'timestep')}: the "
        f"same block reads each word's vector of {counted(config.embedding_dim, 'feature')} and its "
        "last state, starting from zeros, and returns "
        + ("the state after every step." if config.return_sequences else "the last state only.")
        + (" It reads the last word first." if config.go_backwards else "")
        + (" Steps that are padding are passed over." if data.skipped.any() else ""),
        shapes=[
            "ids " + colored((1, count), axes=("gray", "blue")),
            "`Embedding`",
            colored(trace.inputs.shape),
            f"`{cell}({units})` {run.parameters:,} weights",
            colored(trace.main_output.shape),
            *(states if config.return_state else []),
        ],
        table=lambda widest: unrolled_table(data, tokens, ids, widest=widest),
        vector=max(units, config.embedding_dim),
        arrays=lambda: arrays_of(trace),
        code=run.code,
        title=f"What {cell}({units}) does with “{' '.join(tokens[:12])}”",
        first=f"**({count}, {config.embedding_dim}) → {cell}({units})**: "
        f"{counted(count, 'timestep')} of {counted(config.embedding_dim, 'feature')} are read, each makes "
        f"a state of {counted(units, 'unit')}, and "
        + ("every one" if config.return_sequences else "the last")
        + f" is returned.\n\nKeras leaves the **batch** out: `Input(({count}, {config.embedding_dim}))` is "
        f"(batch, {count}, {config.embedding_dim}), here of 1 sentence.\n\nh₀ is zeros, for nothing was read "
        f"before the first word; `initial_state` would give another. The same {run.parameters:,} weights are used at "
        f"every timestep, of 3 words or of 300. {RANDOM}",
        proof=lambda: equal_to_keras(
            verify_model(config, ids, tokens), largest=largest_of([trace])
        ),
        model=lambda: model_of(config),
    )
