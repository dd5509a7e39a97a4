"""The lesson's Keras script."""

import numpy as np

from seqviz.lessons.training.setup import Setup
from seqviz.tasks import Probe, Task
from seqviz.training.task_code import task_code


def training_code(setup: Setup, task: Task, probe: Probe, left_out: int | None = None) -> str:
    """A script that trains the same model to the same figures, and asks it what the page asks.

    Args:
        setup: What was trained.
        task: Of the setup.
        probe: The sequence that is watched.
        left_out: The timestep without which it is asked once more; None if it is not.

    Returns:
        Python source. Run, it leaves the trained model in ``model``, the figures of every epoch in
        ``history``, and in ``answers`` what is answered after each timestep of the probe; in
        ``without`` the same of the probe without a timestep. Of a head with one output its weights
        are in ``head_weights`` and its bias in ``head_bias``.
    """
    words = " ".join(repr(token)[1:-1] for token in probe.tokens)  # no text can leave the comment
    kind = "float32" if task.features else "int32"
    inputs = np.asarray(probe.inputs).tolist()
    answer = "model(probe[:, :end])[0, -1]" if task.per_timestep else "model(probe[:, :end])[0]"
    lines = [
        task_code(task, setup.settings).rstrip("\n"),
        "for name, values in history.items():",
        "    print(name, values)",
        "",
        f"# What it answers after each timestep of: {words}",
        f'probe = np.array({inputs}, "{kind}")',
        f"answers = np.array([{answer} for end in range(1, probe.shape[1] + 1)])",
        "print(answers)",
        "",
    ]
    if left_out is not None:
        lines[-1:] = [
            f"# Without timestep {left_out + 1} of it",
            f"probe = np.delete(probe, {left_out}, axis=1)",
            f"without = np.array([{answer} for end in range(1, probe.shape[1] + 1)])",
            "print(without)",
            "",
        ]
    if task.outputs == 1:
        lines[-1:] = [
            "# By which it multiplies each number of the last state, and what it adds to their sum",
            "head_weights, head_bias = (one.ravel() for one in model.layers[-1].get_weights())",
            "print(head_weights, head_bias)",
            "",
        ]
    return "\n".join(lines)
