"""Which rows of an embedding a gradient step moves: worked out by hand, and as Keras does it."""

import gc
import subprocess
import sys
import threading

import keras
import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

import seqviz
from seqviz import SeqvizError
from seqviz.lessons.learning.code import steps_code
from seqviz.lessons.learning.compute import compute_learning
from seqviz.lessons.learning.words import learning_captions, learning_table
from seqviz.lessons.meaning.code import training_code
from seqviz.models.reader import build_reader
from seqviz.tasks.word_meaning import (
    FIRST_ID,
    NEVER,
    SENTENCES,
    TASKS,
    VOCAB_SIZE,
    WORDS,
    id_of,
    make_task,
)
from seqviz.training.record import collect
from seqviz.training.train import OPTIMIZERS, ByEpoch, gradient_step, make_optimizer

STEADY = settings(deadline=None, database=None, derandomize=True, max_examples=12)
TABLE = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0], [7.0, 8.0]], np.float32)


def layer_of(table=TABLE, **arguments):
    layer = keras.layers.Embedding(*table.shape, name="table", **arguments)
    layer.build()
    layer.set_weights([table])
    return layer


def steps_of(optimizer, batches, trainable=True, rate=0.1):
    model = build_reader(8, 2, trainable=trainable)
    optimizer = make_optimizer(optimizer, rate)
    return [
        gradient_step(
            model, np.array([ids]), np.array([[target]]), optimizer, loss="binary_crossentropy"
        )
        for ids, target in batches
    ]


def test_one_sgd_step_by_hand():
    # Loss: mean over (1, 3, 2) of (w - 0)². So each lookup of a row w has the gradient w / 3, and
    # row 3, looked up twice, 2 w / 3. A step of 0.3 takes 10 % of row 1 and 20 % of row 3.
    step = seqviz.gradient_step(
        layer_of(), np.array([[1, 3, 3]]), np.zeros((1, 3, 2)), keras.optimizers.SGD(0.3)
    )
    assert step.loss == pytest.approx((9 + 16 + 2 * (49 + 64)) / 6)
    assert step.indices.tolist() == [1, 3, 3]
    np.testing.assert_allclose(step.values, TABLE[[1, 3, 3]] / 3, rtol=1e-6)
    np.testing.assert_allclose(
        step.gradient, [[0, 0], [1, 4 / 3], [0, 0], [14 / 3, 16 / 3]], rtol=1e-6
    )
    np.testing.assert_allclose(step.after, [[1, 2], [2.7, 3.6], [5, 6], [5.6, 6.4]], rtol=1e-6)
    assert step.moved.tolist() == step.looked_up.tolist() == [False, True, False, True]
    np.testing.assert_array_equal(step.before, TABLE)
    assert step.sparse
    assert step.trainable


FIRST, SECOND = ([1, 2], 1.0), ([5, 5, 6], 0.0)


@pytest.mark.parametrize(
    ("optimizer", "moved"),
    [
        ("SGD", [5, 6]),
        ("RMSprop", [5, 6]),
        ("Adagrad", [5, 6]),
        ("SGD, momentum=0.9", [1, 2, 5, 6]),
        ("Adam", [1, 2, 5, 6]),
        ("AdamW", [0, 1, 2, 3, 4, 5, 6, 7]),
    ],
)
def test_who_moves_in_the_second_step(optimizer, moved):
    _, second = steps_of(optimizer, [FIRST, SECOND])
    assert np.flatnonzero(second.moved).tolist() == moved
    assert np.flatnonzero(second.looked_up).tolist() == [5, 6]
    # Absent rows have gradient 0, whether they move or not.
    assert not second.gradient[[0, 1, 2, 3, 4, 7]].any()
    np.testing.assert_array_equal(second.gradient[5], 2 * second.values[0])


def test_momentum_of_an_absent_row_by_hand():
    # Keras: velocity = 0.9 velocity - rate · gradient, which is then added to the row.
    first, second = steps_of("SGD, momentum=0.9", [FIRST, SECOND])
    np.testing.assert_allclose(second.change[1], 0.9 * first.change[1], rtol=1e-4)


