"""What a model is called on besides its inputs: further arguments, keywords, masks, states."""

import keras
import numpy as np
import pytest
from keras import layers, ops
from numpy.testing import assert_allclose, assert_array_equal

from seqviz import LayerTrace, ModelConfig, SeqvizError, build_model, capture, verify
from seqviz.tracing.arrays import to_array
from tests.unit.backends import BACKEND

RNG = np.random.default_rng(0)
IDS = np.array([[3, 1, 2, 0], [4, 4, 0, 0]])
HIDDEN = RNG.normal(size=(2, 3)).astype("float32")
ENCODED = RNG.normal(size=(2, 5, 3)).astype("float32")
X = RNG.normal(size=(2, 5, 3)).astype("float32")


class Decoder(keras.Model):
    """Bahdanau's: attends with its state over what was encoded."""

    def __init__(self):
        super().__init__(name="decoder")
        self.embedding = layers.Embedding(9, 3, name="embedding")
        self.attention = layers.Attention(name="attention")
        self.gru = layers.GRU(3, return_state=True, name="gru")

    def call(self, ids, hidden, encoded=None, scale=1.0, reverse=False):
        x = self.embedding(ids)
        if encoded is not None:
            context = self.attention([ops.expand_dims(hidden, 1), encoded])
            x = x + context
        x = x[:, ::-1] if reverse else x
        return self.gru(scale * x, initial_state=hidden)


def checked(model, inputs, *args, **kwargs):
    """Capture, prove, and compare with the model's own call on tensors."""
    trace = capture(model, inputs, *args, **kwargs)
    for at_once in (False, True):
        assert verify(model, inputs, trace, *args, **kwargs, at_once=at_once) < 2e-6
    tensors = keras.tree.map_structure(
        lambda v: ops.array(v) if isinstance(v, np.ndarray) else v, ((inputs, *args), kwargs)
    )
    expected = model(*tensors[0], **tensors[1])
    for got, wanted in zip(
        keras.tree.flatten(trace.output), keras.tree.flatten(expected), strict=True
    ):
        assert_allclose(got, to_array(wanted), atol=1e-6)
    return trace


@pytest.mark.parametrize(
    ("args", "kwargs"),
    [
        ((HIDDEN, ENCODED), {}),
        ((HIDDEN,), {"encoded": ENCODED}),
        ((), {"hidden": HIDDEN, "encoded": ENCODED, "scale": 2.0, "reverse": True}),
        ((HIDDEN, None), {"reverse": True}),
    ],
)
def test_a_decoder(args, kwargs):
    trace = checked(Decoder(), IDS, *args, **kwargs)
    assert_array_equal(trace["gru"].initial_state, [HIDDEN])
    assert_array_equal(trace["embedding"].ids, IDS)
    if args:
        assert_array_equal(trace.inputs[1], HIDDEN)
    else:
        assert_array_equal(trace.inputs, IDS)


def test_lists_of_numbers_as_further_arguments():
    trace = capture(Decoder(), IDS.tolist(), HIDDEN.tolist())
    assert_array_equal(trace["gru"].initial_state, [HIDDEN])


class Stateful(keras.Model):
    """Takes and returns its states, as models that generate do."""

    def __init__(self):
        super().__init__(name="generator")
        self.embedding = layers.Embedding(9, 3, name="embedding")
        self.lstm = layers.LSTM(3, return_state=True, name="lstm")

    def call(self, ids, states=None, return_state=False):
        out, *states = self.lstm(self.embedding(ids), initial_state=states)
        return (out, states) if return_state else out


def test_states_by_keyword():
    model, states = Stateful(), [HIDDEN, 2 * HIDDEN]
    trace = checked(model, IDS, states=states, return_state=True)
    assert_array_equal(trace["lstm"].initial_state, states)
    assert_array_equal(trace.output[1][1], trace["lstm"].cell_states[:, -1])
    first = checked(model, IDS)
    assert not np.any(first["lstm"].initial_state)


