"""What `Watch` keeps of a training, and that the training does not notice."""

import threading
import tracemalloc
from math import log10

import keras
import numpy as np
import pytest
from keras import layers
from numpy.testing import assert_allclose, assert_array_equal

import seqviz
from seqviz import SeqvizError, Watch, capture
from seqviz.tracing.arrays import to_array
from seqviz.watching.schedule import is_regular

RANDOM = np.random.default_rng(0)
IDS = RANDOM.integers(1, 9, (12, 4))
LABELS = (IDS[:, :1] > 4).astype("float32")
PROBE = np.array([[3, 1, 2, 0], [5, 6, 0, 0]])


def make(built=True, dropout=0.0, rate=0.05):
    keras.utils.set_random_seed(3)
    start = [keras.Input((4,), dtype="int32")] if built else []
    model = keras.Sequential(
        [
            *start,
            layers.Embedding(9, 3, mask_zero=True, name="table"),
            layers.Dropout(dropout),
            layers.LSTM(4, dropout=dropout, recurrent_dropout=dropout, name="lstm"),
            layers.Dense(1, activation="sigmoid"),
        ]
    )
    # Compiled by XLA, Keras's default, in `test_weights_are_equal_to_the_bit` only: that takes long.
    model.compile(
        keras.optimizers.Adam(rate), "binary_crossentropy", metrics=["accuracy"], jit_compile=False
    )
    return model


def fit(model, *callbacks, epochs=3, **arguments):
    given = {"batch_size": 12, "verbose": 0, **arguments}
    return model.fit(IDS, LABELS, epochs=epochs, callbacks=list(callbacks), **given)


class Every(keras.callbacks.Callback):
    """Captures after every epoch, in the simplest way."""

    def __init__(self):
        super().__init__()
        self.traces = {}

    def on_epoch_end(self, epoch, logs=None):
        self.traces[epoch + 1] = capture(self.model, PROBE)


def assert_same_moments(training, every, start):
    for epoch, trace, predicted in zip(
        training.epochs, training.traces, training.predictions, strict=True
    ):
        expected = every.traces[epoch] if epoch else start
        assert list(trace) == list(expected)
        for name in ("hidden_states", "cell_states", "inputs"):
            of_both = [getattr(t["lstm"], name) for t in (trace, expected)]
            assert_array_equal(*of_both)
        assert_array_equal(trace["table"].weights, expected["table"].weights)
        assert_array_equal(predicted, expected.output)


# What is kept


def test_the_first_epochs_then_fewer_and_fewer():
    regular = [epoch for epoch in range(130) if is_regular(epoch)]
    assert regular == [*range(11), 13, 16, 20, 25, 32, 40, 50, 63, 79, 100, 126]
    for epochs in (10, 99, 100, 1000, 5000):
        most = 13 + 10 * log10(epochs / 10)
        # The last and the best may come on top.
        assert sum(map(is_regular, range(epochs + 1))) + 2 <= most


def test_every_moment_is_what_capture_says_then():
    model, every, watch = make(), Every(), Watch(PROBE)
    start = capture(model, PROBE)
    history = fit(model, watch, every, epochs=18).history
    training = watch.training
    losses = history["loss"]
    best = int(np.argmin(losses)) + 1
    assert training.epochs.tolist() == sorted({*range(11), 13, 16, 18, best})
    assert training.best == best
    assert_same_moments(training, every, start)
    assert_allclose(training.predictions[-1], model.predict(PROBE, verbose=0), atol=1e-6)
    assert set(training.history) == set(history)
    for name, values in history.items():
        assert_allclose(training.history[name], values)


def test_the_last_and_the_best_though_the_best_is_put_back():
    model, every, watch = make(), Every(), Watch(PROBE)
    start = capture(model, PROBE)
    stop = keras.callbacks.EarlyStopping("val_loss", patience=5, restore_best_weights=True)
    rate = keras.callbacks.LearningRateScheduler(lambda epoch: 0.01 if epoch < 12 else 5.0)
    validation = (IDS, LABELS)
    fit(model, stop, rate, watch, every, epochs=60, validation_data=validation)
    best, last = 12, 17  # neither is kept by its number
    training = watch.training
    assert training.best == best
    assert {best, last} <= set(training.epochs.tolist())
    assert training.epochs[-1] == last
    assert_same_moments(training, every, start)
    # The model has the weights of its best epoch, as without us.
    assert_array_equal(model.layers[0].get_weights()[0], every.traces[best]["table"].weights)


