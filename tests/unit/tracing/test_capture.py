"""What capture returns, for every way in which models are put together; and what it leaves alone."""

import pickle
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import keras
import numpy as np
import pytest
from keras import layers, ops
from numpy.testing import assert_allclose, assert_array_equal

from seqviz import (
    EmbeddingTrace,
    LayerTrace,
    ModelConfig,
    RecurrentTrace,
    SeqvizError,
    build_model,
    capture,
    verify,
)
from seqviz.tracing.arrays import to_array
from seqviz.tracing.backend import has_value
from tests.unit.backends import compiled
from tests.unit.tracing.closed_layers import Doubled, Shuffled

IDS = np.array([[3, 1, 2, 0], [4, 4, 0, 0]])
X = np.random.default_rng(0).normal(size=(2, 5, 3)).astype("float32")


def numpy(values):
    return keras.tree.map_structure(to_array, values)


def checked(model, inputs, **call):
    """Capture, prove and return."""
    trace = capture(model, inputs, **call)
    assert verify(model, inputs, trace, **call) < 2e-6
    return trace


# What a trace holds


def test_a_whole_model():
    config = ModelConfig(cell="LSTM", units=(4, 3), mask_zero=True, head="dense")
    model = build_model(config)
    trace = checked(model, IDS)
    assert list(trace) == ["embedding", "lstm", "lstm_1", "dense"]
    assert [type(t) for t in trace.values()] == [
        EmbeddingTrace,
        RecurrentTrace,
        RecurrentTrace,
        LayerTrace,
    ]
    assert_array_equal(trace.inputs, IDS)
    assert_allclose(trace.output, numpy(model(IDS)), atol=1e-6)
    assert_array_equal(trace["lstm_1"].inputs, trace["lstm"].output)
    assert "lstm: (2, 4, 2) → (2, 4, 4)" in repr(trace)


def test_embedding():
    model = build_model(ModelConfig(mask_zero=True, vocab_size=6))
    trace = capture(model, IDS)["embedding"]
    assert_array_equal(trace.weights, model.get_layer("embedding").get_weights()[0])
    assert_array_equal(trace.vectors, trace.weights[IDS])
    assert_array_equal(trace.mask, IDS != 0)
    assert trace.ids is trace.inputs
    assert trace.vectors is trace.output


def test_ids_that_keras_takes_without_a_word():
    trace = capture(layers.Embedding(4, 2, name="e"), [[-1, 1.7]])["e"]
    assert_array_equal(trace.ids, [[-1, 1]])
    assert_array_equal(trace.vectors, [trace.weights[[3, 1]]])
    assert trace.mask is None


@pytest.mark.parametrize(
    ("cell", "gates", "sums", "weights"),
    [
        ("SimpleRNN", [], ["hidden"], [(3, 4), (4, 4), (4,)]),
        ("GRU", ["update", "reset", "candidate"], None, [(3, 12), (4, 12), (2, 12)]),
        ("LSTM", ["input", "forget", "candidate", "output"], None, [(3, 16), (4, 16), (16,)]),
    ],
)
def test_names_and_shapes_of_a_recurrent_trace(cell, gates, sums, weights):
    layer = getattr(layers, cell)(4, name="rnn")
    trace = checked(layer, X)["rnn"]
    assert (trace.cell, trace.layer, trace.name) == (cell, cell, "rnn")
    assert list(trace.gates) == gates
    assert list(trace.pre_activations) == (sums or gates)
    for values in (*trace.states, *trace.gates.values(), *trace.pre_activations.values()):
        assert values.shape == (2, 5, 4)
        assert values.dtype == np.float32
    assert list(trace.weights) == ["kernel", "recurrent_kernel", "bias"]
    assert [w.shape for w in trace.weights.values()] == weights
    assert trace.mask is None
    assert trace.hidden_states is trace.states[0]
    assert (trace.cell_states is not None) == (cell == "LSTM")


