"""The wrong thing handed to a function of the library: what it says then."""

import keras
import numpy as np
import pytest

import seqviz
from seqviz import SeqvizError, figures

IDS = np.array([[1, 2, 3], [4, 5, 6]])
X = np.ones((2, 4, 5), np.float32)


def captured():
    model = keras.Sequential(
        [keras.layers.Embedding(20, 4, name="table"), keras.layers.LSTM(3, name="lstm")]
    )
    return model, seqviz.capture(model, IDS)


def lstm(**arguments):
    return keras.layers.LSTM(3, name="lstm", **arguments)


def learned():
    layer = keras.layers.Embedding(5, 2)
    layer.build()
    return [
        seqviz.gradient_step(layer, np.array([[1]]), np.zeros((1, 1, 2)), keras.optimizers.SGD(0.1))
    ]


TAKE_A_RECORD = [
    lambda trace: seqviz.explain(trace, step=0, unit=0),
    lambda trace: seqviz.compute_unit_history(trace, unit=0),
    seqviz.compute_memory,
    seqviz.compute_unrolled,
    seqviz.compute_gates,
    figures.plot_unrolled,
    figures.plot_states,
    figures.plot_gates,
]


@pytest.mark.parametrize("take", TAKE_A_RECORD)
def test_a_whole_trace_will_do_where_it_has_one_such_record(take):
    model, trace = captured()
    take(trace)
    with pytest.raises(
        SeqvizError, match=r"RecurrentTrace is needed, but the Embed\w+ of 'table' was given"
    ):
        take(trace["table"])
    with pytest.raises(SeqvizError, match=r"the LSTM of 'lstm' was given"):
        take(model.layers[1])


@pytest.mark.parametrize(
    "take", [seqviz.compute_outputs, seqviz.compute_stack, seqviz.compute_bidirectional]
)
def test_a_record_will_not_do_where_layers_are_told_apart(take):
    with pytest.raises(SeqvizError, match=r"A whole trace is needed, but RecurrentTrace was given"):
        take(captured()[1]["lstm"])


# The others make what they draw of a trace themselves, or take any array.
OWN = {
    *("bidirectional", "embedding_lookup", "gates", "learning", "map", "outputs", "stack"),
    *("states", "terms", "training", "unrolled"),
}


@pytest.mark.parametrize("name", sorted(n for n in dir(figures) if n.startswith("plot_")))
def test_a_picture_says_what_it_is_drawn_of(name):
    if name.removeprefix("plot_") in OWN:
        return
    with pytest.raises(SeqvizError, match=r"drawn from what seqviz\.(\w+) returns.*LSTM") as caught:
        getattr(figures, name)(lstm())
    made_by = str(caught.value).split("seqviz.")[1].split()[0]
    assert callable(getattr(seqviz, made_by))


@pytest.mark.parametrize("step", [1.0, "last", None, True, np.True_, -1, 3])
def test_an_index_is_a_whole_number_that_there_is(step):
    record = captured()[1]["lstm"]
    with pytest.raises(SeqvizError, match=r"no step.*steps count from 0 to 2"):
        seqviz.explain(record, step=step, unit=0)
    assert seqviz.explain(record, step=np.int64(2), unit=np.uint8(1)).step == 2


def test_the_gradient_of_no_step():
    model, trace = captured()
    for step in (True, -1, 3, 1.5):
        with pytest.raises(SeqvizError, match=r"steps count from 0 to 2"):
            seqviz.compute_gradients(model.layers[1], trace, step=step)
    with pytest.raises(SeqvizError, match=r"one of the units"):
        seqviz.compute_gradients(model.layers[1], trace, output=True)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"initial_state": np.ones((2, 3))}, r"\[\(2, 3\)\], but must have \[\(2, 3\), \(2, 3\)\]"),
        ({"initial_state": [np.ones((2, 9))] * 2}, r"\(2, 9\).*but must have.*\(batch, units\)"),
        ({"mask": np.ones(4, bool)}, r"mask has the shape \(4,\).*must have \(2, 4\)"),
    ],
)
def test_what_does_not_fit_a_layer_is_named(arguments, says):
    with pytest.raises(SeqvizError, match=says):
        seqviz.capture(lstm(), X, **arguments)


@pytest.mark.parametrize("inputs", [np.ones(4), np.ones((2, 4))])
def test_inputs_that_are_no_sequences(inputs):
    with pytest.raises(SeqvizError, match=r"cannot be called on inputs of shape"):
        seqviz.capture(lstm(), inputs)


def test_a_layer_that_keras_runs_as_a_whole_says_why():
    trace = seqviz.capture(lstm(dtype="mixed_float16"), X)
    for take in (figures.plot_unrolled, lambda t: seqviz.explain(t["lstm"], step=0, unit=0)):
        with pytest.raises(SeqvizError, match=r"half precision.*dtype='float32'"):
            take(trace)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: seqviz.one_hot([0], 0), "0 rows, but at least 1"),
        (lambda: seqviz.compute_padding([[-1]], seqviz.PaddingConfig()), "ids from 0 on"),
        (lambda: seqviz.export_projector(captured()[0].layers[1]), "3 weights.*Embedding has one"),
        (lambda: seqviz.capture(captured()[0], np.array([[1, np.nan]])), "hold nan.*missing value"),
        (
            lambda: seqviz.build_model(seqviz.ModelConfig(head="dense", head_activation="foo")),
            "head_activation is 'foo'",
        ),
        (lambda: seqviz.add_gate_bias(captured()[0].layers[1], np.nan), "finite number"),
        (lambda: figures.plot_stack(captured()[1], order="time"), "order must be.*'time'"),
        (lambda: figures.plot_map(np.ones((4, 3))), r"data must be.*\(n, 2\).*\(4, 3\)"),
        (lambda: figures.plot_map(lstm()), r"data must be numbers.*LSTM was given"),
        (lambda: figures.plot_map(np.ones((4, 2)), words="abc"), "words has 3.*up to 3"),
        (lambda: figures.plot_map(np.ones((4, 2)), before=np.ones((3, 2))), r"before must.*\(4, 2"),
        (
            lambda: figures.plot_map(np.ones((4, 2)), path=np.ones((4, 2))),
            r"path must.*steps, 4, 2",
        ),
        (lambda: figures.plot_learning(learned(), batches=["A", "B"]), "2 names, but.*1 step"),
    ],
)
def test_the_argument_at_fault_is_named(call, says):
    with pytest.raises(SeqvizError, match=says):
        call()


def test_numbers_of_numpy_are_numbers():
    ids = np.array([1, 4])
    assert seqviz.trace_ids(ids, ids.max() + 1).rows.tolist() == [1, 4]
    layer = keras.layers.GRU(3)
    layer.build((None, 3, 4))
    some = {"dropout": 0.5, "recurrent_dropout": 0.0}
    dropped = [
        seqviz.compute_dropout(layer, X[0, :, :4], **some, seed=seed) for seed in (1, np.int64(1))
    ]
    np.testing.assert_array_equal(dropped[0].input_masks, dropped[1].input_masks)
