"""The lesson's questions."""

from seqviz.lessons.cell.compute import Explanation
from seqviz.ui.question import Question
from seqviz.wording import counted


def questions(page: str, explanation: Explanation, count: int) -> tuple[Question, ...]:
    """One for each thing that learners get wrong about cells."""
    e = explanation
    features, units = len(e.inputs), len(e.state)

    def set_to(**controls: object) -> dict[str, object]:
        return {f"{page}_{name}": value for name, value in controls.items()}

    other = float(1 if e.timestep + 1 == count else e.timestep + 2)
    return (
        Question(
            name="one_kernel",
            text="Go to another timestep: what changes in the sum?",
            options={
                "the weights": "Only training changes weights; within a sentence they stay.",
                "x and h": "One kernel serves every timestep; only what it is multiplied by is new.",
                "both": "x and h change, but the layer has no second set of weights to change to.",
            },
            answer="x and h",
            show=set_to(timestep=other),
            veils=False,
        ),
        Question(
            name="products",
            text="How many products are added up for one unit of the new state, or for one gate of "
            f"it, with {counted(features, 'feature')} and {counted(units, 'unit')}?",
            options={
                str(features): "That would be x alone, without the last h.",
                str(units): "That would be the last h alone, without x.",
                str(features + units): "Every feature of x and every unit of the last h has a "
                "weight of its own; a bias may be added. A gate is such a sum too, squeezed between 0 "
                "and 1.",
            },
            answer=str(features + units),
            show=set_to(terms=True),
        ),
        Question(
            name="forget_bias",
            text="Untrained, with small inputs, most gates are near 0.5. The forget gate?",
            options={
                "near 0.5, too": "That would be σ(0): a bias that starts at 0, as the other gates' "
                "does.",
                "near 0.73": "`unit_forget_bias` starts its bias at 1, and σ(1) = 0.73. It is the "
                "second block of the columns: i, f, c, o.",
                "near 1": "That would take a bias of 4 or more: σ(4) = 0.98.",
            },
            answer="near 0.73",
            show=set_to(
                cell="LSTM", gate="forget", terms=True, use_bias=True, unit_forget_bias=True
            ),
            veils=e.cell == "LSTM",
        ),
        Question(
            name="memory",
            text="Is what an LSTM returns its memory?",
            options={
                "yes, h is c": "They would be equal only with an output gate of 1 and no activation "
                "on c.",
                "no, h shows a part of c": "h = o · activation(c): c is kept inside, and Keras "
                "never returns it step by step.",
            },
            answer="no, h shows a part of c",
            show=set_to(cell="LSTM", gate="output", terms=True, timestep=float(count)),
            veils=e.cell == "LSTM",
        ),
        Question(
            name="two_biases",
            text="A GRU with Keras's defaults reads 4 features and has 3 units. How many weights?",
            options={
                "63": "That would be the two kernels alone, 3 · 3 · (4 + 3), without any bias.",
                "72": "That would be one bias for each gate and unit, as with `reset_after=False`.",
                "81": "`reset_after=True` needs a second bias: 3 · (3 · (4 + 3) + 2 · 3). "
                "With `reset_after=False` it is 72, as in many books.",
            },
            answer="81",
            show=set_to(cell="GRU", embedding_dim=4, units=3, use_bias=True, reset_after=True),
            veils=False,
        ),
    )
