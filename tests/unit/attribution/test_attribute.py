"""Shares of a prediction: worked out by hand, adding up, and by predicting again."""

import keras
import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from keras import layers, ops
from numpy.testing import assert_allclose, assert_array_equal

import seqviz
from seqviz import SeqvizError, attribute
from seqviz.attribution import explained
from seqviz.tracing.arrays import to_array

# The same examples in every run, however slow the machine.
STEADY = settings(deadline=None, database=None, derandomize=True, max_examples=25)
IDS = np.array([[3, 1, 2, 0], [4, 4, 5, 1], [5, 2, 0, 0]])
X = np.random.default_rng(0).normal(size=(3, 4, 2)).astype("float32")
METHODS = ["integrated_gradients", "gradient_x_input", "leave_one_out"]
BASELINES = ["zero", "padding", "mean"]
TABLE = np.array([[1.0, 2.0], [3.0, -1.0], [0.5, 4.0], [-2.0, 0.0]], "float32")


@pytest.fixture(autouse=True)
def same_weights():
    keras.utils.set_random_seed(7)


def table(size=6, features=3, **arguments):
    """Vectors far from zero, so that a change of the prediction is no rounding."""
    wide = keras.initializers.RandomUniform(-1, 1)
    return layers.Embedding(size, features, embeddings_initializer=wide, name="table", **arguments)


def summed(table_values=TABLE):
    """A model that adds up all numbers of its vectors: 2 of the first feature, 1 of the second."""
    dense = layers.Dense(1, use_bias=False)
    embedding = layers.Embedding(*table_values.shape)
    model = keras.Sequential(
        [keras.Input((None,), dtype="int32"), embedding, layers.GlobalAveragePooling1D(), dense]
    )
    embedding.set_weights([table_values])
    dense.set_weights([np.array([[2.0], [1.0]])])
    return model


# By hand


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    ("baseline", "row"), [("zero", [0, 0]), ("padding", TABLE[0]), ("mean", TABLE.mean(axis=0))]
)
def test_of_a_linear_model_each_share_is_the_difference_times_the_weight(method, baseline, row):
    # The prediction is the mean over 2 timesteps of 2 a + b.
    found = attribute(summed(), [[1, 2], [3, 3]], method=method, baseline=baseline)
    difference = TABLE[[[1, 2], [3, 3]]] - np.array(row)
    assert_allclose(found.values, difference @ [2, 1] / 2, atol=1e-6)
    if method != "leave_one_out":
        assert_allclose(found.per_feature, difference * [2, 1] / 2, atol=1e-6)
    assert_allclose(found.prediction, [(5 + 5) / 2, -4], atol=1e-6)
    assert_allclose(found.baseline_prediction, [np.dot(row, [2, 1])] * 2, atol=1e-6)
    assert_allclose(found.residual, 0, atol=1e-6)
    assert found.target.tolist() == [[0], [0]]


def squared():
    x = keras.Input((2, 1))
    return keras.Model(x, ops.sum(x[:, :1] * x[:, 1:], axis=(1, 2)))


def test_the_share_of_two_that_only_count_together():
    # x · y has the gradient (y, x): on the straight way from 0 each has half of the change, by the
    # gradient at the end and by leaving out each has all of it.
    three_times_four = np.array([[[3.0], [4.0]]], "float32")
    shares = {m: attribute(squared(), three_times_four, method=m).values for m in METHODS}
    assert_allclose(shares["integrated_gradients"], [[6, 6]], rtol=1e-6)
    assert_allclose(shares["gradient_x_input"], [[12, 12]], rtol=1e-6)
    assert_allclose(shares["leave_one_out"], [[12, 12]], rtol=1e-6)
    assert_allclose(attribute(squared(), three_times_four, steps=1).residual, 0, atol=1e-5)
    residual = attribute(squared(), three_times_four, method="leave_one_out").residual
    assert_allclose(residual, [12], rtol=1e-6)


# Every structure