def test_history_has_the_state_before_each_step_and_the_last():
    start = [np.full((2, 4), k, np.float32) for k in (1, 2)]
    lstm = capture(layers.LSTM(4, name="rnn"), X, initial_state=start)["rnn"]
    for history, initial, states in zip(lstm.history, start, lstm.states, strict=True):
        assert history.shape == (2, 6, 4)
        assert_array_equal(history[:, 0], initial)
        assert_array_equal(history[:, 1:], states)


def test_gates_explain_the_states():
    lstm = capture(layers.LSTM(4, name="rnn"), X)["rnn"]
    gates = lstm.gates
    before = np.concatenate([lstm.initial_state[1][:, None], lstm.cell_states[:, :-1]], axis=1)
    cells = gates["forget"] * before + gates["input"] * gates["candidate"]
    assert_allclose(lstm.cell_states, cells, atol=1e-6)
    assert_allclose(lstm.hidden_states, gates["output"] * np.tanh(cells), atol=1e-6)

    gru = capture(layers.GRU(4, name="rnn"), X)["rnn"]
    update, candidate = gru.gates["update"], gru.gates["candidate"]
    before = np.concatenate([gru.initial_state[0][:, None], gru.hidden_states[:, :-1]], axis=1)
    assert_allclose(gru.hidden_states, update * before + (1 - update) * candidate, atol=1e-6)
    assert_allclose(candidate, np.tanh(gru.pre_activations["candidate"]), atol=1e-6)


def test_a_masked_step_is_computed_but_its_state_is_carried():
    mask = np.array([[1, 0, 1, 0, 0], [0, 1, 1, 1, 1]], bool)
    trace = capture(layers.GRU(4, return_sequences=True, name="rnn"), X, mask=mask)["rnn"]
    assert_array_equal(trace.mask, mask)
    assert_array_equal(trace.hidden_states[0, 1], trace.hidden_states[0, 0])
    assert_array_equal(trace.hidden_states[0, 4], trace.hidden_states[0, 2])
    assert (trace.gates["update"][0, 1] != trace.gates["update"][0, 0]).any()


def test_a_trace_owns_its_arrays_and_can_be_sent():
    layer = layers.LSTM(4, name="rnn")
    trace = capture(layer, X)
    before = layer.get_weights()[0]
    trace["rnn"].weights["kernel"][:] = 0
    trace.output[:] = 0
    assert_array_equal(layer.get_weights()[0], before)
    assert trace["rnn"].output.any()
    copy = pickle.loads(pickle.dumps(trace))
    assert_array_equal(copy["rnn"].hidden_states, trace["rnn"].hidden_states)


def test_a_missing_key_says_what_there_is():
    trace = capture(layers.LSTM(4, name="rnn"), X)
    with pytest.raises(KeyError, match="'lstm': the layers of this trace are \\['rnn'\\]"):
        _ = trace["lstm"]
    assert trace.get("lstm") is None
    assert "lstm" not in trace


# How models are put together


def encoder():
    ids = keras.Input((None,), name="ids")
    vectors = layers.Embedding(6, 3, name="embedding")(ids)
    return keras.Model(ids, layers.GRU(4, name="gru")(vectors), name="encoder")


def siamese():
    a, b = keras.Input((None,), name="a"), keras.Input((None,), name="b")
    encode = encoder()
    both = layers.Concatenate(name="both")([encode(a), encode(b)])
    return keras.Model([a, b], layers.Dense(2, name="dense")(both), name="siamese")


def test_a_shared_nested_model():
    trace = checked(siamese(), [IDS, IDS[:, ::-1]])
    assert list(trace) == [
        "encoder",
        "encoder/embedding",
        "encoder/gru",
        "encoder#2",
        "encoder/embedding#2",
        "encoder/gru#2",
        "both",
        "dense",
    ]
    assert trace["encoder#2/gru"] is trace["encoder/gru#2"]
    assert [part.shape for part in trace["both"].inputs] == [(2, 4), (2, 4)]


