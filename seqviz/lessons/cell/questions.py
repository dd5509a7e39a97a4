"""The lesson's questions."""

from seqviz.lessons.cell.compute import Explanation
from seqviz.readout.wording import counted
from seqviz.ui.question import ask


def questions(page: str, explanation: Explanation, count: int) -> None:
    """One for each thing that learners get wrong about cells."""
    e = explanation
    features, units = len(e.inputs), len(e.state)

    def set_to(**controls: object) -> dict[str, object]:
        return {f"{page}_{name}": value for name, value in controls.items()}

    other = float(1 if e.timestep + 1 == count else e.timestep + 2)
    ask(
        f"{page}_one_kernel",
        "Go to another timestep: what changes in the sum?",
        ["the weights", "x and h", "both"],
        answer="x and h",
        why="One kernel serves every timestep; only what it is multiplied by is new.",
        show=set_to(timestep=other),
    )
    ask(
        f"{page}_products",
        f"How many products are added up for one gate of one unit, with {counted(features, 'feature')} and "
        f"{counted(units, 'unit')}?",
        list(dict.fromkeys([str(features), str(units), str(features + units)])),
        answer=str(features + units),
        why="Every feature of x and every unit of the last h has a weight of its own; a bias may "
        "be added. A gate is nothing but such a sum, squeezed between 0 and 1.",
        show=set_to(cell="LSTM", gate="input"),
    )
    ask(
        f"{page}_forget_bias",
        "Untrained, with small inputs, most gates are near 0.5. The forget gate?",
        ["near 0.5, too", "near 0.73", "near 1"],
        answer="near 0.73",
        why="`unit_forget_bias` starts its bias at 1, and σ(1) = 0.73. It is the second block of "
        "the columns: i, f, c, o.",
        show=set_to(cell="LSTM", gate="forget", use_bias=True, unit_forget_bias=True),
    )
    ask(
        f"{page}_memory",
        "Is what an LSTM returns its memory?",
        ["yes, h is c", "no, h shows a part of c"],
        answer="no, h shows a part of c",
        why="h = o · activation(c): c is kept inside, and Keras never returns it step by step.",
        show=set_to(cell="LSTM", gate="output", timestep=float(count)),
    )
    ask(
        f"{page}_two_biases",
        "A GRU with Keras's defaults reads 4 features and has 3 units. How many weights?",
        ["63", "72", "81"],
        answer="81",
        why="`reset_after=True` needs a second bias: 3 · (3 · (4 + 3) + 2 · 3). "
        "With `reset_after=False` it is 72, as in many books.",
        show=set_to(cell="GRU", embedding_dim=4, units=3, use_bias=True, reset_after=True),
    )