def test_an_initial_state_that_the_model_takes_itself():
    class Taking(Stateful):
        def call(self, ids, initial_state=None):
            return super().call(ids, states=initial_state)

    trace = checked(Taking(), IDS, initial_state=[HIDDEN, HIDDEN])
    assert_array_equal(trace["lstm"].initial_state, [HIDDEN, HIDDEN])


def test_a_layer_with_several_arguments():
    layer = layers.MultiHeadAttention(2, 3)
    trace = checked(layer, X, X[:, :2], use_causal_mask=True)
    assert_array_equal(trace[layer.name].inputs[1], X[:, :2])


def test_training_by_keyword():
    model = keras.Sequential(
        [layers.GRU(3, return_sequences=True, name="gru"), layers.Dropout(0.5, name="dropout")]
    )
    trace = capture(model, X, training=True)
    assert verify(model, X, trace, training=True) < 2e-6
    dropped = trace["dropout"].output
    assert (dropped == 0).any()
    assert_allclose(dropped[dropped != 0], 2 * trace["gru"].output[dropped != 0], atol=1e-6)
    assert (capture(model, X).output != 0).all()


@pytest.mark.parametrize(
    ("make", "named", "says"),
    [
        (Decoder, {"hiden": HIDDEN}, "hiden was given.*Did you mean 'hidden'"),
        (lambda: build_model(ModelConfig()), {"inital_state": 0}, "Did you mean 'initial_state'"),
        (lambda: build_model(ModelConfig()), {"zzz": 0}, "zzz was given.*its call takes"),
        (lambda: keras.Sequential([layers.GRU(2)]), {"states": HIDDEN}, "states was given"),
        (lambda: layers.GRU(2), {"state": HIDDEN}, "state was given, but 'gru"),
    ],
)
def test_a_keyword_that_the_call_does_not_take(make, named, says):
    with pytest.raises(SeqvizError, match=says):
        capture(make(), IDS, **named)


def test_an_argument_too_many():
    with pytest.raises(SeqvizError, match="too many positional arguments"):
        capture(layers.Dense(2), X, X, X, X)


# A state that the model itself gives


def encoder_decoder():
    source, target = keras.Input((4,), name="source"), keras.Input((4,), name="target")
    table = layers.Embedding(9, 3)
    _, state = layers.GRU(3, return_state=True, name="encoder")(table(source))
    return keras.Model(
        [source, target], layers.GRU(3, name="gru")(table(target), initial_state=state)
    )


def test_a_state_for_a_layer_that_the_model_gives_its_own():
    model = encoder_decoder()
    with pytest.raises(SeqvizError, match="'gru', but the model itself gives that layer its state"):
        capture(model, [IDS, IDS], initial_state={"gru": HIDDEN})
    trace = capture(model, [IDS, IDS], initial_state={"encoder": HIDDEN})
    assert_array_equal(trace["encoder"].initial_state, [HIDDEN])
    with pytest.raises(SeqvizError, match=r"'grus'.*no layer there takes it.*\['encoder'\]"):
        capture(model, [IDS, IDS], initial_state={"grus": HIDDEN})


def test_a_single_state_where_the_model_gives_them_all():
    x, h = keras.Input((5, 3)), keras.Input((3,))
    model = keras.Model([x, h], layers.GRU(3, name="gru")(x, initial_state=h))
    with pytest.raises(SeqvizError, match=r"the model itself gives its recurrent layers.*'gru'"):
        capture(model, [X, HIDDEN], initial_state=HIDDEN)


# Masks


def masked_model():
    return keras.Sequential([keras.Input((5, 3)), layers.GRU(4, name="gru")])


MASK = np.array([[1, 1, 0, 0, 1], [0, 1, 1, 0, 0]], bool)