def stack():
    return keras.Sequential(
        [
            table(mask_zero=True),
            layers.Bidirectional(layers.LSTM(4, return_sequences=True)),
            layers.Dropout(0.5),
            layers.GRU(3, dropout=0.3, recurrent_dropout=0.3),
            layers.Dense(1, activation="sigmoid"),
        ]
    )


def tagger():
    return keras.Sequential(
        [
            table(mask_zero=True),
            layers.SimpleRNN(4, return_sequences=True),
            layers.TimeDistributed(layers.Dense(3, activation="softmax")),
        ]
    )


def encoder():
    ids = keras.Input((None,), dtype="int32", name="ids")
    return keras.Model(ids, layers.GRU(4)(table(mask_zero=True)(ids)), name="encoder")


def siamese():
    a, b = keras.Input((None,), name="a"), keras.Input((None,), name="b")
    encode = encoder()
    return keras.Model([a, b], layers.Dense(1)(layers.Concatenate()([encode(a), encode(b)])))


def of_documents():
    return keras.Sequential(
        [keras.Input((2, 2)), layers.TimeDistributed(encoder()), layers.LSTM(3), layers.Dense(1)]
    )


def with_numbers():
    ids, more = keras.Input((None,), dtype="int32"), keras.Input((2,))
    both = layers.Concatenate()([layers.LSTM(3)(table()(ids)), more])
    return keras.Model([ids, more], layers.Dense(2, activation="softmax")(both))


class Own(keras.Model):
    """Knows the place of each word, and has two outputs."""

    def __init__(self):
        super().__init__()
        self.words, self.places = table(mask_zero=True), layers.Embedding(9, 3)
        self.rnn = layers.LSTM(4, return_state=True)

    def call(self, ids):
        last, h, c = self.rnn(self.words(ids) + self.places(ops.arange(ids.shape[1])))
        return {"last": last, "states": [h, c], "sum": ops.sum(c, axis=1)}


def reader():
    words = layers.TextVectorization(vocabulary=["a", "b", "c"], output_sequence_length=4)
    return keras.Sequential([keras.Input((), dtype="string"), words, table(), layers.GRU(2)])


class Attending(keras.Model):
    """With a mask of timesteps that is the same for all samples, of whom there are as many."""

    def __init__(self):
        super().__init__()
        self.words, self.dense = table(mask_zero=True), layers.Dense(1)
        self.attend = layers.MultiHeadAttention(2, 3)

    def call(self, ids):
        vectors = self.words(ids)
        before = ops.tril(ops.ones((ids.shape[1], ids.shape[1]), "bool"))
        return self.dense(self.attend(vectors, vectors, attention_mask=before)[:, -1])


def stateful():
    return keras.Sequential(
        [keras.Input(batch_shape=(3, 4)), table(), layers.LSTM(3, stateful=True), layers.Dense(1)]
    )


def masking():
    return keras.Sequential(
        [keras.Input((4, 2)), layers.Masking(), layers.LSTM(3), layers.Dense(1)]
    )


def with_start():
    x, h = keras.Input((4, 2), name="x"), keras.Input((3,), name="h")
    return keras.Model([x, h], layers.GRU(3)(x, initial_state=h))


PADDED = np.where(np.arange(4)[None, :, None] < [[[4]], [[3]], [[2]]], X, 0)
STRUCTURES = {
    "stack": (stack, IDS, None),
    "tagger": (tagger, IDS, (2, 1)),
    "shared": (siamese, [IDS, IDS[:, ::-1]], None),
    "documents": (of_documents, IDS.reshape(3, 2, 2), None),
    "ids and numbers": (with_numbers, [IDS, X[:, 0]], 1),
    "subclassed": (Own, IDS, ("last", 3)),
    "an output without an axis": (Own, IDS, "sum"),
    "attention": (Attending, IDS[:, :3], None),
    "text": (reader, ["a b", "c", "d a b c"], None),
    "stateful": (stateful, IDS, None),
    "numbers": (lambda: layers.LSTM(3), X, 2),
    "masked numbers": (masking, PADDED, None),
    "numbers and a state": (with_start, {"x": X, "h": X[:, 0, [0, 1, 1]]}, 0),
}
each = pytest.mark.parametrize(("make", "inputs", "target"), STRUCTURES.values(), ids=STRUCTURES)