@pytest.mark.parametrize(
    "inputs",
    [
        [IDS, IDS],
        (IDS.tolist(), IDS.tolist()),
        {"a": IDS, "b": IDS.tolist()},
        [ops.array(IDS), ops.array(IDS)],
    ],
    ids=["arrays", "lists", "dict", "tensors"],
)
def test_several_inputs(inputs):
    assert checked(siamese(), inputs)["both"].output.shape == (2, 8)


class Twice(keras.Model):
    """Calls one layer twice, and another inside a layer of its own."""

    class Block(layers.Layer):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.rnn = layers.SimpleRNN(3, return_sequences=True, name="rnn")

        def call(self, x):
            return 2 * self.rnn(x)

    def __init__(self):
        super().__init__(name="twice")
        self.embedding = layers.Embedding(6, 3, name="embedding")
        self.block = self.Block(name="block")
        self.gru = layers.GRU(3, return_sequences=True, name="gru")

    def call(self, ids):
        return self.gru(self.block(self.gru(self.embedding(ids))))


def test_a_subclassed_model_not_built_yet():
    model = Twice()
    trace = checked(model, IDS)
    assert list(trace) == ["embedding", "gru", "block", "block/rnn", "gru#2"]
    assert_allclose(trace.output, numpy(model(IDS)), atol=1e-6)


@pytest.mark.parametrize(
    "make",
    [
        lambda: keras.Sequential([layers.Embedding(6, 3), layers.LSTM(4)]),
        lambda: layers.Embedding(6, 3),
    ],
    ids=["Sequential", "layer"],
)
def test_what_is_not_built_is_built(make):
    model = make()
    trace = checked(model, IDS)
    assert model.built
    assert_allclose(trace.output, numpy(model(IDS)), atol=1e-6)


def test_a_functional_initial_state():
    x, h, c = keras.Input((5, 3)), keras.Input((4,)), keras.Input((4,))
    model = keras.Model([x, h, c], layers.LSTM(4, name="rnn")(x, initial_state=[h, c]))
    start = np.ones((2, 4), "float32")
    trace = checked(model, [X, start, 2 * start])["rnn"]
    assert_array_equal(trace.initial_state, [start, 2 * start])


@pytest.mark.parametrize("key", [None, "gru"])
def test_an_initial_state_for_a_layer_inside_a_model(key):
    model = build_model(ModelConfig(cell="GRU"))
    start = np.ones((2, 4), "float32")
    trace = checked(model, IDS, initial_state={key: start} if key else start)
    assert_array_equal(trace["gru"].initial_state, [start])


def test_masks_travel_as_in_keras():
    padded = np.concatenate([X, np.zeros((2, 2, 3), "float32")], axis=1)
    model = keras.Sequential(
        [
            keras.Input((7, 3)),
            layers.Masking(),
            layers.Bidirectional(layers.LSTM(3, return_sequences=True, name="lstm"), name="both"),
            layers.Dropout(0.5),
            layers.GRU(2, name="gru"),
        ]
    )
    trace = checked(model, padded)
    expected = np.broadcast_to(np.arange(7) < 5, (2, 7))
    assert_array_equal(trace["both/backward_lstm"].mask, expected)
    assert_array_equal(trace["gru"].mask, expected)
    assert_allclose(trace.output, numpy(model(padded)), atol=1e-6)


# Cells and layers of one's own


@keras.saving.register_keras_serializable("seqviz_tests")
class Fading(layers.Layer):
    """h' = h / 2 + x W, and what it puts out is not its state."""

    state_size = 4
    output_size = 4

    def build(self, shape):
        self.kernel = self.add_weight(shape=(shape[-1], 4), name="kernel")

    def call(self, inputs, states):
        h = states[0] / 2 + inputs @ self.kernel
        return -h, [h]


