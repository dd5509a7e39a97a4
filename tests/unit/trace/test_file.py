"""A trace saved is the trace loaded, to the bit; any other file is refused in a sentence."""

import io
import json
import string
import zipfile
from collections import OrderedDict, namedtuple
from dataclasses import fields, is_dataclass

import keras
import ml_dtypes
import numpy as np
import pytest
from hypothesis import example, given, settings, strategies as st
from hypothesis.extra import numpy as arrays
from keras import layers

from seqviz import SeqvizError, Trace, capture, load_trace, verify
from seqviz.trace import LayerTrace
from tests.unit.samples import embedding, recurrent

IDS = np.array([[2, 3, 0], [4, 2, 7]])
SEQUENCE = np.random.default_rng(0).normal(size=(2, 3, 2)).astype("float32")
Pair = namedtuple("Pair", ["left", "right"])


def same(one, other):
    """Whether two values are equal to the bit, types included."""
    if type(one) is not type(other):
        return False
    if isinstance(one, np.ndarray):
        alike = (one.dtype, one.shape) == (other.dtype, other.shape)
        if one.dtype == object:
            return alike and all(map(same, one.flat, other.flat))
        return alike and one.tobytes() == other.tobytes()
    if isinstance(one, np.generic):
        return one.dtype == other.dtype and one.tobytes() == other.tobytes()
    if isinstance(one, float):
        return np.float64(one).tobytes() == np.float64(other).tobytes()
    if isinstance(one, dict):
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if is_dataclass(one):
        names = [field.name for field in fields(one)]
        return all(same(getattr(one, name), getattr(other, name)) for name in names)
    return one == other


def again(trace):
    file = io.BytesIO()
    trace.save(file)
    return load_trace(file)


def padded_lstm():
    rnn = layers.LSTM(3, return_state=True, return_sequences=True, go_backwards=True, name="lstm")
    inputs = keras.Input((3,))
    return keras.Model(inputs, rnn(layers.Embedding(9, 2, mask_zero=True)(inputs))), IDS


def both_directions():
    rnn = layers.GRU(3, reset_after=False, use_bias=False)
    return keras.Sequential(
        [layers.Bidirectional(rnn, merge_mode=None, name="bidirectional")]
    ), SEQUENCE


def stacked_cells():
    cells = [layers.LSTMCell(2), layers.GRUCell(3)]
    return keras.Sequential([layers.RNN(cells, return_sequences=True)]), SEQUENCE


def several_inputs():
    one, two = keras.Input((3,), name="one"), keras.Input((3, 2), name="two")
    vectors = layers.Embedding(9, 2)(one)
    joined = layers.Concatenate()([vectors, two])
    outputs = {"last": layers.SimpleRNN(2)(joined), "all": joined}
    return keras.Model({"one": one, "two": two}, outputs), {"one": IDS, "two": SEQUENCE}


def called_twice():
    encoder = keras.Sequential([layers.GRU(2, name="gru")], name="encoder")
    inputs = keras.Input((3, 2))
    return keras.Model(inputs, layers.Add()([encoder(inputs), encoder(-inputs)])), SEQUENCE


def half(policy):
    def build():
        return keras.Sequential([layers.LSTM(2, dtype=policy), layers.Dense(2)]), SEQUENCE

    return build


def words():
    lookup = layers.StringLookup(vocabulary=["groot", "naïve 树"])
    text = np.array([["groot", "naïve 树", "?"]])
    return keras.Sequential([lookup, layers.Embedding(4, 2)]), text


MODELS = {
    "padded_lstm": padded_lstm,
    "both_directions": both_directions,
    "stacked_cells": stacked_cells,
    "several_inputs": several_inputs,
    "called_twice": called_twice,
    "float16": half("mixed_float16"),
    "bfloat16": half("mixed_bfloat16"),
    "words": words,
}


@pytest.fixture(scope="module", params=MODELS)
def captured(request):
    model, inputs = MODELS[request.param]()
    return request.param, model, inputs, capture(model, inputs)


def test_a_captured_trace_comes_back_to_the_bit(captured):
    _, _, _, trace = captured
    assert same(again(trace), trace)