def as_arrays(inputs):
    if isinstance(inputs, dict):
        return inputs
    texts = isinstance(inputs[0], str)
    return np.array(inputs) if texts or isinstance(inputs, np.ndarray) else list(inputs)


def total(shares):
    parts = shares.values() if isinstance(shares, dict) else [shares]
    return sum(part.reshape(len(part), -1).sum(axis=1) for part in parts)


@each
def test_shares_add_up_in_every_structure(make, inputs, target):
    model = make()
    found = attribute(model, inputs, target=target)
    change = found.prediction - found.baseline_prediction
    assert np.abs(change).max() > 1e-3
    assert_allclose(total(found.values), change, rtol=0.01, atol=1e-5)
    assert_allclose(total(found.per_feature), total(found.values), atol=1e-12)
    assert_allclose(found.residual, total(found.values) - change, atol=1e-12)


@pytest.mark.parametrize("method", METHODS)
@each
def test_a_sample_has_the_same_shares_whatever_else_is_in_the_batch(make, inputs, target, method):
    if make is stateful:
        return
    model = make()
    whole = attribute(model, inputs, target=target, method=method, steps=2)
    one = keras.tree.map_structure(lambda leaf: leaf[1:2], as_arrays(inputs))
    alone = attribute(model, one, target=target, method=method, steps=2)
    keras.tree.map_structure(
        lambda one, of_all: assert_allclose(one[0], of_all[1], atol=1e-6),
        alone.values,
        whole.values,
    )
    assert_allclose(alone.prediction[0], whole.prediction[1], atol=1e-6)


@each
def test_the_model_is_left_as_it_was(make, inputs, target):
    model = make()
    seqviz.capture(model, inputs)  # builds it
    variables = [*model.variables, *getattr(model, "non_trainable_variables", ())]
    if make is stateful:
        variables += list(model.layers[1].states)
    before = [to_array(variable) for variable in variables]
    attribute(model, inputs, target=target, method="integrated_gradients", steps=3)
    attribute(model, inputs, target=target, method="leave_one_out")
    for variable, value in zip(variables, before, strict=True):
        assert_array_equal(to_array(variable), value)


@pytest.mark.parametrize("method", ["integrated_gradients", "leave_one_out"])
@pytest.mark.parametrize("name", ["stack", "documents", "masked numbers"])
def test_done_in_parts_it_is_the_same(name, method, monkeypatch):
    make, inputs, target = STRUCTURES[name]
    model = make()
    whole = attribute(model, inputs, target=target, method=method, steps=5)
    monkeypatch.setattr(explained, "_MOST_BYTES", 0)
    parts = attribute(model, inputs, target=target, method=method, steps=5)
    keras.tree.map_structure(
        lambda one, other: assert_allclose(one, other, atol=1e-6), whole.values, parts.values
    )


def test_names_and_shapes_of_several_sequences():
    shared = attribute(siamese(), [IDS, IDS[:, :3]])
    trace = seqviz.capture(siamese(), [IDS, IDS[:, :3]])
    assert list(shared.values) == ["encoder/table", "encoder/table#2"]
    assert set(shared.values) < set(trace)
    assert [v.shape for v in shared.values.values()] == [(3, 4), (3, 3)]
    assert shared.per_feature["encoder/table#2"].shape == (3, 3, 3)
    documents = attribute(of_documents(), IDS.reshape(3, 2, 2))
    assert documents.values.shape == (3, 2, 2)
    assert documents.per_feature.shape == (3, 2, 2, 3)
    numbers = attribute(with_start(), [X, X[:, 0, [0, 1, 1]]], target=0)
    assert {name: v.shape for name, v in numbers.values.items()} == {"x": (3, 4), "h": (3, 3)}
    assert numbers.per_feature["h"].shape == (3, 3, 1)


def test_places_in_a_sentence_belong_to_the_model():
    # With 1 sample, 3 variants and 3 timesteps the places could be taken for a batch.
    found = attribute(Own(), [[1, 2, 3]], target=("last", 0), steps=3)
    assert found.values.shape == (1, 3)


