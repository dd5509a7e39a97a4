"""The lesson's questions."""

from seqviz.ui.question import Question
from seqviz.wording import counted


def ask_about_memory(page: str, timesteps: int, parameters: int) -> tuple[Question, ...]:
    """Which layer forgets, what its gates have to do with that, and what units and timesteps have not.

    Args:
        page: Prefix of keys.
        timesteps: Of the sentence.
        parameters: Of the LSTM.
    """
    return (
        Question(
            name="forgets",
            text="Two sentences of 20 words differ in word 1 only. Three layers read both; none is trained, but the gates "
            "of GRU and LSTM are set to keep nearly all. After word 20, whose state has lost the largest share of the "
            "difference?",
            options={
                "SimpleRNN": "It has no gate: each step multiplies its whole state by the same weights, "
                "here scaled to a spectral radius of 0.7. 19 more steps leave about 0.7¹⁹ of the difference.",
                "GRU": "With 4 added to its bias its update gate is nearly 1, so it takes over its state nearly as it was.",
                "LSTM": "With 4 added to its bias its forget gate is nearly 1, so its memory c stays nearly as it was, and h is "
                "made of c.",
            },
            answer="SimpleRNN",
            show={
                f"{page}_gate_bias": 4,
                f"{page}_spectral_radius": "0.7",
                f"{page}_activation": "tanh",
                f"{page}_timesteps": 20,
            },
        ),
        Question(
            name="gates_open",
            text="Add nothing to the bias of the update gate (GRU) and the forget gate (LSTM). "
            "How long do these two remember word 1 then?",
            options={
                "shorter": "As Keras builds them the gates keep about 0.5 (GRU) and 0.73 (LSTM) of a state at each "
                "step. With 4 more they are nearly 1 and keep it nearly as it is; training finds such biases "
                "where the task needs them.",
                "as before": "The bias is a part of the gate's sum, and the gate multiplies the state "
                "at every step.",
                "longer": "A smaller bias makes the gate smaller, and the gate multiplies the state.",
            },
            answer="shorter",
            show={f"{page}_gate_bias": 0},
            veils=False,
        ),
        Question(
            name="units_matter",
            text=f"How many units must a layer have to read {counted(timesteps, 'timestep')}?",
            options={
                "one for each timestep": "That would be units = timesteps: but the timesteps are "
                "read one after the other, by all units.",
                "one for each different word": "That would be the rows of the Embedding: "
                "`input_dim`, not `units`.",
                "any number": "A unit is a number in h, a row of the picture: every unit is there at "
                "every timestep.",
            },
            answer="any number",
            show={f"{page}_units": 1},
            veils=False,
        ),
        Question(
            name="timesteps_matter",
            text="Read five times as many timesteps. How many weights does the LSTM have then?",
            options={
                "five times as many": "That would be a layer with weights for each timestep, such "
                "as a Dense on the flattened sequence.",
                "one more for each timestep": "No weight belongs to a timestep.",
                "as many as before": f"{parameters:,}, whatever the sentence: the same weights are "
                "used at every timestep.",
            },
            answer="as many as before",
            show={f"{page}_timesteps": 100, f"{page}_weights": True},
            veils=False,
        ),
    )