def test_the_models_hold_what_they_are_to_show(captured):
    name, _, _, trace = captured
    dtypes = {
        record.output.dtype.name for record in trace.values() if hasattr(record.output, "dtype")
    }
    assert name not in ("float16", "bfloat16") or name in dtypes
    assert name != "called_twice" or trace.aliases
    assert name != "words" or trace.inputs.dtype == object
    assert name != "padded_lstm" or not trace.recurrent().mask.all()
    assert name != "both_directions" or isinstance(trace["bidirectional"].output, list | tuple)


def test_a_loaded_trace_is_proved_as_the_captured_one(captured):
    name, model, inputs, trace = captured
    if name != "words":
        assert verify(model, inputs, again(trace)) == verify(model, inputs, trace)


NUMPYS = st.one_of(
    arrays.boolean_dtypes(),
    arrays.integer_dtypes(endianness="="),
    arrays.floating_dtypes(),
    arrays.complex_number_dtypes(),
    arrays.datetime64_dtypes(endianness="="),
    arrays.unicode_string_dtypes(endianness="="),
    arrays.byte_string_dtypes(),
)
FOREIGN = st.sampled_from(["bfloat16", "float8_e4m3fn", "float8_e5m2", "int4"])
SHAPES = arrays.array_shapes(min_dims=0, min_side=0, max_dims=3, max_side=3)
ARRAYS = st.one_of(
    NUMPYS.flatmap(lambda dtype: arrays.arrays(dtype, SHAPES)),
    st.tuples(FOREIGN, arrays.arrays(np.uint8, SHAPES)).map(
        lambda of: (of[1] & 7).astype(getattr(ml_dtypes, of[0]))
    ),
    arrays.arrays(object, SHAPES, elements=st.one_of(st.text(), st.binary(), st.none())),
    arrays.arrays(np.float32, (4, 4)).map(lambda a: a[::-2, 1:].T),
)
SCALARS = NUMPYS.flatmap(lambda dtype: arrays.arrays(dtype, ()).map(lambda a: a[()]))
LEAVES = st.one_of(
    ARRAYS, SCALARS, st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.binary()
)
KEYS = st.one_of(st.text(string.printable), st.integers(), st.booleans(), st.none())
NESTED = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.lists(inner, max_size=3).map(tuple),
        st.dictionaries(KEYS, inner, max_size=3),
    ),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(NESTED, NESTED, st.dictionaries(st.text(), NESTED, max_size=3))
@example(np.array([np.nan, -0.0]), float("nan"), {"\ud800\x00": -0.0})
def test_whatever_layers_take_comes_back(inputs, output, by_layer):
    layers_ = {key: LayerTrace(value, inputs, key, "Dense") for key, value in by_layer.items()}
    trace = Trace(
        {**layers_, "lstm": recurrent(2), "e": embedding()}, inputs, output, {"a": "lstm"}
    )
    assert same(again(trace), trace)


@given(
    timesteps=st.integers(1, 4),
    units=st.integers(1, 3),
    cell=st.sampled_from(["SimpleRNN", "GRU", "LSTM"]),
    masked=st.booleans(),
    options=st.fixed_dictionaries(
        dict.fromkeys(("go_backwards", "return_sequences", "return_state"), st.booleans())
    ),
)
@settings(deadline=None)
def test_recurrent_records_come_back(timesteps, units, cell, masked, options):
    mask = [step > 0 for step in range(timesteps)] if masked else None
    trace = Trace({"rnn": recurrent(timesteps, units, cell, mask=mask, **options)})
    loaded = again(trace)
    assert same(loaded, trace)
    with pytest.raises(KeyError, match=f"no gate of this {cell}"):
        loaded.recurrent().gates["?"]


WHOLE = Trace({"embedding": embedding(), "lstm": recurrent(3)})


@pytest.mark.parametrize("name", ["trace.npz", "trace", "a.b", "śledź"])
@pytest.mark.parametrize("kind", [str, lambda path: path])
def test_paths_are_taken_as_they_are(tmp_path, name, kind):
    WHOLE.save(kind(tmp_path / name))
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert same(load_trace(kind(tmp_path / name)), WHOLE)


def test_open_files_are_taken_and_left_open(tmp_path):
    with (tmp_path / "trace").open("w+b") as file:
        WHOLE.save(file)
        assert same(load_trace(file), WHOLE)
        assert not file.closed


def test_a_stream_that_cannot_go_back_will_do():
    class Stream(io.BytesIO):
        def seekable(self):
            return False

        def seek(self, *_):
            raise io.UnsupportedOperation

        def tell(self):
            raise io.UnsupportedOperation

    stream = Stream()
    WHOLE.save(stream)
    assert same(load_trace(Stream(stream.getvalue())), WHOLE)