# Padding


@pytest.mark.parametrize("baseline", BASELINES)
@pytest.mark.parametrize("method", METHODS)
def test_padding_has_no_share_at_all(method, baseline):
    found = attribute(stack(), IDS, method=method, baseline=baseline)
    assert (found.values[IDS == 0] == 0).all()
    assert (found.values[IDS != 0] != 0).all()


@pytest.mark.parametrize("baseline", ["zero", "mean"])
@pytest.mark.parametrize("method", METHODS)
def test_nor_have_numbers_that_a_masking_layer_skips(method, baseline):
    found = attribute(masking(), PADDED, method=method, baseline=baseline)
    skipped = ~PADDED.any(axis=-1)
    assert (found.values[skipped] == 0).all()
    assert (found.values[~skipped] != 0).all()


def test_numbers_on_their_way_from_zero_are_not_masked():
    # A Masking layer that saw the baseline of zeros would have all of it skipped.
    model = masking()
    lstm = model.layers[-2]
    kernel, recurrent, bias = lstm.get_weights()
    lstm.set_weights([kernel, recurrent, bias + 1])
    found = attribute(model, X)
    expected = to_array(model.layers[-1](lstm(np.zeros_like(X))))[:, 0]
    assert_allclose(found.baseline_prediction, expected, atol=1e-6)
    assert_allclose(found.residual, 0, atol=1e-5)
    out = attribute(model, X, method="leave_one_out")
    without = X.copy()
    without[:, 1] = 0
    lost = found.prediction - to_array(model.layers[-1](lstm(without)))[:, 0]
    assert_allclose(out.values[:, 1], lost, atol=1e-6)


def test_the_mean_of_numbers_is_that_of_timesteps_that_count():
    model = masking()
    short = attribute(model, X[:, :2], baseline="mean")
    longer = np.concatenate([X[:, :2], np.zeros((3, 2, 2))], axis=1)
    assert_allclose(
        attribute(model, longer, baseline="mean").values[:, :2], short.values, atol=1e-6
    )


def test_padding_that_reaches_the_output_is_no_part_of_the_change():
    # Flatten drops the mask, so padding moves the prediction: of the baseline too.
    model = keras.Sequential(
        [keras.Input((4,)), table(mask_zero=True), layers.Flatten(), layers.Dense(1)]
    )
    found = attribute(model, IDS)
    vectors = np.where((IDS == 0)[..., None], seqviz.capture(model, IDS)["table"].vectors, 0)
    expected = ops.convert_to_numpy(model.layers[-1](vectors.reshape(3, -1)))[:, 0]
    assert_allclose(found.baseline_prediction, expected, atol=1e-6)
    assert (found.values[IDS == 0] == 0).all()
    assert_allclose(found.residual, 0, atol=1e-5)


def test_without_a_mask_id_0_is_a_word_like_any_other():
    model = keras.Sequential([table(), layers.LSTM(3), layers.Dense(1)])
    assert (attribute(model, IDS).values != 0).all()
    assert (attribute(model, IDS, baseline="padding").values[IDS == 0] == 0).all()


# Leaving out is predicting again


class Nested(keras.Model):
    def __init__(self):
        super().__init__()
        self.encode, self.dense = encoder(), layers.Dense(1)

    def call(self, ids):
        return self.dense(self.encode(ids))


def side_by_side():
    both = [keras.Input((None,)), keras.Input((None,))]
    tables = [layers.Embedding(6, 3, mask_zero=True, name=name) for name in "ab"]
    states = [layers.GRU(3)(rows(ids)) for rows, ids in zip(tables, both, strict=True)]
    return keras.Model(both, layers.Dense(1)(layers.Concatenate()(states)))