def test_what_was_not_measured_is_no_number():
    model, watch = make(), Watch(PROBE)
    fit(model, watch, epochs=5, validation_data=(IDS, LABELS), validation_freq=2)
    measured = np.isfinite(watch.training.history["val_loss"])
    assert measured.tolist() == [False, True, False, True, False]
    assert watch.training.best in (2, 4)
    assert len(watch.training.history["loss"]) == 5


def test_a_loss_that_is_no_number_is_never_the_best():
    model = make(rate=1e30)
    watch = Watch(PROBE)
    model.compile(keras.optimizers.SGD(1e30), "mse")
    model.fit(IDS, LABELS * np.nan, epochs=12, verbose=0, callbacks=[watch])
    assert watch.training.best == 0
    assert watch.training.epochs.tolist() == [*range(11), 12]


def test_chosen_epochs_layers_and_arrays():
    watch = Watch(
        PROBE, epochs=np.array([0, 4, 90]), layers=(n for n in ["lstm"]), record={"gates"}
    )
    fit(make(), watch, epochs=6)
    training = watch.training
    assert training.epochs.tolist() == [0, 4]
    assert [list(trace) for trace in training.traces] == [["lstm"]] * 2
    assert training.traces[0]["lstm"].hidden_states is None
    assert training.traces[1]["lstm"].gates["forget"].shape == (2, 4, 4)
    assert training.predictions.shape == (2, 2, 1)


def test_what_a_model_with_several_outputs_predicts():
    ids = keras.Input((4,), dtype="int32")
    h, *states = layers.LSTM(4, return_state=True)(layers.Embedding(9, 3)(ids))
    model = keras.Model(ids, {"h": h, "c": states[1]})
    model.compile("sgd", {"h": "mse", "c": "mse"})
    watch = Watch(PROBE)
    model.fit(IDS, {"h": np.zeros((12, 4)), "c": np.zeros((12, 4))}, verbose=0, callbacks=[watch])
    assert watch.training.predictions["h"].shape == (2, 2, 4)


# The training does not notice


@pytest.mark.parametrize(
    ("built", "arguments"),
    [
        (False, {"batch_size": 5, "shuffle": True, "jit_compile": "auto"}),
        (True, {"batch_size": 3, "steps_per_execution": 4}),
        (True, {"validation_split": 0.25, "stop": True}),
    ],
    ids=["shuffled", "steps_per_execution", "early stopping"],
)
def test_weights_are_equal_to_the_bit(built, arguments):
    arguments = dict(arguments)
    stop = arguments.pop("stop", False)
    compiled = {
        "jit_compile": arguments.pop("jit_compile", False),
        "steps_per_execution": arguments.pop("steps_per_execution", 1),
    }

    def trained(*callbacks):
        model = make(built, dropout=0.4, rate=0.1)
        model.compile("adam", "binary_crossentropy", **compiled)
        if stop:
            stopping = keras.callbacks.EarlyStopping(patience=2, restore_best_weights=True)
            callbacks = [*callbacks, stopping]
        history = fit(model, *callbacks, epochs=14, **arguments)
        random = [v for v in model.variables if "seed" in v.path]
        return [to_array(v) for v in (*model.weights, *random)], history.history

    watch = Watch(PROBE)
    (with_it, history), (without, plain) = trained(watch), trained()
    assert watch.training.epochs[0] == 0
    assert history == plain
    for one, other in zip(with_it, without, strict=True):
        assert_array_equal(one, other)


def test_nor_does_the_python_around_it():
    import random

    model = make(dropout=0.4)
    keras.utils.set_random_seed(1)
    fit(model)
    expected = random.random(), np.random.random(), keras.random.uniform((1,)).numpy()
    model = make(dropout=0.4)
    keras.utils.set_random_seed(1)
    fit(model, Watch(PROBE))
    assert (random.random(), np.random.random(), keras.random.uniform((1,)).numpy()) == expected


# How trainings go


def test_several_fits_are_one_training():
    model, watch = make(), Watch(PROBE)
    first = fit(model, watch, epochs=3).history["loss"]
    second = fit(model, watch, epochs=2).history["loss"]
    assert watch.training.epochs.tolist() == [0, 1, 2, 3, 4, 5]
    assert_allclose(watch.training.history["loss"], first + second)
    fit(model, watch, initial_epoch=5, epochs=7)
    assert watch.training.epochs.tolist() == [*range(8)]
    fit(make(), watch, epochs=1)
    assert watch.training.epochs.tolist() == [0, 1]


