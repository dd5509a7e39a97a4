"""What a training did to one sequence, against Keras itself."""

import keras
import numpy as np
import pytest
from numpy.testing import assert_allclose

import seqviz
from seqviz.lessons.training.compute import Head, answers_of, count_confusion, terms_of

IDS = np.array([[2, 3, 4, 5]])


def watched(activation, outputs, *, units=3, epochs=2, sequences=False):
    """A small model that was trained and watched, and what `compute_watched_training` is given."""
    model = keras.Sequential(
        [
            keras.layers.Embedding(6, 2, name="embedding"),
            keras.layers.LSTM(units, return_sequences=sequences, name="lstm"),
            keras.layers.Dense(outputs, activation=activation, name="dense"),
        ]
    )
    loss = "mse" if activation == "linear" else "sparse_categorical_crossentropy"
    model.compile("sgd", "binary_crossentropy" if activation == "sigmoid" else loss)
    watch = seqviz.Watch(IDS)
    heads = []

    class Heads(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            if not heads:
                heads.append(Head(*model.get_layer("dense").get_weights()))

        def on_epoch_end(self, epoch, logs=None):
            heads.append(Head(*model.get_layer("dense").get_weights()))

    targets = np.ones((1, 4) if sequences else (1, 1))
    model.fit(IDS, targets, epochs=epochs, verbose=0, callbacks=[watch, Heads()])
    return model, watch.training, heads


@pytest.mark.parametrize(
    ("activation", "outputs", "classes"),
    [("sigmoid", 1, ("no", "yes")), ("softmax", 3, ("a", "b", "c")), ("linear", 1, ())],
)
def test_the_answer_after_each_word_is_that_to_the_words_so_far(activation, outputs, classes):
    model, training, heads = watched(activation, outputs)
    data = seqviz.compute_watched_training(training, heads, classes=classes)
    assert data.answers.shape == (3, 4, max(len(classes), 1))
    for end in range(1, 5):
        keras_says = np.asarray(model(IDS[:, :end]))[0]
        assert_allclose(data.answers[-1, end - 1, -outputs:], keras_says, atol=1e-6)
    if classes:
        assert_allclose(data.answers.sum(axis=-1), 1, atol=1e-6)
    if outputs > 1:
        with pytest.raises(seqviz.SeqvizError, match="several outputs"):
            terms_of(data, data.layer)
        return
    terms = terms_of(data, data.layer)
    for k, head in enumerate(heads):
        assert_allclose(terms.terms[k], data.layer.hidden_states[k, -1] * head.kernel[:, 0])
        assert_allclose(terms.sums[k], terms.terms[k].sum() + head.bias[0], atol=1e-6)
    made = 1 / (1 + np.exp(-terms.sums)) if classes else terms.sums
    assert_allclose(made, data.answers[:, -1, -1], atol=1e-6)


def test_without_a_word_the_answers_are_those_to_the_others():
    model, training, heads = watched("sigmoid", 1)
    short = IDS[:, [0, 1, 3]]
    others = seqviz.TrainingTrace(
        epochs=training.epochs,
        traces=(seqviz.capture(model, short),) * len(heads),
        history=training.history,
        predictions=None,
    )
    data = seqviz.compute_watched_training(
        training, heads, classes=("no", "yes"), without=(2, others)
    )
    assert data.left_out.timestep == 2
    for end in (1, 2, 3):
        keras_says = np.asarray(model(short[:, :end]))[0]
        assert_allclose(data.left_out.answers[-1, end - 1, 1], keras_says[0], atol=1e-6)
    states = seqviz.compute_training(others).hidden_states
    assert_allclose(data.left_out.layer.hidden_states, states)
    with pytest.raises(seqviz.SeqvizError, match="has 4 timesteps, but 3 are expected"):
        seqviz.compute_watched_training(training, heads, without=(2, training))


def test_of_a_tagging_model_each_answer_is_its_own():
    model, training, heads = watched("softmax", 3, sequences=True)
    data = seqviz.compute_watched_training(training, heads, classes=("a", "b", "c"))
    assert_allclose(data.answers[-1], np.asarray(model(IDS))[0], atol=1e-6)


def test_rows_move_on_one_map_for_all_moments():
    _, training, heads = watched("sigmoid", 1)
    tables = np.random.default_rng(0).normal(size=(3, 6, 4))
    words = {"I": 2, "Groot": 4}
    data = seqviz.compute_watched_training(
        training, heads, classes=("n", "y"), tables=tables, words=words
    )
    assert data.words == ("I", "Groot")
    assert data.path.shape == (3, 2, 2)
    # Distances on the map are at most those of the rows.
    far = np.linalg.norm(tables[:, 2] - tables[:, 4], axis=1)
    assert (np.linalg.norm(data.path[:, 0] - data.path[:, 1], axis=1) <= far + 1e-9).all()
    tables[1] = np.inf
    path = seqviz.compute_watched_training(
        training, heads, classes=("n", "y"), tables=tables, words=words
    ).path
    assert np.isnan(path[1]).all()
    assert np.isfinite(path[[0, 2]]).all()


def test_each_moment_needs_a_head():
    _, training, heads = watched("sigmoid", 1)
    with pytest.raises(seqviz.SeqvizError, match="2 heads were given for 3 moments"):
        seqviz.compute_watched_training(training, heads[:2], classes=("n", "y"))


def test_a_head_of_weights_that_exploded_answers_no_number():
    head = Head(np.full((2, 2), np.inf), np.zeros(2))
    assert np.isnan(answers_of(np.ones((1, 2)), head, ("a", "b"))).all()


def test_confusion_counts_every_answer_once():
    true, answered = np.array([0, 0, 1, 2, 2]), np.array([0, 1, 1, 0, 0])
    assert count_confusion(true, answered, 3).tolist() == [[1, 1, 0], [0, 1, 0], [2, 0, 0]]