@pytest.mark.parametrize("make", [stack, Nested, Own, siamese, side_by_side, of_documents])
def test_a_word_left_out_as_padding_is_an_id_of_0(make):
    model = make()
    several = make in (siamese, side_by_side)
    shape = (3, 2, 2) if make is of_documents else (3, 4)
    ids = IDS.reshape(shape)
    # The same twice: which of two sequences lost a word cannot be told from its ids.
    inputs = [ids, ids.copy()] if several else ids
    target = ("last", 1) if make is Own else None
    found = attribute(model, inputs, target=target, method="leave_one_out", baseline="padding")

    def predicted(inputs):
        output = model(inputs)
        return to_array(output["last"][:, 1] if make is Own else output[:, 0])

    every = [found.values[name] for name in sorted(found.values)] if several else [found.values]
    for which, values in enumerate(every):
        for place in np.ndindex(shape[1:]):
            without = ids.copy()
            without[:, *place] = 0
            changed = [*inputs[:which], without, *inputs[which + 1 :]] if several else without
            lost = predicted(inputs) - predicted(changed)
            assert_allclose(values[:, *place], lost, atol=1e-6)


def test_a_word_left_out_of_a_text():
    words = layers.TextVectorization(vocabulary=["a", "b", "c"], output_sequence_length=3)
    model = keras.Sequential(
        [keras.Input((), dtype="string"), words, table(mask_zero=True), layers.GRU(1)]
    )
    found = attribute(model, ["a b c"], method="leave_one_out", baseline="padding")
    ids = words(["a b c"])
    vectors, gru = model.layers[1], model.layers[2]
    for t in range(3):
        without = np.where(np.arange(3) == t, 0, ids)
        lost = gru(vectors(ids)) - gru(vectors(without))
        assert_allclose(found.values[:, t], to_array(lost)[:, 0], atol=1e-6)


@pytest.mark.parametrize("baseline", ["zero", "mean"])
def test_a_word_left_out_otherwise_is_another_row_that_is_read(baseline):
    model = keras.Sequential([table(size=7, mask_zero=True), layers.GRU(3), layers.Dense(1)])
    model(IDS)
    found = attribute(model, IDS, method="leave_one_out", baseline=baseline)
    rows = model.layers[0].get_weights()[0]
    before = model.predict(IDS, verbose=0)[:, 0]
    # Id 6 is in no sentence: its row becomes the baseline.
    row = rows.mean(axis=0) if baseline == "mean" else np.zeros(3)
    model.layers[0].set_weights([np.vstack([rows[:6], row])])
    for t in range(IDS.shape[1]):
        without = IDS.copy()
        without[:, t] = np.where(IDS[:, t] == 0, 0, 6)
        lost = before - model.predict(without, verbose=0)[:, 0]
        assert_allclose(found.values[:, t], lost, atol=1e-6)


# Targets


def test_none_is_the_class_that_is_predicted():
    model = with_numbers()
    inputs = [IDS, X[:, 0]]
    found = attribute(model, inputs)
    output = ops.convert_to_numpy(model(inputs))
    assert_array_equal(found.target[:, 0], output.argmax(axis=1))
    assert_allclose(found.prediction, output.max(axis=1), atol=1e-6)
    named = attribute(model, inputs, target=np.int64(0))
    assert_allclose(named.prediction, output[:, 0], atol=1e-6)
    # Of two classes, what one wins the other loses.
    other = attribute(model, inputs, target=(1,))
    assert_allclose(named.values, -other.values, atol=1e-6)


def test_a_tag_depends_on_words_before_it_only():
    found = attribute(tagger(), IDS[1:2], target=(1, 2))
    assert (found.values[0, :2] != 0).all()
    assert_array_equal(found.values[0, 2:], 0)


@pytest.mark.parametrize(
    ("make", "target", "says"),
    [
        (stack, 1, r"target is 1, but the output of one sample has the shape \(1,\).*from 0 to 0"),
        (stack, True, "target is True"),
        (stack, "dense", "target is 'dense'"),
        (stack, -1, "target is -1"),
        (tagger, None, r"shape \(4, 3\), and no target.*\(timestep, class\)"),
        (tagger, 2, r"target is 2.*\(timestep, class\), from \(0, 0\) to \(3, 2\)"),
        (tagger, (4, 0), r"target is \(4, 0\)"),
        (Own, None, r"returns 3 outputs, \['last', 'states', 'sum'\].*target=\('last', 0\)"),
        (Own, ("sum", 0), "a single number, so leave target out"),
    ],
)
def test_a_target_that_is_not_there(make, target, says):
    with pytest.raises(SeqvizError, match=says):
        attribute(make(), IDS, target=target)


