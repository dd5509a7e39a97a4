"""A trace, its records and everything that seqviz computes are written in a few lines."""

import inspect
import typing

import numpy as np
import pytest

import seqviz
from seqviz.short_repr import LINES, summary
from seqviz.trace import EmbeddingTrace, LayerTrace, RecurrentTrace, Trace
from seqviz.trace.summary import saturation
from seqviz.training.record import GradientStep
from tests.unit.samples import embedding, recurrent

TRACES = (Trace, EmbeddingTrace, LayerTrace, RecurrentTrace)


def parts_of(hint):
    """All classes in a type, with those of their fields."""
    if isinstance(hint, type) and hint.__module__.startswith("seqviz."):
        yield hint
        for part in typing.get_type_hints(hint).values():
            yield from parts_of(part)
    for part in typing.get_args(hint):
        yield from parts_of(part)


def holds_arrays(kind):
    return "ndarray" in str(list(typing.get_type_hints(kind).values()))


def results():
    """The classes of everything that public functions return and that holds arrays."""
    public = [getattr(seqviz, name) for name in seqviz.__all__]
    hints = [
        typing.get_type_hints(thing).get("return") if inspect.isfunction(thing) else thing
        for thing in public
    ]
    found = {kind for hint in hints for kind in parts_of(hint) if holds_arrays(kind)}
    return sorted(found - set(TRACES), key=lambda kind: kind.__name__)


def fits(text):
    lines = text.splitlines()
    return len(lines) <= LINES and all(len(line) <= 100 for line in lines)


def test_there_are_many_results():
    names = {kind.__name__ for kind in results()}
    assert {"GradientStep", "Training", "LookupCosts", "Unrolled", "Explanation"} <= names
    assert len(names) >= 30


@pytest.mark.parametrize("kind", results(), ids=lambda kind: kind.__name__)
@pytest.mark.parametrize(
    "value",
    [
        np.random.default_rng(0).normal(size=(100, 100)),
        {f"gate {i}": np.zeros((50, 50)) for i in range(200)},
        tuple(["word\n" * 20] * 1000),
        [[np.zeros(900)] * 30] * 30,
    ],
    ids=["array", "dict", "words", "nested"],
)
def test_every_result_is_short_whatever_it_holds(kind, value):
    fields = getattr(kind, "_fields", None) or list(kind.__dataclass_fields__)
    told = repr(kind(*[value] * len(fields)))
    assert fits(told)
    assert told.startswith(kind.__name__)
    assert all(name in told for name in fields)


def test_the_text_of_a_result_is_what_its_arrays_are():
    table = np.array([[0, -0.25], [0.5, 1]], np.float32)
    step = GradientStep(0.6931, table, table + 1, np.array([1, 1]), table, sparse=False)
    assert repr(step) == (
        "GradientStep(\n"
        "  loss: 0.693\n"
        "  before: (2, 2) float32, -0.25 … 1\n"
        "  after: (2, 2) float32, 0.75 … 2\n"
        "  indices: (2,) int64, 1 … 1\n"
        "  values: (2, 2) float32, -0.25 … 1\n"
        "  sparse: False\n"
        "  trainable: True\n"
        ")"
    )


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (np.array([True, False, True]), "(3,) bool, 2 of 3 True"),
        (np.array([1, np.nan, np.inf, 3]), "(4,) float64, 1 … 3, 2 not finite"),
        (np.array([np.nan]), "(1,) float64, 1 not finite"),
        (np.array([]), "(0,) float64"),
        (np.array(["a"], object), "(1,) object"),
        (np.array(12_345), "() int64, 12,345 … 12,345"),
        ((1, 2, 3, 4, 5), "[1, 2, 3, 4, … 1 more]"),
        ({"a": None}, "{a: None}"),
    ],
)
def test_values_in_words(value, told):
    assert summary(value) == told


def test_bfloat16_has_a_range_too():
    ml_dtypes = pytest.importorskip("ml_dtypes")
    assert summary(np.array([-1, 0.5], ml_dtypes.bfloat16)) == "(2,) bfloat16, -1 … 0.5"


@pytest.mark.parametrize("cell", ["SimpleRNN", "GRU", "LSTM"])
@pytest.mark.parametrize("size", [1, 200])
def test_a_recurrent_record_names_its_cell_and_shapes(cell, size):
    told = repr(recurrent(size, size, cell, mask=[True] * size, return_state=True))
    assert fits(told)
    assert f"cell: {cell}, return_state" in told
    assert f"hidden_states: (1, {size}, {size}) float32" in told
    assert ("cell_states" in told) == (cell == "LSTM")
    assert ("forget" in told) == (cell == "LSTM")


def test_other_records_are_short():
    assert "weights: (50, 2) float32" in repr(embedding())
    assert fits(repr(embedding(range(5000), 5000, 300)))
    layer = LayerTrace({f"in{i}": np.ones((9, 9)) for i in range(99)}, np.ones(9), "dense", "Dense")
    assert fits(repr(layer))
    assert repr(layer).startswith("LayerTrace 'dense'(\n  layer: Dense\n")


def test_a_trace_of_many_layers_names_the_first_and_the_last():
    layer = LayerTrace(np.ones((1, 2)), [np.ones((1, 3))] * 50)
    few = repr(Trace({f"dense_{i}": layer for i in range(10)}))
    assert len(few.splitlines()) == 12
    assert " more " not in few
    many = repr(Trace({f"dense_{i}": layer for i in range(100)}))
    assert fits(many)
    assert "dense_0: (1, 2)" in many
    assert "dense_99: (1, 2)" in many
    assert "…: 91 more" in many


def gated(values, **options):
    """A GRU whose update gate has these values at each step of one sample and one unit."""
    record = recurrent(len(values), 1, "GRU", **options)
    changed = {**vars(record), "recurrent_activation": "sigmoid"}
    changed["gates"] = {**record.gates, "update": np.array(values, np.float32)[None, :, None]}
    return RecurrentTrace(**changed)


def test_saturation_is_the_share_beyond_a_tenth_of_either_end():
    record = gated([0.05, 0.5, 0.95, 0.2])
    assert saturation(record)["update"] == 0.5
    assert "candidate" not in saturation(record)
    assert "saturated: update 50%, reset" in repr(record)


def test_skipped_steps_are_not_saturated():
    # Of the third timestep; under go_backwards it is the first that is read.
    mask = [True, True, False]
    assert saturation(gated([0.5, 0.5, 0.99], mask=mask))["update"] == 0
    assert saturation(gated([0.99, 0.5, 0.5], mask=mask, go_backwards=True))["update"] == 0
    assert saturation(gated([0.5, 0.5, 0.99], mask=mask, go_backwards=True))["update"] == 0.5


def test_only_sigmoids_saturate():
    assert saturation(recurrent(3, 2, "LSTM")) == {}


def test_arrays_by_name_are_short():
    assert fits(repr(recurrent(200, 200).gates))
    assert repr(recurrent(2, 2, "SimpleRNN").gates) == "{}"
