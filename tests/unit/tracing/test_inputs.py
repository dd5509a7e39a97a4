"""Inputs as people have them: capture takes what Keras takes, and records the same for each form."""

import keras
import numpy as np
import pandas as pd
import pytest
from keras import layers, ops
from numpy.testing import assert_allclose, assert_array_equal

from seqviz import ModelConfig, SeqvizError, Vocabulary, build_model, capture, tokenize, verify
from seqviz.tracing.arrays import to_array
from tests.unit.backends import BACKEND, ON_TENSORFLOW, only_elsewhere, only_on_tensorflow

if ON_TENSORFLOW:
    import tensorflow as tf

TEXTS = ["I am Groot", "we are Groot now"]
IDS = np.array([[1, 2, 3], [3, 2, 1]])
Y = np.array([0, 1])


def vectorizer():
    layer = layers.TextVectorization(output_sequence_length=4)
    layer.adapt(TEXTS)
    return layer


def reader(shape):
    return keras.Sequential(
        [
            keras.Input(shape, dtype="string"),
            vectorizer(),
            layers.Embedding(9, 3, mask_zero=True, name="embedding"),
            layers.LSTM(4, name="lstm"),
        ]
    )


class Reader(keras.Model):
    """The same with a call of its own."""

    def __init__(self):
        super().__init__()
        self.ids, self.embedding = vectorizer(), layers.Embedding(9, 3, name="embedding")
        self.lstm = layers.LSTM(4, name="lstm")

    def call(self, texts):
        return self.lstm(self.embedding(self.ids(texts)))


def text_and_ids(nested):
    text, ids = keras.Input((), dtype="string", name="text"), keras.Input((3,), name="ids")
    table = layers.Embedding(9, 3, name="embedding")
    both = [layers.LSTM(4, name="lstm")(table(vectorizer()(text))), layers.GRU(2)(table(ids))]
    inputs = {"text": text, "ids": ids} if nested is dict else [text, ids]
    return keras.Model(inputs, layers.Concatenate()(both))


FORMS = {
    "objects": np.array(TEXTS, object),
    "a column of objects": np.array(TEXTS, object)[:, None],
    "series": pd.Series(TEXTS),
    "series of objects": pd.Series(TEXTS, dtype=object),
    "series of categories": pd.Series(TEXTS, dtype="category"),
    "series of pandas strings": pd.Series(TEXTS, dtype="string"),
    "column": pd.DataFrame({"text": TEXTS, "y": Y})["text"],
    "frame": pd.DataFrame({"text": TEXTS}),
    "list": TEXTS,
    "list of lists": [[text] for text in TEXTS],
    "tuple": tuple(TEXTS),
    "bytes": [text.encode() for text in TEXTS],
    "array of str": np.array(TEXTS),
    "array of any length": np.array(TEXTS, np.dtypes.StringDType()),
}
if ON_TENSORFLOW:
    FORMS["tensor"] = tf.constant(TEXTS)
holds_text = only_on_tensorflow("its tensors hold no text, see test_text_needs_tensorflow")


def assert_same_trace(trace, other):
    assert list(trace) == list(other)
    assert_array_equal(trace["embedding"].ids, other["embedding"].ids)
    assert_array_equal(trace["lstm"].hidden_states, other["lstm"].hidden_states)
    assert_array_equal(trace.output, other.output)