@pytest.mark.parametrize("mask", [None, np.array([[1, 0, 1, 1, 0], [0, 1, 1, 0, 1]], bool)])
def test_a_custom_cell_shows_its_own_states_and_no_gates(mask):
    layer = layers.RNN(Fading(), return_sequences=True, go_backwards=True, name="rnn")
    trace = checked(layer, X, mask=mask)["rnn"]
    kept = np.ones((2, 5), bool) if mask is None else mask
    h = np.zeros((2, 4), "float32")
    for k, t in enumerate(trace.timesteps):
        new = h / 2 + X[:, t] @ numpy(layer.cell.kernel)
        h = np.where(kept[:, t, None], new, h)
        assert_allclose(trace.hidden_states[:, k], h, atol=1e-5)
    assert (trace.cell, trace.gates, trace.pre_activations) == ("Fading", {}, {})
    assert trace.cell_states is None


def test_stacked_cells_show_all_states_with_the_top_one_in_front():
    cells = [layers.LSTMCell(2), layers.SimpleRNNCell(4, dropout=0.5), layers.LSTMCell(3)]
    layer = layers.RNN(cells, return_sequences=True, name="rnn")
    trace = checked(layer, X)["rnn"]
    assert [s.shape[-1] for s in trace.states] == [2, 2, 4, 3, 3]
    assert_array_equal(trace.hidden_states, trace.output)
    assert trace.gates == {}
    # The lowest cell alone does what an LSTM layer with its weights does.
    lstm = layers.LSTM(2, name="lstm")
    lstm.build(X.shape)
    lstm.set_weights(cells[0].get_weights())
    assert_allclose(capture(lstm, X)["lstm"].states, trace.states[:2], atol=1e-6)


def test_rnn_around_a_standard_cell_is_opened_as_the_layer():
    trace = checked(layers.RNN(layers.LSTMCell(4), name="rnn"), X)["rnn"]
    assert (trace.cell, trace.layer) == ("LSTM", "RNN")
    assert list(trace.gates) == ["input", "forget", "candidate", "output"]


class NewCell(layers.SimpleRNNCell):
    def call(self, sequence, states, training=False):
        return super().call(3 * sequence, states, training)


def with_own_call():
    layer = layers.SimpleRNN(3)
    layer.build(X.shape)
    original = layer.call
    layer.call = lambda sequences, **kwargs: 2 * original(sequences, **kwargs)
    return layer


@pytest.mark.parametrize(
    ("make", "shape"),
    [
        (lambda: Doubled(3), (2, 5, 3)),
        (lambda: Shuffled(3), (2, 5, 3)),
        (with_own_call, (2, 5, 3)),
        (lambda: layers.ConvLSTM1D(2, 2), (2, 3, 4, 2)),
        (lambda: layers.TimeDistributed(layers.Dense(3)), (2, 3, 4, 2)),
        (lambda: layers.Dense(3), (2, 5, 3)),
    ],
)
def test_what_cannot_be_opened_is_one_layer_with_the_right_output(make, shape):
    layer = make()
    x = np.random.default_rng(1).integers(0, 6, size=shape).astype("float32")
    trace = checked(layer, x)
    assert [type(t) for t in trace.values()] == [LayerTrace]
    assert_allclose(trace[layer.name].output, numpy(layer(x)), atol=1e-6)


class InAGraph(layers.Layer):
    """Runs its LSTM in a compiled graph, where nothing can be seen."""

    def __init__(self):
        super().__init__(name="in_a_graph")
        self.rnn = layers.LSTM(3)
        self.compiled = compiled(self.rnn)

    def build(self, shape):
        self.rnn.build(shape)

    def call(self, x):
        return self.compiled(x)


def test_a_layer_inside_a_graph_is_not_seen():
    layer = InAGraph()
    trace = checked(layer, X)
    assert list(trace) == ["in_a_graph"]
    assert_allclose(trace.output, numpy(layer.rnn(X)), atol=1e-6)