def test_epochs_that_were_done_before():
    watch = Watch(PROBE)
    fit(make(), watch, initial_epoch=2, epochs=4)
    assert watch.training.epochs.tolist() == [2, 3, 4]
    assert np.isnan(watch.training.history["loss"]).tolist() == [True, True, False, False]


class Failing(keras.callbacks.Callback):
    def on_epoch_begin(self, epoch, logs=None):
        if epoch == 12:
            raise KeyboardInterrupt


def test_what_was_kept_before_a_training_failed():
    model, watch = make(), Watch(PROBE)
    with pytest.raises(KeyboardInterrupt):
        fit(model, watch, Failing(), epochs=20)
    before = model.get_weights()
    assert watch.training.epochs[-1] == 12
    assert_array_equal(watch.training.traces[-1]["table"].weights, model.layers[0].get_weights()[0])
    for weight, value in zip(model.get_weights(), before, strict=True):
        assert_array_equal(weight, value)


def test_another_thread_may_read_while_the_model_trains():
    watch, seen = Watch(PROBE), []

    class Reading(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            reader = threading.Thread(target=lambda: seen.append(watch.training.epochs.tolist()))
            reader.start()
            reader.join()

    fit(make(), watch, Reading(), epochs=12)
    assert seen[:2] == [[0, 1], [0, 1, 2]]
    assert seen[-1] == [*range(11)]  # the last is known at the end
    assert watch.training.epochs.tolist() == [*range(11), 12]


def test_memory_is_bounded():
    epochs, model = 40, make()
    probe = np.tile(PROBE, (100, 1))
    numpy_alone = tracemalloc.DomainFilter(True, np.lib.tracemalloc_domain)

    def held():
        traces = tracemalloc.take_snapshot().filter_traces([numpy_alone]).statistics("filename")
        return sum(each.size for each in traces)

    tracemalloc.start()
    try:
        before = held()
        one = capture(model, probe)
        a_trace = held() - before
        del one
        watch, most = Watch(probe), []

        class Weighing(keras.callbacks.Callback):
            def on_epoch_end(self, epoch, logs=None):
                if epoch % 7 == 6:
                    most.append(held() - before)

        fit(model, watch, Weighing(), epochs=epochs)
        most.append(held() - before)
    finally:
        tracemalloc.stop()
    weights = sum(weight.nbytes for weight in model.get_weights())
    bound = (13 + 10 * log10(epochs / 10)) * a_trace + 2 * weights
    assert a_trace > 200 * 4 * 4 * 4
    # And what Keras and NumPy themselves leave lying about.
    assert max(most) <= 1.02 * bound
    assert len(watch.training.traces) <= 13 + 10 * log10(epochs / 10)


# What cannot be


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"epochs": "all"}, "epochs is 'all', but it must be 'auto' or whole numbers"),
        ({"epochs": 5}, "epochs is 5"),
        ({"epochs": []}, r"epochs is \[\]"),
        ({"epochs": [-1]}, r"epochs is \[-1\]"),
        ({"epochs": [1.5]}, r"epochs is \[1.5\]"),
        ({"layers": "lstm"}, "layers is 'lstm'"),
        ({"record": ["states?"]}, "record asks for 'states[?]'"),
    ],
)
def test_an_argument_at_fault_is_named_at_once(arguments, says):
    with pytest.raises(SeqvizError, match=says):
        Watch(PROBE, **arguments)


def test_nothing_to_see_yet():
    with pytest.raises(SeqvizError, match=r"seen no training yet.*callbacks=\[watch\]"):
        _ = Watch(PROBE).training


def test_inputs_that_the_model_refuses_stop_the_training_at_its_start():
    model = make()
    before = model.get_weights()
    with pytest.raises(SeqvizError, match="Id 9 is outside the table of 'table'"):
        fit(model, Watch([[9, 1, 1, 1]]))
    for weight, value in zip(model.get_weights(), before, strict=True):
        assert_array_equal(weight, value)


def test_a_training_is_written_in_a_few_lines():
    watch = seqviz.Watch(PROBE)
    fit(make(), watch)
    told = repr(watch.training)
    assert told.startswith("TrainingTrace(\n  epochs: (4,) int64, 0 … 3")
    assert len(told.splitlines()) < 10
