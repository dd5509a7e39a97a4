"""A model that was trained before trains as one that was just built, without writing its graph."""

from dataclasses import replace

import pytest

from seqviz import tasks
from seqviz.tasks import Samples
from seqviz.training.controlled import fit_controlled
from seqviz.training.reused_models import ReusedModels
from seqviz.training.task_model import fit_arguments, train_task
from seqviz.training.task_settings import TaskSettings
from tests.unit.training.test_controlled import Noting
from tests.unit.training.test_task_model import weights_of

SETTINGS = TaskSettings(units=3, embedding_dim=2, epochs=2, dropout=0.2, clipping=1.0)


def trained(models, task, settings):
    model = models.take(task, settings)
    model.fit(**fit_arguments(task, settings))
    models.give_back(task, settings, model)
    return model


@pytest.fixture(scope="module")
def task():
    return tasks.make("sentiment")


def test_it_gives_the_same_weights_to_the_last_bit_and_writes_no_graph_again(task):
    models, others = ReusedModels(), replace(SETTINGS, seed=4, learning_rate=0.3, epochs=1)
    first = trained(models, task, others)
    cell, calls = first.get_layer("lstm").cell, []
    call = cell.call
    cell.call = lambda *given, **named: (calls.append(1), call(*given, **named))[1]
    again = trained(models, task, SETTINGS)
    assert again is first
    assert not calls  # Python runs through a layer only where its graph is written
    first(task.train.inputs[:1])
    assert calls
    built = train_task(task, SETTINGS)
    assert weights_of(again) == weights_of(built)
    assert again.history.history == built.history.history


@pytest.mark.parametrize(
    "change",
    [
        {"cell": "GRU"}, {"units": 4}, {"embedding_dim": 3}, {"layers": 2}, {"optimizer": "SGD"},
        {"batch_size": 16}, {"clipping": None}, {"dropout": 0.0},
    ],
)  # fmt: skip
def test_other_settings_are_another_graph(task, change):
    models = ReusedModels()
    one = models.take(task, SETTINGS)
    models.give_back(task, SETTINGS, one)
    assert models.take(task, replace(SETTINGS, **change)) is not one
    assert models.take(task, SETTINGS) is one


def test_another_task_is_another_graph(task):
    models, names = ReusedModels(), tasks.make("names")
    models.give_back(task, SETTINGS, models.take(task, SETTINGS))
    assert models.take(names, SETTINGS).output_shape == (None, None, 4)


def test_other_samples_are_learned_as_by_a_model_that_was_just_built(task):
    # Not as many, so that an epoch has fewer batches, which are one call of TensorFlow.
    few = Samples(
        *(part[:70] for part in (task.train.inputs, task.train.targets, task.train.texts))
    )
    fewer, models = replace(task, train=few), ReusedModels()
    trained(models, task, SETTINGS)
    again, built = trained(models, fewer, SETTINGS), train_task(fewer, SETTINGS)
    assert again.history.history == built.history.history
    assert weights_of(again) == weights_of(built)


@pytest.mark.parametrize("asked", [2, 3, 4])
def test_what_was_stopped_is_learned_again_as_by_a_model_that_was_just_built(task, asked):
    """It asks when it begins, after the batches of each epoch, and after the epoch."""
    # Keras keeps what it validated with, of a `fit` that was left; others are held out here.
    held = task.held_out
    few = Samples(*(part[:20] for part in (held.inputs, held.targets, held.texts)))
    other = replace(task, held_out=few)
    models, settings = ReusedModels(), replace(SETTINGS, epochs=3, seed=7)
    stopped = models.take(other, settings)
    arguments = fit_arguments(other, settings)
    assert not fit_controlled(stopped, control=Noting(asked), **arguments)
    models.give_back(other, settings, stopped, was_left=True)
    again, built = trained(models, task, SETTINGS), train_task(task, SETTINGS)
    assert again is stopped
    assert again.history.history == built.history.history
    assert weights_of(again) == weights_of(built)


def test_nobody_gets_what_another_trains_and_few_are_kept(task):
    models = ReusedModels(most=1)
    one, two = models.take(task, SETTINGS), models.take(task, SETTINGS)
    assert one is not two
    models.give_back(task, SETTINGS, one)
    models.give_back(task, SETTINGS, two)
    assert models.take(task, SETTINGS) is two
    assert models.take(task, SETTINGS) is not one


def test_what_was_left_drives_nothing_out_and_goes_first(task):
    models = ReusedModels(most=2)
    lent = [models.take(task, SETTINGS) for _ in range(4)]
    models.give_back(task, SETTINGS, lent[0])
    models.give_back(task, SETTINGS, lent[1], was_left=True)
    models.give_back(task, SETTINGS, lent[2])  # instead of the one that was left
    models.give_back(task, SETTINGS, lent[3], was_left=True)  # no room
    assert models.take(task, SETTINGS) is lent[2]
    assert models.take(task, SETTINGS) is lent[0]
    assert models.take(task, SETTINGS) not in lent


def test_who_reads_has_a_model_alone_which_the_next_gets_and_nobody_trains(task):
    models = ReusedModels()
    with models.to_read(task, SETTINGS) as one:
        with models.to_read(task, replace(SETTINGS, seed=5)) as two:
            assert one is not two
        with models.to_read(task, SETTINGS) as again:
            assert again is two
    with models.to_read(task, replace(SETTINGS, units=4)) as other:
        assert other is not one
        assert other is not two
    assert models.take(task, SETTINGS) not in (one, two)


def test_a_model_that_somebody_read_in_vain_is_nobodys_any_more(task):
    models = ReusedModels()
    with pytest.raises(ZeroDivisionError), models.to_read(task, SETTINGS) as one:
        raise ZeroDivisionError
    with models.to_read(task, SETTINGS) as another:
        assert another is not one