def test_a_changed_standard_cell_is_not_taken_for_the_standard_one():
    trace = checked(layers.RNN(NewCell(3), name="rnn"), X)["rnn"]
    assert (trace.cell, trace.pre_activations) == ("NewCell", {})


def test_training_mode_is_left_to_keras():
    x = keras.Input((5, 3))
    model = keras.Model(x, layers.LSTM(3, dropout=0.5, name="rnn")(x, training=True))
    assert isinstance(checked(model, X)["rnn"], LayerTrace)


def test_a_lora_embedding_shows_the_table_it_uses():
    lora = layers.Embedding(6, 3, lora_rank=2, name="e")
    lora.build()
    lora.lora_embeddings_b.assign(np.ones((2, 3)))
    trace = checked(lora, IDS)["e"]
    assert_allclose(trace.vectors, trace.weights[IDS])


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # in quantize
def test_a_quantized_embedding_has_no_table_of_vectors():
    quantized = layers.Embedding(6, 3, name="e")
    quantized.build()
    quantized.quantize("int8")
    assert isinstance(checked(quantized, IDS)["e"], LayerTrace)


# What is left alone


def fingerprint(model):
    """All that capture could have changed in a model and in Keras's classes."""
    kinds = {kind for layer in model._flatten_layers() for kind in type(layer).__mro__}
    kinds |= {layers.Layer, layers.RNN}
    return (
        [numpy(v.value).tolist() for v in model.variables],
        [{k: id(v) for k, v in vars(layer).items()} for layer in model._flatten_layers()],
        {kind: {k: id(v) for k, v in vars(kind).items()} for kind in kinds},
    )


def unchanged(before, after):
    variables, instances, classes = zip(before, after, strict=True)
    assert variables[0] == variables[1]
    assert instances[0] == instances[1]
    for kind, attributes in classes[0].items():
        assert attributes == classes[1][kind], kind


def stateful_model():
    x = keras.Input(batch_shape=(2, 5, 3))
    shared = layers.LSTM(3, stateful=True, return_sequences=True, dropout=0.5, name="shared")
    y = layers.RNN(Fading(), stateful=True, return_sequences=True)(shared(shared(x)))
    y = layers.Bidirectional(
        layers.SimpleRNN(3, stateful=True, dropout=0.5, recurrent_dropout=0.5)
    )(y)
    model = keras.Model(x, layers.Dropout(0.5)(y))
    model(X)  # the states are no longer zero
    return model


def test_neither_weights_nor_states_nor_random_generators_nor_classes_change():
    model = stateful_model()
    before = fingerprint(model)
    trace = checked(model, X)
    unchanged(before, fingerprint(model))
    shared = model.get_layer("shared")
    assert_array_equal(trace["shared"].initial_state, numpy([s.value for s in shared.states]))
    # Within the pass the second call goes on from where the first one ended, as in Keras.
    assert_array_equal(trace["shared#2"].initial_state[1], trace["shared"].cell_states[:, -1])
    assert_allclose(trace.output, numpy(model(X)), atol=1e-6)


class Fails(layers.Layer):
    def call(self, x):
        if has_value(x):
            raise RuntimeError("out of cheese")
        return x


def test_an_error_in_the_model_passes_and_leaves_nothing_behind():
    model = keras.Sequential([keras.Input((5, 3)), layers.LSTM(3, name="rnn"), Fails()])
    before = fingerprint(model)
    with pytest.raises(RuntimeError, match="out of cheese"):
        capture(model, X)
    unchanged(before, fingerprint(model))