def test_adam_on_an_absent_row_by_hand():
    # Kingma and Ba (2015), algorithm 1, with g₂ = 0: m₂ = 0.9 · 0.1 g, v₂ = 0.999 · 0.001 g²,
    # both corrected for their start from zero.
    first, second = steps_of("Adam", [FIRST, SECOND])
    m, v = 0.09 / (1 - 0.9**2), 0.000999 / (1 - 0.999**2)
    sign = -np.sign(first.gradient[1])
    np.testing.assert_allclose(first.change[1], 0.1 * sign, rtol=1e-3)
    np.testing.assert_allclose(second.change[1], 0.1 * m / np.sqrt(v) * sign, rtol=1e-3)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_frozen_table_never_moves(optimizer):
    steps = steps_of(optimizer, [FIRST, SECOND, FIRST], trainable=False)
    for step in steps:
        assert not step.moved.any()
        assert not step.trainable
        np.testing.assert_array_equal(step.after, steps[0].before)
    assert steps[0].looked_up.tolist() == [False, True, True] + 5 * [False]
    # The rest of the model learns.
    assert steps[2].loss != steps[0].loss


@STEADY
@given(st.lists(st.integers(0, 7), min_size=1, max_size=9))
def test_with_sgd_exactly_the_looked_up_rows_move(ids):
    (step,) = steps_of("SGD", [(ids, 1.0)])
    np.testing.assert_array_equal(np.flatnonzero(step.moved), np.unique(ids))
    assert step.indices.tolist() == ids
    np.testing.assert_allclose(step.change, -0.1 * step.gradient, atol=1e-7)


def test_any_model_of_keras():
    inputs = keras.Input((None,), dtype="int32", name="in")
    inner = keras.Sequential([layer_of(), keras.layers.LSTM(3, name="lstm")], name="inner")
    outer = keras.Model(inputs, keras.layers.Dense(1, name="out")(inner(inputs)), name="outer")
    step = gradient_step(outer, np.array([[0, 2]]), np.ones((1, 1)), keras.optimizers.SGD(0.1))
    assert np.flatnonzero(step.moved).tolist() == [0, 2]


def test_a_regularizer_reaches_every_row_and_makes_the_gradient_dense():
    layer = layer_of(embeddings_regularizer=keras.regularizers.L2(0.5))
    step = gradient_step(layer, np.array([[1]]), TABLE[[[1]]], keras.optimizers.SGD(0.1))
    # The lookup itself is right already: only the regularizer, w² / 2 in sum, pulls.
    assert not step.sparse
    assert step.indices.tolist() == [0, 1, 2, 3]
    np.testing.assert_allclose(step.gradient, TABLE, rtol=1e-6)
    np.testing.assert_allclose(step.after, 0.9 * TABLE, rtol=1e-6)


def test_a_negative_id_is_the_row_keras_reads():
    step = gradient_step(
        layer_of(), np.array([[-1]]), np.zeros((1, 1, 2)), keras.optimizers.SGD(0.1)
    )
    assert step.indices.tolist() == [3]


def tagger():
    """Scores for each word, and whether there is padding: a mask, and two outputs."""
    keras.utils.set_random_seed(3)
    ids = keras.Input((None,), dtype="int32")
    vectors = keras.layers.Embedding(5, 4, mask_zero=True, name="table")(ids)
    states = keras.layers.LSTM(3, return_sequences=True, name="lstm")(vectors)
    last = keras.layers.LSTM(2, name="last")(states)
    word, sentence = keras.layers.Dense(1, name="word"), keras.layers.Dense(2, name="sentence")
    return keras.Model(ids, {"word": word(states), "sentence": sentence(last)}, name="tagger")