# What cannot be done


@pytest.mark.parametrize(
    ("call", "says"),
    [
        ({"method": "saliency"}, "method is 'saliency', but it must be one of 'integrated_gr"),
        ({"baseline": None}, "baseline is None, but it must be one of 'zero', 'padding', 'mean'"),
        ({"steps": 0}, "steps is 0, but"),
    ],
)
def test_an_argument_at_fault_is_named(call, says):
    with pytest.raises(SeqvizError, match=says):
        attribute(stack(), IDS, **call)


def test_numbers_have_no_row_0():
    with pytest.raises(SeqvizError, match=r"no Embedding and so no rows.*baseline='zero'"):
        attribute(masking(), PADDED, baseline="padding")


def test_ids_without_an_embedding():
    ids = keras.Input((4,), dtype="int32")
    model = keras.Model(ids, layers.Dense(1)(ops.mean(ops.one_hot(ids, 6), axis=1)))
    with pytest.raises(SeqvizError, match="no Embedding that looks its inputs up"):
        attribute(model, IDS)


def test_an_output_that_depends_on_nothing():
    ids = keras.Input((4,), dtype="int32")
    vectors = table()(ids)
    model = keras.Model(ids, ops.cast(ops.argmax(vectors, axis=-1), "float32"))
    with pytest.raises(SeqvizError, match="no gradient with respect to the vectors"):
        attribute(model, IDS, target=0)
    assert attribute(model, IDS, target=0, method="leave_one_out").values.shape == (3, 4)
    whole = keras.Model(ids, ops.argmax(vectors, axis=-1))
    with pytest.raises(SeqvizError, match="type int"):
        attribute(whole, IDS, target=0)


def test_another_backend_is_told_so(monkeypatch):
    monkeypatch.setattr("seqviz.tracing.backend.BACKEND", "jax")
    with pytest.raises(SeqvizError, match=r"runs on jax.*KERAS_BACKEND=tensorflow"):
        attribute(stack(), IDS)


def test_what_capture_refuses_is_refused_in_the_same_words():
    with pytest.raises(SeqvizError, match="Id 9 is outside the table of 'table'"):
        attribute(stack(), [[9]])


# Sundararajan et al.: completeness


@STEADY
@given(
    cell=st.sampled_from(["SimpleRNN", "GRU", "LSTM"]),
    both=st.booleans(),
    deep=st.booleans(),
    mask_zero=st.booleans(),
    activation=st.sampled_from(["sigmoid", "softmax", "linear"]),
    wide=st.sampled_from([0.05, 1.0, 2.0]),
    seed=st.integers(0, 1000),
    baseline=st.sampled_from(BASELINES),
)
def test_shares_add_up_to_the_change(cell, both, deep, mask_zero, activation, wide, seed, baseline):
    keras.utils.set_random_seed(seed)
    random = np.random.default_rng(seed)

    def recurrent(**arguments):
        layer = getattr(layers, cell)(int(random.integers(1, 9)), **arguments)
        return layers.Bidirectional(layer) if both else layer

    rows = keras.initializers.RandomUniform(-wide, wide)
    model = keras.Sequential(
        [
            layers.Embedding(9, 4, mask_zero=mask_zero, embeddings_initializer=rows),
            *([recurrent(return_sequences=True)] if deep else []),
            recurrent(),
            layers.Dense(3 if activation == "softmax" else 1, activation=activation),
        ]
    )
    ids = random.integers(0, 9, (2, int(random.integers(1, 9))))
    ids[:, 0] += ids[:, 0] == 0
    found = attribute(model, ids, baseline=baseline)
    change = np.abs(found.prediction - found.baseline_prediction)
    # 1 % of the change, and what float32 can tell apart.
    assert (np.abs(found.residual) <= 0.01 * change + 2e-6).all()