def test_threads_capture_one_model_while_others_run_it_and_clear_the_session():
    model = stateful_model()
    before = fingerprint(model)
    expected = capture(model, X).output
    plain = build_model(ModelConfig(cell="LSTM"))
    called = numpy(plain(IDS))
    stop = threading.Event()

    def clear():
        while not stop.is_set():
            keras.backend.clear_session(free_memory=False)

    def work(n):
        if n % 3:
            return capture(model, X).output, expected
        return numpy(plain(IDS)), called

    clearing = threading.Thread(target=clear)
    clearing.start()
    try:
        with ThreadPoolExecutor(8) as pool:
            results = list(pool.map(work, range(24)))
    finally:
        stop.set()
        clearing.join()
    for got, wanted in results:
        assert_array_equal(got, wanted)
    unchanged(before, fingerprint(model))


def test_a_layer_with_the_name_of_a_second_call_keeps_a_record_of_its_own():
    class Odd(keras.Model):
        def __init__(self):
            super().__init__()
            self.x, self.other = layers.Dense(3, name="x"), layers.Dense(3, name="x#2")

        def call(self, inputs):
            return self.x(self.other(self.x(self.other(inputs))))

    trace = checked(Odd(), X)
    assert list(trace) == ["x#2", "x", "x#2#2", "x#3"]
    assert_array_equal(trace["x#3"].output, trace.output)


@pytest.mark.parametrize("key", ["encoder/lstm#2", "encoder#2/lstm"])
def test_an_initial_state_by_either_spelling_of_a_key(key):
    x = keras.Input((5, 3))
    inner = keras.Sequential(
        [keras.Input((5, 3)), layers.LSTM(3, return_sequences=True, name="lstm")], name="encoder"
    )
    model = keras.Model(x, inner(inner(x)))
    start = [np.ones((2, 3)), np.full((2, 3), 2)]
    trace = checked(model, X, initial_state={key: start})
    assert_array_equal(trace["encoder/lstm#2"].initial_state, start)
    assert not np.any(trace["encoder/lstm"].initial_state)


@pytest.mark.parametrize("cell", ["SimpleRNN", "GRU", "LSTM"])
def test_integers_are_multiplied_in_the_type_of_the_weights(cell):
    trace = checked(getattr(layers, cell)(2, name="rnn"), np.arange(12).reshape(2, 3, 2))["rnn"]
    arrays = [trace.hidden_states, trace.output, *trace.gates.values()]
    arrays += trace.pre_activations.values()
    assert {array.dtype for array in arrays} == {np.dtype("float32")}


def test_an_unbuilt_sequential_takes_a_list_of_rows():
    model = keras.Sequential([layers.Embedding(9, 2), layers.LSTM(3)])
    trace = checked(model, [np.array([1, 2]), np.array([3, 4])])
    assert_array_equal(trace.inputs, [[1, 2], [3, 4]])


class Nested(layers.Layer):
    """A cell of three states in a nesting, under another one."""

    state_size = (3, (2, 2))
    output_size = 3

    def call(self, inputs, states):
        a, (b, c) = states
        a = a + ops.mean(inputs, -1, keepdims=True)
        return a, [a, (b + 1, c + 2)]

    def get_initial_state(self, batch_size=None):
        return [
            ops.zeros((batch_size, 3)),
            (ops.zeros((batch_size, 2)), ops.zeros((batch_size, 2))),
        ]


def test_nested_states_of_a_lower_cell():
    layer = layers.RNN([Nested(), layers.GRUCell(4)], return_sequences=True, name="rnn")
    trace = checked(layer, X)["rnn"]
    assert (len(trace.states), trace.hidden_index) == (4, 3)
    assert_array_equal(trace.hidden_states, trace.output)


# What is refused


@pytest.mark.parametrize("times", [1, 2])
def test_a_model_whose_call_is_a_graph(times):
    class InOneGraph(keras.Model):
        def __init__(self):
            super().__init__()
            self.dense = layers.Dense(2)

        @partial(compiled, method=True)
        def call(self, x):
            return self.dense(x)

    model = InOneGraph()
    for _ in range(times):
        with pytest.raises(SeqvizError, match=r"inside (tf.function|jax.jit).*or call"):
            capture(model, X)


