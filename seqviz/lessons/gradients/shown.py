"""What the lesson shows of one layer, one sentence and one output."""

from seqviz.lessons.gradients.cached import GradientsRun, verify_gradients
from seqviz.lessons.gradients.data import norms
from seqviz.lessons.gradients.figure import plot_gradients
from seqviz.lessons.gradients.words import (
    equal_to_tape,
    gradient_captions,
    gradient_table,
    how_to_read,
    target,
    what_marks_mean,
)
from seqviz.readout.numbers import magnitude
from seqviz.ui.downloads import arrays_of
from seqviz.ui.markdown import colored
from seqviz.ui.server.adjusted_layers import Adjusted
from seqviz.ui.shown import Shown
from seqviz.wording import counted, subscript


def show_gradients(
    adjusted: Adjusted,
    ids: tuple[int, ...],
    tokens: tuple[str, ...],
    output: str | int,
    taken: int,
    run: GradientsRun,
) -> Shown:
    """The gradient of the state after timestep `taken` at every step before it."""
    data, cell = run.data, adjusted.config.cell
    (units,) = adjusted.config.units
    sizes = norms(data.hidden)
    state = colored((1, units), axes=("gray", "green"))
    return Shown(
        of=(adjusted, ids, tokens, output, taken),
        draw=lambda **options: plot_gradients(data, tokens=tokens, **options),
        captions=gradient_captions(data, tokens),
        alt=f"The gradient of {target(data)} of h at timestep {taken}, going back through "
        f"{counted(taken, 'step')} of {cell}({units}): its norm is {magnitude(sizes[taken])} there and "
        f"{magnitude(sizes[0])} at the start, drawn on a log scale.",
        shapes=[
            f"∂L/∂{subscript('h', taken)} {state}",
            f"back through `{cell}({units})`, {run.parameters:,} weights",
            f"∂L/∂{subscript('h', taken - 1)} {state}",
        ],
        table=lambda widest: gradient_table(data, tokens, ids, widest=widest),
        vector=units,
        arrays=lambda: {
            "dL_dh": data.hidden,
            "dL_dx": data.inputs,
            **({} if data.cell_states is None else {"dL_dc": data.cell_states}),
            **arrays_of(run.trace),
        },
        code=run.code,
        title=f"What flows back through {cell}({units}) on “{' '.join(tokens[:12])}”",
        first=how_to_read(data),
        press="To compare, press **vanishing**, **exploding** or **LSTM, forget gate open**.",
        proof=lambda: equal_to_tape(verify_gradients(adjusted, ids, tokens, output, taken)),
        legend=what_marks_mean(data),
    )
