"""The script of a task trains the same model to the same figures, without seqviz."""

import re

import numpy as np
import pytest

from seqviz import tasks
from seqviz.training.task_code import task_code
from seqviz.training.task_model import train_task
from seqviz.training.task_settings import TaskSettings

CSV = "words,kind\n" + "\n".join(
    f"\"{word} '''#{number}''' \\\\ café\u200d \",{kind}"
    for number in range(6)
    for word, kind in (("up", "a"), ("down", "b"), ("left", '"c""""""\n"'))
)


@pytest.mark.parametrize(
    ("task", "settings"),
    [
        (lambda: tasks.make("sentiment"), TaskSettings(units=3, epochs=2, dropout=0.3, seed=4)),
        (lambda: tasks.make("names"), TaskSettings("GRU", 3, 4, epochs=1, clipping=None)),
        (
            lambda: tasks.make("series", timesteps=10),
            TaskSettings("SimpleRNN", 3, layers=2, epochs=2, optimizer="SGD, momentum=0.9"),
        ),
        (
            lambda: tasks.from_csv(CSV.encode(), text="words", label="kind"),
            TaskSettings(units=2, epochs=2, batch_size=5, optimizer="AdamW"),
        ),
    ],
    ids=["sentiment", "names", "series", "csv"],
)
def test_the_script_gives_the_same_numbers(task, settings, capsys):
    task = task()
    model = train_task(task, settings)
    source = task_code(task, settings)
    assert "seqviz" not in source.replace('name="seqviz"', "")
    left = {}
    exec(compile(source, "script.py", "exec"), left)
    assert left["history"] == model.history.history
    for mine, theirs in zip(left["model"].weights, model.weights, strict=True):
        # Keras numbers the layer inside TimeDistributed by itself.
        assert re.sub(r"dense_\d+", "dense", mine.path) == theirs.path
        np.testing.assert_array_equal(mine.numpy(), theirs.numpy())
    for name, part in (("", task.train), ("held_out_", task.held_out)):
        np.testing.assert_array_equal(left[f"{name}inputs"], part.inputs)
        np.testing.assert_array_equal(left[f"{name}targets"], part.targets)
    assert tuple(left.get("words", ())) == task.words
    assert tuple(left.get("classes", ())) == task.classes
    assert capsys.readouterr().out.count("epoch") == settings.epochs