@pytest.mark.parametrize(
    ("inputs", "says"),
    [
        ([[1, 2, 50]], "Id 50 .* input_dim is 50, so ids go from 0 to 49.*largest id \\+ 1"),
        ([[1, 2, -51]], "Id -51 is outside"),
        ([[1, 2], [1]], "rows of different lengths.*pad_sequences"),
        ([], "empty"),
        ([[]], "shape is \\(1, 0\\)"),
        ([[None]], "NoneType"),
        ([1, 2, 3], "write a single sequence as \\[\\[1, 2, 3\\]\\]"),
        (np.zeros((2, 3, 4)), "cannot be called on inputs of shape \\(2, 3, 4\\)"),
        (keras.KerasTensor((2, 3)), "symbolic"),
        ("the cat", "reads ids, not text.*tokenize\\('the cat'\\).*Vocabulary.from_tokens"),
        ({"other": [[1]]}, 'Missing data for input "ids"'),
    ],
)
def test_inputs_that_do_not_fit(inputs, says):
    with pytest.raises(SeqvizError, match=says) as caught:
        capture(build_model(ModelConfig()), inputs)
    assert "\x1b" not in str(caught.value)


def test_the_cause_is_kept():
    layer = built(layers.LSTM(4), (None, 5, 7))
    with pytest.raises(Exception, match=r"size-incompatible|the same shape") as keras_own:
        layer(X)
    with pytest.raises(SeqvizError) as caught:
        capture(layer, X)
    assert type(caught.value.__cause__) is keras_own.type


@pytest.mark.parametrize("model", [None, layers.LSTM, lambda x: x, "lstm"])
def test_only_keras_models(model):
    with pytest.raises(SeqvizError, match="needs a Keras 3 model or layer"):
        capture(model, X)


@pytest.mark.parametrize(
    ("make", "arguments", "says"),
    [
        (lambda: layers.Dense(2), {"mask": np.ones((2, 5))}, "mask was given"),
        (lambda: layers.Dense(2), {"initial_state": np.ones((2, 2))}, "initial_state was given"),
        (lambda: layers.GRU(4), {"initial_state": np.ones((2, 7))}, "cannot be called"),
        (lambda: layers.LSTM(4), {"initial_state": np.ones((2, 4))}, "cannot be called"),
        (lambda: layers.LSTM(4, use_cudnn=True), {}, "cuDNN is not supported"),
        (lambda: built(layers.LSTM(4), (None, 5, 7)), {}, "size-incompatible|the same shape"),
        (lambda: chain(1), {"initial_state": {"lsm": X}}, "'lsm'.*\\['rnn'\\]"),
        (lambda: chain(1), {"initial_state": np.ones((2, 7))}, "needs \\[\\(2, 4\\)\\]"),
        (lambda: chain(2), {"initial_state": np.ones((2, 4))}, "Give a dict"),
    ],
)
def test_arguments_that_do_not_fit(make, arguments, says):
    with pytest.raises(SeqvizError, match=says):
        capture(make(), X, **arguments)


def built(layer, shape):
    layer.build(shape)
    return layer


def chain(count):
    rnns = [layers.GRU(4, return_sequences=True, name="rnn" + "_" * n) for n in range(count)]
    return keras.Sequential([keras.Input((5, 3)), *rnns])


def test_layers_that_do_not_stack():
    model = keras.Sequential([layers.Embedding(6, 2), layers.LSTM(3), layers.LSTM(3)])
    with pytest.raises(SeqvizError, match=r"ndim=3, found ndim=2.*return_sequences=True"):
        capture(model, IDS)


def test_the_wrong_number_of_inputs():
    with pytest.raises(SeqvizError, match="1 inputs were given, but 'siamese' takes 2"):
        capture(siamese(), [IDS])


def test_a_stateful_layer_with_another_batch():
    with pytest.raises(SeqvizError, match="Expected batch size: 2"):
        capture(stateful_model(), X[:1])