@pytest.mark.parametrize("make", [masked_model, lambda: layers.GRU(4, name="gru")])
def test_a_mask_with_a_last_axis_of_one_is_the_same_mask(make):
    model = make()
    trace = checked(model, X, mask=MASK[..., None])
    assert_array_equal(trace["gru"].mask, MASK)
    assert_array_equal(trace.output, capture(model, X, mask=MASK).output)


@pytest.mark.parametrize("shape", [(2, 7), (2, 4), (1, 5), (3, 5), (2,), (5,), (2, 5, 2)])
@pytest.mark.parametrize(
    "make", [masked_model, lambda: keras.Sequential([layers.Embedding(9, 3), layers.GRU(4)])]
)
def test_a_mask_of_another_shape_is_refused_by_every_model(make, shape):
    model = make()
    inputs = X if model.built else np.ones((2, 5), int)
    with pytest.raises(SeqvizError, match=r"mask has the shape .*, but must have \(2, 5\)"):
        capture(model, inputs, mask=np.ones(shape, bool))


def test_masks_of_several_inputs():
    a, b = keras.Input((5, 3)), keras.Input((5, 3))
    model = keras.Model([a, b], [layers.GRU(2, name="a")(a), layers.GRU(2, name="b")(b)])
    trace = checked(model, [X, X], mask=[None, ops.array(MASK)])
    assert trace["a"].mask is None
    assert_array_equal(trace["b"].mask, MASK)
    with pytest.raises(SeqvizError, match="1 masks were given for 2 inputs"):
        capture(model, [X, X], mask=MASK)
    with pytest.raises(SeqvizError, match=r"mask has the shape \(2, 4\)"):
        capture(model, [X, X], mask=[None, MASK[:, :4]])


# Dropping out, and the fused kernel


def stacked(cell, **arguments):
    return layers.RNN([cell(3, **arguments), cell(3)], name="rnn")


@pytest.mark.parametrize("arguments", [{"dropout": 0.5}, {"recurrent_dropout": 0.5}], ids=str)
@pytest.mark.parametrize("name", ["SimpleRNN", "GRU", "LSTM"])
def test_a_layer_that_drops_out_is_shown_from_outside(name, arguments):
    cell = getattr(layers, f"{name}Cell")
    makes = [
        lambda: getattr(layers, name)(3, name="rnn", **arguments),
        lambda: layers.RNN(cell(3, **arguments), name="rnn"),
        lambda: stacked(cell, **arguments),
        lambda: layers.TimeDistributed(getattr(layers, name)(3, name="rnn", **arguments)),
    ]
    for make in makes:
        layer = make()
        x = X if layer.name == "rnn" else X[:, None]
        dropping = capture(layer, x, training=True)
        assert {type(record) for record in dropping.values()} == {LayerTrace}
        quiet = capture(layer, x)
        assert not isinstance(list(quiet.values())[-1], LayerTrace)
        assert np.abs(dropping.output - quiet.output).max() > 1e-3
        assert verify(layer, x, dropping, training=True) == 0


@pytest.mark.parametrize("cell", [layers.GRU, layers.LSTM])
def test_use_cudnn(cell):
    for setting in (False, "auto"):
        layer = cell(4, use_cudnn=setting, name="rnn")
        assert list(checked(layer, X)["rnn"].gates)
    if BACKEND == "jax" and cell is layers.GRU:  # of which JAX has none: Keras heeds it not
        layer = cell(4, use_cudnn=True)
        assert_array_equal(capture(layer, X).output, to_array(layer(X)))
        return
    # Without a GPU Keras refuses, and so does capture, with what to write instead.
    for model in (cell(4, use_cudnn=True), keras.Sequential([cell(4, use_cudnn=True)])):
        with pytest.raises(ValueError, match="cuDNN is not supported"):
            model(X)
        with pytest.raises(SeqvizError, match=r"cuDNN is not supported.*use_cudnn='auto'"):
            capture(model, X)
