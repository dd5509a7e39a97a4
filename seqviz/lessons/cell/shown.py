"""What the lesson shows of one unit at one timestep."""

from seqviz.config import ModelConfig
from seqviz.lessons.cell.code import cell_code
from seqviz.lessons.cell.compute import Explanation
from seqviz.lessons.cell.figure import plot_cell
from seqviz.lessons.cell.parameters import compute_parameter_blocks
from seqviz.lessons.cell.words import cell_captions, explanation_table, what_is_summed
from seqviz.typed_text import Encoded
from seqviz.ui.downloads import arrays_of
from seqviz.ui.markdown import RANDOM, colored
from seqviz.ui.proof import equal_to_keras, largest_of
from seqviz.ui.server.cached_models import ModelRun, model_of, verify_model
from seqviz.ui.shown import Shown
from seqviz.wording import subscript


def show_cell(
    config: ModelConfig, encoded: Encoded, run: ModelRun, explanation: Explanation, step: int
) -> Shown:
    """How the cell makes one number of its state: the sums, the gates, the state."""
    cell, (units,), trace, unit = config.cell, config.units, run.recurrent, explanation.unit
    token = encoded.tokens[explanation.timestep]
    captions, table = cell_captions(explanation), explanation_table(explanation)
    products = compute_parameter_blocks(trace).numbers.rsplit(" = ", 1)[0]
    return Shown(
        of=(config, encoded, step, unit),
        draw=lambda **options: plot_cell(explanation, token=token, **options),
        height=390,
        captions=captions,
        alt=f"How {'an' if cell == 'LSTM' else 'a'} {cell} cell computes unit {unit} of h "
        f"at timestep {explanation.timestep + 1}: "
        f"{' '.join(captions[1:])}",
        shapes=[
            f"{subscript('x', explanation.timestep + 1)} {colored((1, config.embedding_dim))}, "
            f"{subscript('h', explanation.step)} {colored((1, units))}",
            f"`{cell}({units})` {run.parameters:,} weights = {products}",
            f"{subscript('h', explanation.step + 1)} {colored((1, units))}"
            + (
                f", {subscript('c', explanation.step + 1)} " + colored((1, units))
                if cell == "LSTM"
                else ""
            ),
        ],
        table=lambda _: table,
        arrays=lambda: arrays_of(trace),
        code=cell_code(run.code, trace, explanation),
        title=f"Unit {unit} of {cell}({units}) at “{token}”",
        first=f"{what_is_summed(explanation)}\n\n{RANDOM}",
        press="For gates, press **GRU** or **LSTM**." if cell == "SimpleRNN" else "",
        proof=lambda: equal_to_keras(
            verify_model(config, encoded.ids, encoded.tokens), largest=largest_of([trace])
        ),
        model=lambda: model_of(config),
    )
