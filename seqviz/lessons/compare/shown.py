"""What the lesson shows of three layers and two sentences."""

from seqviz.lessons.compare.cached import MemoryRun, verify_memory
from seqviz.lessons.compare.figure import plot_memory
from seqviz.lessons.compare.words import (
    STRIPS_AND_LINES,
    left_in_words,
    memory_captions,
    memory_table,
    what_was_set,
    where_it_comes_from,
    which_sentences,
    who_remembers,
    why_it_is_so,
)
from seqviz.ui.downloads import arrays_of
from seqviz.ui.markdown import colored
from seqviz.ui.proof import equal_to_keras, largest_of
from seqviz.ui.server.adjusted_layers import Adjusted
from seqviz.ui.shown import Shown
from seqviz.wording import counted


def show_memory(
    adjusted: Adjusted,
    ids: tuple[int, ...],
    changed: tuple[int, ...],
    tokens: tuple[str, ...],
    run: MemoryRun,
) -> Shown:
    """The states of each layer, and what is left in them of the first word."""
    (units,), timesteps = adjusted.config.units, len(ids)
    said = [
        which_sentences(tokens, None if changed == ids else changed[0]),
        what_was_set(adjusted.radius, adjusted.gate_bias),
        who_remembers(run.data),
        why_it_is_so(run.data, adjusted.radius, adjusted.gate_bias, adjusted.config.activation),
    ]
    return Shown(
        of=(adjusted, ids, changed, tokens),
        draw=lambda **options: plot_memory(run.data, tokens=tokens, **options),
        captions=memory_captions(run.data, tokens),
        alt=f"What another first word changes in the states of SimpleRNN, GRU and LSTM with "
        f"{counted(units, 'unit')} over {counted(timesteps, 'timestep')}, and on a log scale how much of "
        "that difference is left, in parts of what it was after that word. "
        f"After the last timestep: {left_in_words(run.data, -1)}.",
        height=400,
        shapes=[
            "ids " + colored((1, timesteps), axes=("gray", "blue")),
            "`Embedding`",
            colored((1, timesteps, adjusted.config.embedding_dim)),
            "each layer",
            colored((1, timesteps, units)),
        ],
        table=lambda widest: memory_table(run.data, tokens, ids, widest=widest),
        vector=units,
        arrays=lambda: {
            f"{cell}/{name}": array
            for cell, trace in run.traces.items()
            for name, array in arrays_of(trace).items()
        },
        code=run.code,
        title=f"SimpleRNN, GRU and LSTM on “{' '.join(tokens[:12])}”",
        first="\n\n".join(filter(None, said)),
        why=where_it_comes_from(run.data, adjusted.radius, adjusted.gate_bias),
        reading=STRIPS_AND_LINES,
        press="Press **as Keras builds them** to see what is left with Keras's own settings."
        if adjusted.radius is not None and adjusted.gate_bias > 0
        else "",
        proof=lambda: equal_to_keras(
            verify_memory(adjusted, ids, changed, tokens),
            largest=largest_of(run.traces.values()),
        ),
    )
