"""A training saved is the training loaded, to the bit; any other file is refused in a sentence."""

import io
import json
import zipfile

import numpy as np
import pytest

import seqviz
from seqviz import SeqvizError, Trace, TrainingTrace
from tests.unit.samples import embedding, recurrent
from tests.unit.trace.test_file import npy, same


def training(predictions=None, moments=3):
    traces = tuple(
        Trace(
            {"embedding": embedding(), "lstm": recurrent(3, scale=0.1 + moment)},
            inputs=np.array([[2, 3, 4]]),
            output=np.full((1, 2), moment, np.float32),
        )
        for moment in range(moments)
    )
    return TrainingTrace(
        epochs=np.array([0, 1, 5])[:moments],
        traces=traces,
        history={
            "loss": np.array([0.9, 0.5, np.nan, 0.2, 0.1]),
            "val_accuracy": np.linspace(0, 1, 5),
        },
        predictions=np.stack([t.output for t in traces]) if predictions is None else predictions,
    )


def saved(whole):
    file = io.BytesIO()
    whole.save(file)
    return file.getvalue()


def loaded(content):
    return seqviz.load_training(io.BytesIO(content))


@pytest.mark.parametrize(
    "predictions",
    [None, {"a": np.ones((3, 1)), "b": [np.zeros((3, 2)), np.ones(3)]}],
    ids=["one output", "several"],
)
def test_a_training_comes_back_to_the_bit(tmp_path, predictions):
    whole = training(predictions)
    whole.save(tmp_path / "training.npz")
    again = seqviz.load_training(tmp_path / "training.npz")
    assert type(again) is TrainingTrace
    assert same(again.epochs, whole.epochs)
    assert same(again.history, whole.history)
    assert same(again.predictions, whole.predictions)
    assert same(list(again.traces), list(whole.traces))
    assert again.best == whole.best
    assert saved(again) == saved(whole)


def test_what_is_loaded_can_be_computed_with():
    data = seqviz.compute_training(loaded(saved(training())))
    assert data.hidden_states.shape == (3, 3, 4)
    np.testing.assert_array_equal(data.losses, [np.nan, 0.9, 0.1])


def test_arrays_that_all_moments_share_are_stored_once():
    ids = np.arange(100_000)[None]
    moments = [Trace({}, inputs=ids, output=np.zeros((1, 1))) for _ in range(3)]
    whole = TrainingTrace(np.arange(3), tuple(moments), {}, np.zeros((3, 1, 1)))
    assert len(saved(whole)) < 2 * ids.nbytes
    assert same(list(loaded(saved(whole)).traces), moments)


def test_each_loader_names_the_other():
    whole = training()
    with pytest.raises(SeqvizError, match=r"no trace, but 'seqviz training'.*load_training"):
        seqviz.load_trace(io.BytesIO(saved(whole)))
    file = io.BytesIO()
    whole.traces[0].save(file)
    with pytest.raises(SeqvizError, match=r"no training, but 'seqviz trace'.*load_trace"):
        loaded(file.getvalue())


def changed(change):
    """The file of a training whose header and arrays somebody changed."""
    with np.load(io.BytesIO(saved(training()))) as file:
        header = json.loads(file["header"].item())
        members = {name: file[name] for name in file.files if name != "header"}
    change(header["training"], members)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, array in {"header": np.array(json.dumps(header).encode()), **members}.items():
            archive.writestr(f"{name}.npy", npy(array))
    return made.getvalue()


def put(name, value):
    return lambda training, _: training.update({name: value})


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"hello", "not one that training.save wrote"),
        (saved(training())[:-40], "not one that training.save wrote"),
        (changed(lambda t, m: t.pop("history")), "KeyError"),
        (changed(lambda t, m: t["traces"].pop()), "one trace for each epoch"),
        (changed(lambda t, m: t["traces"][1]["layers"].pop()), "other layers"),
        (changed(put("traces", [])), "one trace for each epoch"),
        (changed(put("epochs", {"list": [0, 1, 5]})), "one trace for each epoch"),
        (changed(lambda t, m: m["0"].__imul__(-1)), "do not ascend from 0"),
        (changed(put("history", 3)), "history has no names"),
        (changed(put("history", {"dict": [["loss", 3]]})), "one number for each epoch"),
        (changed(put("history", {"dict": [["loss", {"array": "0", "dtype": "<i8", "shape": [3]}]]})),
         "one number for each epoch"),
        (changed(put("predictions", {"list": [1]})), "one prediction for each epoch"),
        (changed(put("predictions", {"record": "Popen", "fields": {}})), "KeyError"),
    ],
)  # fmt: skip
def test_other_files_are_refused(content, says):
    with pytest.raises(SeqvizError, match=f"(?s){says}"):
        loaded(content)