def test_masks_and_several_outputs_count_as_in_keras_own_training():
    ids = np.array([[1, 2, 0, 0], [3, 0, 0, 0]])
    targets = {
        "word": np.array([[[0], [1], [9], [9]], [[1], [9], [9], [9]]], "float32"),  # 9: padding
        "sentence": np.array([[0, 2], [1, 0]], "float32"),
    }
    keras_own, ours = tagger(), tagger()
    keras_own.compile(keras.optimizers.SGD(0.5), {"word": "mse", "sentence": "mse"})
    loss = keras_own.train_on_batch(ids, targets, return_dict=True)["loss"]
    step = gradient_step(ours, ids.tolist(), targets, keras.optimizers.SGD(0.5), loss="mse")
    assert step.loss == pytest.approx(float(loss), rel=1e-6)
    for mine, theirs in zip(ours.get_weights(), keras_own.get_weights(), strict=True):
        np.testing.assert_allclose(mine, theirs, atol=1e-7)
    assert step.loss < 5  # of which the padding has no part


def test_targets_of_several_outputs_in_a_list_or_by_name():
    targets = [np.ones((1, 2, 1)), np.zeros((1, 2))]
    by_name = dict(zip(("word", "sentence"), targets, strict=True))
    steps = [
        gradient_step(tagger(), [[1, 2]], given, keras.optimizers.SGD(0.1))
        for given in (targets, by_name)
    ]
    assert steps[0].loss == steps[1].loss


def test_a_loss_without_a_reduction_is_one_for_each_sample():
    ids, targets = [[1, 2], [3, 4]], [[0], [1]]
    some = [
        gradient_step(build_reader(8, 2), ids, targets, keras.optimizers.SGD(0.1), loss=loss)
        for loss in ("mse", keras.losses.MeanSquaredError(reduction=None))
    ]
    assert some[0].loss == pytest.approx(some[1].loss)


@pytest.mark.parametrize("shape", [(1, 4), (1, 4, 1)])
def test_targets_get_the_rank_of_outputs_as_in_keras(shape):
    model = keras.Sequential([layer_of(), keras.layers.Dense(1, kernel_initializer="ones")])
    ids, targets = np.array([[0, 1, 2, 3]]), np.arange(4.0).reshape(shape)
    losses = [
        gradient_step(model, ids, targets, keras.optimizers.SGD(0.0), loss=loss).loss
        for loss in ("mse", keras.losses.MeanSquaredError())
    ]
    assert losses[0] == losses[1] == np.mean((TABLE.sum(axis=1) - np.arange(4)) ** 2)


@pytest.mark.parametrize("loss", ["binary_crossentropy", keras.losses.BinaryCrossentropy()])
def test_one_target_a_sample_will_do(loss):
    ids = np.array([[1, 2], [3, 4]])
    flat, column = (
        gradient_step(build_reader(8, 2), ids, y, keras.optimizers.SGD(0.1), loss=loss)
        for y in ([0, 1], [[0], [1]])
    )
    assert flat.loss == column.loss
    np.testing.assert_array_equal(flat.after, column.after)


@pytest.mark.parametrize(
    ("model", "ids", "targets", "optimizer", "says"),
    [
        (layer_of, [[1, 9]], np.zeros((1, 2, 2)), "", r"Id 9 is outside.*set input_dim to 10"),
        (layer_of, [[1], [2, 3]], np.zeros((1, 2, 2)), "", "rows of different lengths"),
        (layer_of, [[1, 2]], np.zeros((1, 2, 7)), "", r"\(1, 2, 7\), \(1, 2, 2\).*of the shape"),
        (layer_of, [[1, 2]], np.zeros((1, 2, 2)), "sgd", "'sgd', but a Keras optimizer is needed"),
        (
            tagger,
            [[1, 2]],
            [np.zeros((1, 2, 1))],
            "",
            r"2 outputs \(\['word', 'sentence'\]\).*are 1",
        ),
        (tagger, [[1, 2]], {"word": [[0]]}, "", r"2 outputs.*named \['word'\]"),
        (tagger, [[1, 2]], np.zeros((2, 2, 1)), "", r"2 outputs.*are 1"),
        (layer_of, [[1, 2]], [[0], [1, 2]], "", "targets cannot become a tensor"),
        (layer_of, [[1, 2]], None, "", "targets cannot become a tensor"),
        (layer_of, [[1, 2]], np.zeros((1, 2, 2)), keras.optimizers.SGD, "a Keras optimizer is"),
    ],
)
def test_what_a_step_cannot_take_is_said(model, ids, targets, optimizer, says):
    with pytest.raises(SeqvizError, match=says):
        gradient_step(model(), ids, targets, optimizer or keras.optimizers.SGD(0.1))