@holds_text
@pytest.mark.parametrize("texts", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize(
    "make", [lambda: reader(()), lambda: reader((1,)), Reader], ids=["scalar", "column", "own call"]
)
def test_text(make, texts):
    model = make()
    trace = capture(model, texts)
    assert verify(model, texts, trace) < 2e-6
    assert_same_trace(trace, capture(model, tf.constant(TEXTS)))
    assert_allclose(trace.output, to_array(model(tf.constant(TEXTS))), atol=1e-6)


@holds_text
@pytest.mark.parametrize("texts", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize("nested", [dict, list])
def test_text_beside_ids(nested, texts):
    model = text_and_ids(nested)
    tensors = {"text": tf.constant(TEXTS), "ids": tf.constant(IDS)}
    forms = [{"text": texts, "ids": IDS}]
    if nested is list:
        forms += [[texts, IDS], (texts, IDS.tolist())]
    for inputs in forms:
        trace = capture(model, inputs)
        assert_same_trace(trace, capture(model, tensors))
        assert_allclose(trace.output, model.predict(tensors, verbose=0), atol=1e-6)


@holds_text
def test_a_text_for_a_layer_that_takes_one():
    layer = vectorizer()
    assert_array_equal(capture(layer, TEXTS[0]).output, layer(TEXTS[0]))


@holds_text
@pytest.mark.parametrize(
    ("inputs", "says"),
    [
        (pd.Series([TEXTS[0], None]), "Value 1 of the inputs is nan.*fillna"),
        ([TEXTS[0], 7], "Value 1 of the inputs is 7"),
        (TEXTS[0], r"a batch is a list of texts. Write \['I am Groot'\]"),
        (set(TEXTS), "The inputs are set"),
    ],
)
def test_text_that_is_no_batch(inputs, says):
    with pytest.raises(SeqvizError, match=says):
        capture(reader(()), inputs)


@only_elsewhere
@pytest.mark.parametrize("texts", FORMS.values(), ids=FORMS)
def test_text_needs_tensorflow(texts):
    text = keras.Input((), dtype="string")
    model = keras.Model(text, layers.Identity()(text))
    with pytest.raises(SeqvizError, match=f"runs on {BACKEND}.*text.*KERAS_BACKEND=tensorflow"):
        capture(model, texts)


@pytest.mark.parametrize("text", ["I am Groot", ["I am Groot"], {"ids": ["I am Groot"]}])
def test_text_for_a_model_of_ids_names_the_vocabulary(text):
    model = build_model(ModelConfig(vocab_size=7))
    with pytest.raises(SeqvizError, match="reads ids, not text") as caught:
        capture(model, text)
    # The line that the message gives is right.
    assert str(caught.value).endswith(
        "tokens = seqviz.tokenize('I am Groot').tokens; "
        "vocabulary = seqviz.Vocabulary.from_tokens(tokens, 7); "
        "ids = [vocabulary.encode(tokens)]"
    )
    tokens = tokenize("I am Groot").tokens
    ids = [Vocabulary.from_tokens(tokens, 7).encode(tokens)]
    assert_array_equal(capture(model, ids)["embedding"].ids, [[2, 3, 4]])


def test_text_for_a_layer_of_numbers():
    with pytest.raises(SeqvizError, match="reads numbers, not text"):
        capture(layers.LSTM(3), [[["a"]]])


# Structures


def test_a_column_of_lists_is_an_array():
    model = build_model(ModelConfig())
    column = pd.Series([[3, 1], [2, 0]])
    assert_array_equal(capture(model, column)["embedding"].ids, [[3, 1], [2, 0]])
    with pytest.raises(SeqvizError, match="rows of different lengths"):
        capture(model, pd.Series([[3, 1], [2]]))


def nested_model():
    one, two = keras.Input((3,), name="one"), keras.Input((3,), name="two")
    extra = keras.Input((2,), name="extra", optional=True)
    table = layers.Embedding(9, 2, name="embedding")
    states = [layers.GRU(2, name="gru")(table(one)), layers.SimpleRNN(2, name="rnn")(table(two))]
    inputs = {"words": {"one": one, "two": two}, "more": [extra]}
    return keras.Model(inputs, AddIfThere()([*states, extra]))


class AddIfThere(layers.Layer):
    def call(self, inputs):
        return sum(part for part in inputs if part is not None)


@pytest.mark.parametrize("extra", [None, np.ones((2, 2), "float32")])
def test_dicts_in_a_dict_and_an_optional_input_left_out(extra):
    model = nested_model()
    inputs = {"words": {"one": IDS, "two": IDS[:, ::-1].tolist()}, "more": [extra]}
    trace = capture(model, inputs)
    assert verify(model, inputs, trace) < 2e-6
    inputs["words"]["two"] = IDS[:, ::-1]
    assert_allclose(trace.output, to_array(model(inputs)), atol=1e-6)
    assert_array_equal(trace.inputs["words"]["two"], IDS[:, ::-1])
    assert (trace.inputs["more"][0] is None) == (extra is None)


def test_an_optional_input_left_out_of_a_list():
    ids, extra = keras.Input((3,)), keras.Input((2,), optional=True)
    state = layers.GRU(2)(layers.Embedding(9, 2)(ids))
    model = keras.Model([ids, extra], AddIfThere()([state, extra]))
    trace = capture(model, [IDS.tolist(), None])
    assert_allclose(trace.output, model.predict([IDS, None], verbose=0), atol=1e-6)


# Batches


def pair_model():
    a, b = keras.Input((None,), name="a"), keras.Input((None,), name="b")
    table = layers.Embedding(9, 2, name="embedding")
    return keras.Model([a, b], layers.Add()([layers.GRU(2)(table(a)), layers.GRU(2)(table(b))]))


class OwnCall(keras.Model):
    def __init__(self):
        super().__init__()
        self.embedding, self.gru = layers.Embedding(9, 2), layers.GRU(2)

    def call(self, ids):
        return self.gru(self.embedding(ids))


class OwnPair(OwnCall):
    def call(self, inputs):
        first, second = inputs
        return super().call(first) - super().call(second)


def called(model, *inputs):
    model(*inputs)
    return model


SINGLE = {
    "functional": lambda: build_model(ModelConfig()),
    "sequential": lambda: keras.Sequential([layers.Embedding(9, 2), layers.GRU(2)]),
    "own call": lambda: called(OwnCall(), IDS),
    "layer": lambda: layers.Embedding(9, 2),
}
BATCHES = {
    "x, y": (IDS, Y),
    "x, y, w": (IDS, Y, np.ones(2)),
    "x alone": (IDS,),
    "x, a y for each timestep": (IDS, IDS),
    "tensors": (ops.convert_to_tensor(IDS), ops.convert_to_tensor(Y)),
    "lists": (IDS.tolist(), Y.tolist()),
    "no y": (IDS, None),
}


@pytest.mark.parametrize("batch", BATCHES.values(), ids=BATCHES)
@pytest.mark.parametrize("make", SINGLE.values(), ids=SINGLE)
def test_of_a_batch_the_x_is_taken(make, batch):
    model = make()
    trace = capture(model, batch)
    assert_array_equal(trace.inputs, IDS)
    assert_allclose(trace.output, to_array(model(IDS)), atol=1e-6)
    assert verify(model, batch, trace) < 2e-6


@pytest.mark.parametrize("make", SINGLE.values(), ids=SINGLE)
def test_a_tuple_of_rows_stays_one_array(make):
    for rows in (tuple(IDS), tuple(IDS.tolist())):
        assert_array_equal(capture(make(), rows).inputs, IDS)


@holds_text
def test_a_batch_of_texts():
    for model in (reader(()), reader((1,)), keras.Sequential(reader(()).layers)):
        trace = capture(model, (tf.constant(TEXTS), Y))
        assert_allclose(trace.output, to_array(model(tf.constant(TEXTS))), atol=1e-6)


@pytest.mark.parametrize("make", [pair_model, lambda: called(OwnPair(), (IDS, IDS))])
def test_a_model_of_two_inputs_takes_a_tuple_and_a_batch_with_one_in_it(make):
    model = make()
    a, b = IDS, IDS[:, ::-1]
    expected = to_array(model((ops.array(a), ops.array(b))))
    for inputs in ((a, b), [a, b], ((a, b), Y), ([a, b], Y, np.ones(2))):
        assert_allclose(capture(model, inputs).output, expected, atol=1e-6)


def test_a_batch_with_a_dict_in_it():
    model = pair_model()
    named = {"a": IDS, "b": IDS[:, ::-1]}
    assert_allclose(capture(model, (named, Y)).output, model.predict(named, verbose=0), atol=1e-6)


def test_a_batch_for_a_model_that_was_never_called_is_refused_with_a_hint():
    with pytest.raises(SeqvizError, match=r"If they are a batch \(x, y\) of a dataset, give its x"):
        capture(OwnCall(), (IDS, Y))


class OwnState(OwnCall):
    def call(self, ids, state):
        return self.gru(self.embedding(ids), initial_state=state)


def test_a_batch_with_further_arguments_for_a_model_that_was_never_called():
    with pytest.raises(SeqvizError, match=r"If they are a batch \(x, y\) of a dataset, give its x"):
        capture(OwnState(), (IDS, Y), np.ones((2, 2)))
    with pytest.raises(SeqvizError, match="Compare with what its call takes"):
        capture(OwnState(), np.ones((2, 3, 4), "float32"), (np.ones((2, 2)),))


class Data(keras.utils.PyDataset):
    def __len__(self):
        return 1

    def __getitem__(self, index):
        return IDS, Y


class Loader:
    """What can only be gone through, as torch's DataLoader."""

    def __iter__(self):
        yield IDS, Y


DATASETS = {
    "PyDataset": (Data, "batch = dataset[0]"),
    "generator": (lambda: (batch for batch in [(IDS, Y)]), "batch = next(batches)"),
    "DataLoader": (Loader, "batch = next(iter(dataset))"),
}
if ON_TENSORFLOW:
    DATASETS["Dataset"] = (
        lambda: tf.data.Dataset.from_tensors((IDS, Y)),
        "batch = next(iter(dataset))",
    )


@pytest.mark.parametrize(("make", "line"), DATASETS.values(), ids=DATASETS)
def test_a_whole_dataset_is_refused_with_the_line_that_takes_a_batch(make, line):
    model, dataset = build_model(ModelConfig()), make()
    with pytest.raises(SeqvizError, match="looks at one batch") as caught:
        capture(model, dataset)
    assert str(caught.value).endswith(line)
    names = {"dataset": dataset, "batches": dataset}
    exec(line, names)
    assert_array_equal(capture(model, names["batch"]).inputs, IDS)


@only_on_tensorflow("there is no tf.data")
def test_a_sample_of_a_dataset_without_batches():
    dataset = tf.data.Dataset.from_tensor_slices((IDS, Y))
    model = build_model(ModelConfig())
    with pytest.raises(SeqvizError, match=r"one sample .* shape \(3,\).*dataset.batch\(1\)"):
        capture(model, next(iter(dataset)))
    assert_array_equal(capture(model, next(iter(dataset.batch(1)))).inputs, IDS[:1])


class OwnDict(OwnCall):
    def call(self, inputs):
        return super().call(inputs["ids"])


@pytest.mark.parametrize("make", [OwnDict, lambda: called(OwnDict(), {"ids": IDS})])
def test_a_dict_of_lists_for_a_call_of_its_own(make):
    model = make()
    batch = capture(model, ({"ids": IDS}, Y))
    trace = capture(model, {"ids": IDS.tolist()})
    assert_allclose(trace.output, to_array(model({"ids": IDS})), atol=1e-6)
    assert_array_equal(batch.output, trace.output)
