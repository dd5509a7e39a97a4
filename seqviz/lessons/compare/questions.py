"""The lesson's questions."""

from seqviz.readout.wording import counted
from seqviz.ui.question import ask


def ask_about_memory(page: str, timesteps: int, parameters: int) -> None:
    """What timesteps, units and open gates have to do with weights and with memory.

    Args:
        page: Prefix of keys.
        timesteps: Of the sentence.
        parameters: Of the LSTM.
    """
    ask(
        f"{page}_timesteps_matter",
        "Read five times as many timesteps. How many weights does the LSTM have then?",
        ["five times as many", "one more for each timestep", "as many as before"],
        answer="as many as before",
        why=f"{parameters:,}, whatever the sentence: the same weights are used at every "
        "timestep. Look at the list.",
        show={f"{page}_timesteps": 100},
    )
    ask(
        f"{page}_units_matter",
        f"How many units must a layer have to read {counted(timesteps, 'timestep')}?",
        ["one for each timestep", "one for each different word", "any number"],
        answer="any number",
        why="A unit is a number in h, not a timestep: every unit is there at every timestep.",
        show={f"{page}_units": 1},
    )
    ask(
        f"{page}_gates_open",
        "Add nothing to the bias of the update gate (GRU) and the forget gate (LSTM). "
        "How long do these two remember word 1 then?",
        ["shorter", "as before", "longer"],
        answer="shorter",
        why="Half open gates keep half of the state at each step. With 4 more they are nearly 1 and "
        "keep it nearly as it is; training finds such biases where the task needs them.",
        show={f"{page}_gate_bias": 0},
    )