def two_tables():
    inputs = keras.Input((None,), dtype="int32")
    tables = [keras.layers.Embedding(4, 2, name=name)(inputs) for name in "ab"]
    return keras.Model(inputs, keras.layers.Add(name="add")(tables), name="two")


@pytest.mark.parametrize(
    ("model", "more", "says"),
    [
        (lambda: keras.layers.Dense(1, name="d"), {}, "no Embedding"),
        (two_tables, {}, r"\['a', 'b'\].*layer="),
        (two_tables, {"layer": "c"}, "'c' was asked for"),
        (layer_of, {"loss": "no such loss"}, "no loss of that name"),
        (layer_of, {"loss": lambda y, p: 0 * y}, "does not depend"),
    ],
)
def test_what_cannot_be_watched_is_said(model, more, says):
    with pytest.raises(SeqvizError, match=says):
        gradient_step(
            model(), np.array([[1, 2]]), np.zeros((1, 2, 2)), keras.optimizers.SGD(0.1), **more
        )


def test_one_of_two_tables_by_name():
    step = gradient_step(
        two_tables(), np.array([[1]]), np.ones((1, 1, 2)), keras.optimizers.SGD(0.1), layer="b"
    )
    assert np.flatnonzero(step.moved).tolist() == [1]


@pytest.mark.parametrize(("name", "rate"), [("sgd", 0.1), ("", 0.1), ("Adam", 0), ("Adam", -1.0)])
def test_optimizers_that_do_not_exist(name, rate):
    with pytest.raises(SeqvizError):
        make_optimizer(name, rate)


def test_the_picture_of_some_steps():
    data = compute_learning(steps_of("Adam", [FIRST, SECOND]))
    assert data.rows.tolist() == list(range(8))
    assert np.flatnonzero(data.carried[1]).tolist() == [1, 2]
    assert not data.carried[0].any()
    words = {1: "I", 2: "am", 5: "Groot"}
    captions = learning_captions(data, ["batch A", "batch B"], words)
    assert len(captions) == 3
    assert (
        "rows 1 “I” and 2 “am” moved, since this batch reads them; all others: exactly 0."
        in captions[1]
    )
    assert (
        "does not read rows 1 “I” and 2 “am”: the optimizer moved these by itself. The others: exactly 0."
        in captions[2]
    )
    table = learning_table(data, ["A", "B"], words)
    assert len(table["id"]) == 16
    absent = table["id"].index(1, 8)
    assert (table["moved"][absent], table["in the batch"][absent]) == (True, False)
    assert (table["gradient[0]"][absent], table["token"][absent]) == (0, "I")
    with pytest.raises(SeqvizError):
        compute_learning([])


def test_rows_that_no_batch_holds_are_folded():
    model = build_reader(100, 2)
    step = gradient_step(model, np.array([[50]]), np.ones((1, 1)), make_optimizer("SGD", 0.1))
    rows = compute_learning([step]).rows.tolist()
    assert {0, 50, 99} <= set(rows)
    assert len(rows) <= 12


def train_on(name, epochs=25, every=5, seed=0, **more):
    task = make_task(name)
    model = build_reader(len(WORDS) + FIRST_ID, 8, classes=task.classes, seed=seed, spread=1.0)
    return seqviz.train(
        model,
        task.ids,
        task.targets,
        make_optimizer("Adam", 0.03),
        epochs=epochs,
        every=every,
        loss=task.loss,
        **more,
    )


@pytest.mark.parametrize("name", TASKS)
def test_training_is_deterministic_learns_and_leaves_unseen_words_alone(name):
    training = train_on(name)
    np.testing.assert_array_equal(training.weights, train_on(name).weights)
    assert training.epochs.tolist() == [0, 5, 10, 15, 20, 25]
    assert training.done
    assert training.losses[-1] < 0.6 * training.losses[0]
    unseen = [0, 1, *map(id_of, NEVER)]
    for table in training.weights:
        assert table[unseen].tobytes() == training.weights[0][unseen].tobytes()
    seen = [id_of(word) for word in WORDS if word not in NEVER]
    assert (training.weights[-1] != training.weights[0])[seen].any(axis=1).all()


