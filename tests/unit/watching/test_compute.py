"""Arrays of a layer over a training, as they stand in its traces."""

import keras
import numpy as np
import pytest
from keras import layers
from numpy.testing import assert_array_equal

from seqviz import SeqvizError, TrainingTrace, Watch, compute_training
from seqviz.trace import Trace
from tests.unit.samples import embedding, recurrent

IDS = np.array([[3, 1, 2, 0], [5, 6, 0, 0], [1, 1, 1, 1]])


def trained(tagging=False, **watched):
    keras.utils.set_random_seed(0)
    model = keras.Sequential(
        [
            layers.Embedding(9, 3, mask_zero=True, name="table"),
            layers.LSTM(4, go_backwards=True, return_sequences=tagging, name="lstm"),
            layers.Dense(2, activation="softmax", name="dense"),
        ]
    )
    model.compile("adam", "sparse_categorical_crossentropy", jit_compile=False)
    watch = Watch(IDS, **watched)
    labels = np.zeros((3, 4) if tagging else 3)
    model.fit(IDS, labels, epochs=12, verbose=0, callbacks=[watch])
    return watch.training


@pytest.fixture(scope="module")
def training():
    return trained()


def test_states_gates_and_rows_in_the_order_of_processing(training):
    data = compute_training(training, layer="lstm", sample=1)
    assert data.epochs.tolist() == [*range(11), 12]
    assert data.layer == "lstm"
    assert data.timesteps.tolist() == [3, 2, 1, 0]
    assert data.skipped.tolist() == [True, True, False, False]
    assert data.predictions.shape == (12, 2)
    assert list(data.gates) == ["input", "forget", "candidate", "output"]
    for e, trace in enumerate(training.traces):
        record = trace["lstm"]
        assert_array_equal(data.hidden_states[e], record.hidden_states[1])
        assert_array_equal(data.cell_states[e], record.cell_states[1])
        assert_array_equal(data.gates["forget"][e], record.gates["forget"][1])
        assert_array_equal(data.rows[e], record.inputs[1, ::-1])
        assert_array_equal(data.predictions[e], trace.output[1])
    assert np.isnan(data.losses[0])
    assert_array_equal(data.losses[1:11], training.history["loss"][:10])
    assert data.losses[11] == training.history["loss"][11]


def test_an_embedding_has_rows_alone(training):
    data = compute_training(training, layer="table")
    assert_array_equal(data.rows, [trace["table"].vectors[0] for trace in training.traces])
    assert data.skipped.tolist() == [False, False, False, True]
    assert (data.hidden_states, data.cell_states, dict(data.gates)) == (None, None, {})


def test_the_only_layer_need_not_be_named(training):
    assert compute_training(training).layer == "lstm"
    alone = trained(layers=["table"])
    assert compute_training(alone).layer == "table"
    both = training._replace(
        traces=(Trace({"a": recurrent(3), "b": recurrent(3)}),), epochs=np.array([0])
    )
    with pytest.raises(SeqvizError, match="has 2 records of the kind RecurrentTrace"):
        compute_training(both)


def test_what_was_not_recorded_is_none():
    data = compute_training(trained(layers=["lstm"], record=["gates"]))
    assert data.rows is data.hidden_states is data.cell_states is None
    assert data.gates["forget"].shape == (12, 4, 4)
    with pytest.raises(SeqvizError, match=r"Nothing of 'lstm' was recorded.*'hidden_states'"):
        compute_training(trained(record=["weights"]))


def test_several_outputs_are_no_prediction():
    traces = (Trace({"rnn": recurrent(3, cell="GRU")}),)
    outputs = {"a": np.zeros((1, 1, 2)), "b": np.zeros((1, 1, 2))}
    data = compute_training(TrainingTrace(np.array([0]), traces, {}, outputs))
    assert data.predictions is None
    assert np.isnan(data.losses).tolist() == [True]


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda t: compute_training(t.traces[0]), "TrainingTrace is needed, but Trace was given"),
        (lambda t: compute_training(t, layer="lstn"), "'lstn': the layers of this trace are"),
        (lambda t: compute_training(t, layer="dense"), "is a Dense, but a recurrent layer or an E"),
        (lambda t: compute_training(t, sample=3), r"no sample 3.*from 0 to 2"),
        (
            lambda t: compute_training(
                t._replace(traces=(Trace({"e": embedding(([1, 2], [3, 4]))}),))
            ),
            r"rows of 'e' have the shape \(1, 2, 2, 2\)",
        ),
    ],
)
def test_what_is_not_there_is_named(training, call, says):
    with pytest.raises(SeqvizError, match=says):
        call(training)