def saved(trace=WHOLE):
    file = io.BytesIO()
    trace.save(file)
    return file.getvalue()


def test_equal_traces_are_equal_files():
    assert saved() == saved(load_trace(io.BytesIO(saved())))


def test_numpy_opens_it_without_pickle():
    with np.load(io.BytesIO(saved()), allow_pickle=False) as file:
        header = json.loads(file["header"].item())
        (key, record), _ = header["trace"]["layers"]
        weights = file[record["fields"]["weights"]["array"]]
    assert (header["format"], header["version"], key) == ("seqviz trace", 1, "embedding")
    np.testing.assert_array_equal(weights, WHOLE.embedding().weights)


def test_an_array_in_two_places_is_stored_once_and_stays_one():
    states = np.ones((1, 1000, 1), np.float32)
    trace = Trace({}, [states, states], states)
    assert len(saved(trace)) < 2 * states.nbytes
    loaded = again(trace)
    assert loaded.inputs[0] is loaded.inputs[1] is loaded.output
    loaded.output[0, 0, 0] = 2  # as one may with what capture returns


def test_subclasses_come_back_as_what_they_are():
    loaded = again(Trace({}, Pair(1, 2), OrderedDict(a=1)))
    assert same(loaded.inputs, (1, 2))
    assert same(loaded.output, {"a": 1})


def test_what_cannot_be_saved_leaves_the_file_as_it_was(tmp_path):
    path = tmp_path / "trace.npz"
    WHOLE.save(path)
    before = path.read_bytes()
    for value in (object(), np.array([object()]), np.zeros(1, [("a", "f4")]), np.ma.ones(2)):
        with pytest.raises(SeqvizError, match=r"'dense' holds .* cannot be saved"):
            Trace({"dense": LayerTrace(value, None)}).save(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("where", [3, None, io.StringIO(), ["trace"]])
def test_what_is_no_path_and_no_file_of_bytes(where):
    with pytest.raises(SeqvizError, match="path or a file of bytes is needed"):
        WHOLE.save(where)
    with pytest.raises(SeqvizError, match="path or a file of bytes is needed"):
        load_trace(where)


def test_a_path_that_is_not_there(tmp_path):
    with pytest.raises(SeqvizError, match="cannot be read: No such file"):
        load_trace(tmp_path / "nothing")
    with pytest.raises(SeqvizError, match="cannot be written"):
        WHOLE.save(tmp_path)


def header_of(trace=WHOLE):
    with np.load(io.BytesIO(saved(trace))) as file:
        return json.loads(file["header"].item()), {n: file[n] for n in file.files if n != "header"}


def npy(array, claims=None):
    """An array as a member of a file, which claims to have another shape if one is given."""
    file = io.BytesIO()
    if claims is None:
        np.lib.format.write_array(file, array, version=(1, 0))
    else:
        form = np.lib.format.header_data_from_array_1_0(array) | {"shape": claims}
        np.lib.format.write_array_header_1_0(file, form)
        file.write(array.tobytes())
    return file.getvalue()


def archive(header, members, compression=zipfile.ZIP_STORED):
    """A file of one's own making."""
    text = header if isinstance(header, str) else json.dumps(header)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as written:
        for name, member in {"header": np.array(text.encode()), **members}.items():
            content = member if isinstance(member, bytes) else npy(member)
            written.writestr(f"{name}.npy", content)
    return file.getvalue()


def changed(change, trace=WHOLE, **options):
    header, members = header_of(trace)
    change(header, members)
    return archive(header, members, **options)


def put(*path):
    """A change that puts the last of `path` into the header at the place the others name."""

    def change(header, _):
        *way, last, value = path
        for key in way:
            header = header[key]
        header[last] = value

    return change


LAYER = ("trace", "layers", 1, 1)  # the LSTM's
BOMB = npy(np.zeros(1, np.float32), claims=(10**5, 10**6))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "not one that trace.save wrote"),
        (b"hello", "not one that trace.save wrote"),
        (npy(np.zeros(3)), "not one that trace.save wrote"),
        (saved()[:-30], "not one that trace.save wrote"),
        (saved()[200:], "not one that trace.save wrote"),
        (changed(lambda h, m: m.pop("3")), "lacks the array '3'"),
        (changed(lambda h, m: m.update({"3": m["3"][:, :1]})), "its header says"),
        (changed(lambda h, m: m.update({"3": m["3"].astype("f8")})), "but its header says"),
        (changed(lambda h, m: m.update({"3": m["3"].astype(object)})), "its header says"),
        (changed(lambda h, m: m.update({"3": b"nothing"})), "not one that trace.save wrote"),
        (changed(lambda h, m: m.update({"3": BOMB})), "its header says"),
        (changed(lambda h, m: None, compression=zipfile.ZIP_DEFLATED), "is compressed"),
        (changed(put("version", 2)), "of version 2 .* reads up to 1.*upgrade"),
        (changed(put("version", "new")), "not one that trace.save wrote"),
        (changed(put("format", "weights")), "no trace, but 'weights'"),
        (changed(put("trace", None)), "not one that trace.save wrote"),
        (changed(put("trace", "layers", 0, ["e", 3])), "no record of a layer"),
        (changed(put("trace", "aliases", {"a": 1})), "aliases is dict, but"),
        (changed(put("trace", "inputs", {"run": "rm"})), "nothing that is stored"),
        (changed(put("trace", "inputs", {"list": 3})), "nothing that is stored"),
        (changed(put("trace", "inputs", {"objects": [1], "shape": [10**12]})), "1 objects"),
        (changed(put("trace", "inputs", {"record": "Popen", "fields": {}})), "KeyError"),
        (changed(put(*LAYER, "fields", "run", 1)), "unexpected keyword argument 'run'"),
        (changed(put(*LAYER, "fields", "mask", "all")), "mask of 'RecurrentTrace' is str"),
        (changed(put(*LAYER, "fields", "gates", {"list": [1]})), "not one that trace.save wrote"),
        (changed(put(*LAYER, "fields", "timesteps", None)), "timesteps .* NoneType"),
        (archive("[" * 100_000, {}), "not one that trace.save wrote"),
        (archive("[" * 100_000 + "]" * 100_000, {}), "not one that trace.save wrote"),
        (archive("{}", {}), "not one that trace.save wrote"),
        (archive("9" * 10_000, {}), "not one that trace.save wrote"),
    ],
)
def test_other_files_are_refused(content, says):
    with pytest.raises(SeqvizError, match=f"(?s){says}"):
        load_trace(io.BytesIO(content))