def test_another_seed_other_rows():
    assert (train_on("topic", 1).weights[0] != train_on("topic", 1, seed=1).weights[0]).any()


def graphs():
    """How many graphs of TensorFlow there are that Python can find."""
    gc.collect()
    return sum(type(thing).__name__ == "FuncGraph" for thing in gc.get_objects())


@pytest.mark.parametrize("clipping", [None, 1.0])
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_graph_is_gone_with_the_model_that_it_was_written_for(name, clipping):
    before = graphs()
    task = make_task(next(iter(TASKS)))
    optimizer = make_optimizer(name, 0.1, clipping)
    model = build_reader(VOCAB_SIZE, 2, classes=task.classes)
    by_epoch = ByEpoch(model, task.ids, task.targets, optimizer, loss=task.loss, compiled=True)
    assert len(list(by_epoch.train(1))) == 2
    assert graphs() > before
    del model, optimizer, by_epoch
    assert graphs() == before


def test_replicas_still_share_what_each_learns():
    # In a process of its own: TensorFlow must not have begun when it is given two devices.
    script = (
        "import keras, numpy as np, tensorflow as tf\n"
        "tf.config.set_logical_device_configuration(\n"
        "    tf.config.list_physical_devices('CPU')[0], [tf.config.LogicalDeviceConfiguration()] * 2)\n"
        "from seqviz.training.train import make_optimizer\n"
        "with tf.distribute.MirroredStrategy(['CPU:0', 'CPU:1']).scope():\n"
        "    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, use_bias=False)])\n"
        "    model.compile(make_optimizer('SGD', 0.1), 'mse')\n"
        "model.fit(np.array([[0.0], [1.0]]), np.ones((2, 1)), batch_size=2, verbose=0)\n"
        "one, two = model.layers[-1].kernel.value.values\n"
        "assert one.numpy() == two.numpy(), (one, two)\n"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr[-2000:]


def test_training_can_be_stopped_between_epochs():
    training = train_on("topic", epochs=20, on_epoch=lambda epoch, loss: epoch < 7)
    assert training.epochs.tolist() == [0, 5, 7]
    assert not training.done
    np.testing.assert_array_equal(training.weights[-1], train_on("topic", epochs=7).weights[-1])


def test_a_table_that_is_frozen_on_the_way_stays_from_then_on():
    model = build_reader(8, 2)

    def freeze(epoch, loss):
        model.layers[0].trainable = epoch < 2

    ids, targets = np.array([[1, 2], [3, 3]]), np.array([[1.0], [0.0]])
    training = seqviz.train(
        model, ids, targets, make_optimizer("SGD", 0.5), epochs=4, on_epoch=freeze
    )
    moved = (training.weights[1:] != training.weights[:-1]).any(axis=(1, 2))
    assert moved.tolist() == [True, True, False, False]
    assert len(set(training.losses.tolist())) == 5  # the Dense learns on


def test_one_epoch_is_one_gradient_step():
    model, twin = build_reader(8, 2), build_reader(8, 2)
    ids, targets = np.array([[1, 2], [3, 3]]), np.array([[1.0], [0.0]])
    step = gradient_step(model, ids, targets, make_optimizer("Adam", 0.1))
    start, end = ByEpoch(twin, ids, targets, make_optimizer("Adam", 0.1)).train(1)
    np.testing.assert_array_equal(start.table, step.before)
    np.testing.assert_array_equal(end.table, step.after)
    assert start.loss == step.loss


def compiled(name, epochs):
    task = make_task(name)
    model = build_reader(len(WORDS) + FIRST_ID, 8, classes=task.classes, spread=1.0)
    optimizer = make_optimizer("Adam", 0.03)
    by_epoch = ByEpoch(model, task.ids, task.targets, optimizer, loss=task.loss, compiled=True)
    return collect(list(by_epoch.train(epochs)), epochs)


@pytest.mark.parametrize("name", TASKS)
def test_compiled_it_learns_the_same_and_every_time_the_same_bits(name):
    once, again, plain = compiled(name, 25), compiled(name, 25), train_on(name, every=1)
    np.testing.assert_array_equal(once.weights, again.weights)
    np.testing.assert_allclose(once.weights, plain.weights, rtol=0, atol=1e-5)
    np.testing.assert_allclose(once.losses, plain.losses, rtol=0, atol=1e-5)
    unseen = [0, 1, *map(id_of, NEVER)]
    assert (once.weights[:, unseen] == plain.weights[0, unseen]).all()


@pytest.mark.parametrize("epochs", [0, -1, 2.5, True, "3", None])
def test_epochs_must_be_a_whole_number(epochs):
    with pytest.raises(SeqvizError, match="epochs is"):
        train_on("topic", epochs=epochs)
    with pytest.raises(SeqvizError):
        collect([], 3)


def test_the_sentences_are_balanced():
    # Else "cat" would say something about the sentiment, and the lesson would not hold.
    ids = make_task("sentiment").ids
    sentiment = make_task("sentiment").targets[:, 0]
    for word in WORDS:
        if word in {s[3] for s in SENTENCES}:
            continue
        inside = (ids == id_of(word)).any(axis=1)
        assert inside.sum() in (0, 8, 16, 32)
        assert not inside.any() or sentiment[inside].mean() == 0.5
    first = make_task("first word").targets[:, 0]
    topic = make_task("topic").targets[:, 0]
    assert np.corrcoef([sentiment, topic, first]).round(12).tolist() == np.eye(3).tolist()
    gaps = make_task("missing word")
    assert gaps.ids.shape == (256, 3)
    assert sorted([*gaps.ids[70], *gaps.targets[70]]) == sorted(ids[70 % 64])
    with pytest.raises(SeqvizError):
        make_task("no such task")


@pytest.mark.parametrize("trainable", [True, False])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_the_code_of_some_steps_gives_the_pictures_numbers(optimizer, trainable):
    batches = [("batch_a", [1, 2], 1.0), ("batch_b", [5, 5, 6], 0.0)]
    model = build_reader(8, 2, trainable=trainable)
    source = steps_code(model, batches, ["batch_a", "batch_b", "batch_b"], optimizer, 0.1)
    left = {}
    exec(compile(source, "script.py", "exec"), left)
    steps = steps_of(optimizer, [FIRST, SECOND, SECOND], trainable)
    np.testing.assert_array_equal(
        left["tables"], [steps[0].before, *(step.after for step in steps)]
    )


@pytest.mark.parametrize("name", TASKS)
def test_the_code_of_a_training_gives_the_pictures_numbers(name):
    task = make_task(name)
    model = build_reader(len(WORDS) + FIRST_ID, 8, classes=task.classes, spread=1.0)
    left = {}
    source = training_code(model, task, name, "Adam", 0.03, 6)
    exec(compile(source, "script.py", "exec"), left)
    training = compiled(name, epochs=6)
    np.testing.assert_array_equal(left["before"], training.weights[0])
    np.testing.assert_array_equal(left["after"], training.weights[-1])


def test_many_sessions_train_at_once_while_another_clears_keras():
    expected = [step.after for step in steps_of("Adam", [FIRST, SECOND])]
    found, done = [], threading.Event()

    def session():
        found.append([step.after for step in steps_of("Adam", [FIRST, SECOND])])

    def clear():
        # Without a collection of garbage each time, for which all other threads would wait.
        while not done.wait(0.01):
            keras.backend.clear_session(free_memory=False)

    cleaner = threading.Thread(target=clear)
    sessions = [threading.Thread(target=session) for _ in range(6)]
    cleaner.start()
    for thread in sessions:
        thread.start()
    for thread in sessions:
        thread.join()
    done.set()
    cleaner.join()
    assert len(found) == 6
    for tables in found:
        np.testing.assert_array_equal(tables, expected)