def test_an_npz_of_others_is_no_trace():
    file = io.BytesIO()
    np.savez(file, a=np.ones(3))
    with pytest.raises(SeqvizError, match="not a trace: it has no header"):
        load_trace(file)


def test_objects_are_never_unpickled(monkeypatch):
    """Not even where file and header agree on them."""
    array = np.array([print], object)
    file = io.BytesIO()
    np.lib.format.write_array(file, array, version=(1, 0), allow_pickle=True)
    inputs = {"array": "0", "dtype": "|O", "shape": [1]}
    trace = {"layers": [], "inputs": inputs, "output": None, "aliases": {}}
    content = archive(
        {"format": "seqviz trace", "version": 1, "trace": trace}, {"0": file.getvalue()}
    )
    with pytest.raises(SeqvizError, match="not of its shape"):
        load_trace(io.BytesIO(content))


def test_a_file_cannot_ask_for_more_memory_than_it_is_long():
    # The header, the array's own header and the ZIP's directory all tell of 400 GB.
    inputs = {"array": "0", "dtype": "<f4", "shape": [10**5, 10**6]}
    trace = {"layers": [], "inputs": inputs, "output": None, "aliases": {}}
    content = archive({"format": "seqviz trace", "version": 1, "trace": trace}, {"0": BOMB})
    with pytest.raises(SeqvizError, match="not of its shape"):
        load_trace(io.BytesIO(content))
    length = len(BOMB).to_bytes(4, "little")
    directory = content.rindex(b"PK\x01\x02")
    claimed = content[:directory] + content[directory:].replace(
        length + length, (2**32 - 2).to_bytes(4, "little") * 2
    )
    assert claimed != content
    with pytest.raises(SeqvizError, match="claims to hold more than it is long"):
        load_trace(io.BytesIO(claimed))


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_damaged_file_is_refused_or_was_not_hurt(data):
    content = bytearray(saved())
    for _ in range(data.draw(st.integers(1, 3))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        loaded = load_trace(io.BytesIO(bytes(content)))
    except SeqvizError:
        return
    assert same(loaded, WHOLE)
