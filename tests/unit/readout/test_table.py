"""The numbers as tables and CSV: all of them, in full, and nothing that a spreadsheet would run."""

import csv
import io
import math

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from seqviz.lessons.embedding.compute import EmbeddingLookup
from seqviz.lessons.embedding.words import lookup_table
from seqviz.lessons.recurrent.words import unrolled_table
from seqviz.readout.table import to_csv
from seqviz.readout.unrolled import Unrolled

# The same examples in every run, however slow the machine.
STEADY = settings(deadline=None, database=None, derandomize=True)

RANDOM = np.random.default_rng(0)


def lookup(has_mask=False):
    weights = RANDOM.normal(size=(6, 3)).astype(np.float32)
    ids = np.array([2, 5, 0])
    return EmbeddingLookup(ids, weights, weights[ids], ids != 0, has_mask, np.arange(6))


def unrolled(cell="SimpleRNN", timesteps=(0, 1), skipped=(False, False), units=4):
    def values(*shape):
        return RANDOM.normal(size=shape).astype(np.float32)

    return Unrolled(
        cell=cell,
        inputs=values(2, 3),
        hidden=values(3, units),
        cell_states=values(3, units) if cell == "LSTM" else None,
        timesteps=np.array(timesteps),
        skipped=np.array(skipped),
        returned=np.array([False, True]),
        return_state=False,
    )


def read(text):
    header, *rows = csv.reader(io.StringIO(text, newline=""))
    return {name: [row[i] for row in rows] for i, name in enumerate(header)}


def test_lookup_has_one_row_a_timestep():
    data = lookup()
    table = lookup_table(data, ["I", "am", "0"])
    assert list(table) == ["timestep", "token", "id", "output[0]", "output[1]", "output[2]"]
    assert table["timestep"] == [1, 2, 3]
    assert table["token"] == ["I", "am", "0"]
    assert table["id"] == [2, 5, 0]
    outputs = [table[f"output[{i}]"] for i in range(3)]
    np.testing.assert_array_equal(np.transpose(outputs), data.vectors)


def test_lookup_says_the_mask_where_there_is_one():
    assert lookup_table(lookup(has_mask=True), list("abc"))["mask"] == [True, True, False]


def test_unrolled_has_the_initial_state_first():
    data = unrolled("LSTM")
    table = unrolled_table(data, ["I", "am"], [2, 3])
    vectors = [f"x[{i}]" for i in range(3)] + [f"{s}[{i}]" for s in "hc" for i in range(4)]
    assert list(table) == ["step", "timestep", "token", "id", "returned", *vectors]
    assert table["step"] == [0, 1, 2]
    assert table["timestep"] == [None, 1, 2]
    assert table["token"] == ["", "I", "am"]
    assert table["id"] == [None, 2, 3]
    assert table["returned"] == [False, False, True]
    assert all(math.isnan(table[f"x[{i}]"][0]) for i in range(3))
    for name, values in (("x", data.inputs), ("h", data.hidden), ("c", data.cell_states)):
        columns = np.transpose([table[f"{name}[{i}]"] for i in range(values.shape[1])])
        np.testing.assert_array_equal(columns[-len(values) :], values)


def test_unrolled_is_in_the_order_of_processing():
    table = unrolled_table(unrolled(timesteps=(1, 0)), ["I", "am"], [2, 3])
    assert table["timestep"] == [None, 2, 1]
    assert table["token"] == ["", "am", "I"]
    assert table["id"] == [None, 3, 2]


@pytest.mark.parametrize(
    ("cell", "skipped", "column", "there"),
    [
        ("SimpleRNN", (False, True), "skipped", True),
        ("SimpleRNN", (False, False), "skipped", False),
        ("LSTM", (False, False), "c[0]", True),
        ("GRU", (False, False), "c[0]", False),
    ],
)
def test_columns_only_where_they_say_something(cell, skipped, column, there):
    table = unrolled_table(unrolled(cell, skipped=skipped), ["I", "am"], [2, 3])
    assert (column in table) is there
    if column == "skipped" and there:
        assert table["skipped"] == [False, False, True]


@pytest.mark.parametrize(("widest", "kept"), [(None, 3), (1, 1), (2, 2), (3, 3), (99, 3)])
def test_widest_cuts_every_vector(widest, kept):
    def count(table, name):
        return sum(key.startswith(f"{name}[") for key in table)

    assert count(lookup_table(lookup(), list("abc"), widest=widest), "output") == kept
    table = unrolled_table(unrolled("LSTM", units=3), ["I", "am"], [2, 3], widest=widest)
    assert [count(table, name) for name in "xhc"] == [kept] * 3


def test_csv_has_every_bit_of_a_number():
    data = unrolled("LSTM")
    columns = read(to_csv(unrolled_table(data, ["I", "am"], [2, 3])))
    for name, values in (("h", data.hidden), ("c", data.cell_states)):
        back = np.array([columns[f"{name}[{i}]"] for i in range(4)]).T.astype(np.float32)
        np.testing.assert_array_equal(back, values)


@STEADY
@given(st.floats(allow_nan=False))
def test_csv_reads_back_any_number(number):
    assert float(read(to_csv({"n": [number]}))["n"][0]) == number


def test_csv_leaves_missing_values_empty():
    text = to_csv({"a": [None, float("nan"), np.float32("nan"), 0, False, ""], "b": [1] * 6})
    assert text.splitlines() == ["a,b", ",1", ",1", ",1", "0,1", "False,1", ",1"]


def test_csv_of_the_initial_row():
    first = to_csv(unrolled_table(unrolled(), ["I", "am"], [2, 3], widest=1)).splitlines()[1]
    assert first.startswith("0,,,,False,,")


@pytest.mark.parametrize(
    "token",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "=cmd|' /C calc'!A0",
        '=HYPERLINK("http://x")',
    ],
)
def test_csv_has_no_formulas(token):
    (cell,) = read(to_csv({"token": [token]}))["token"]
    assert cell[0] == "'"
    assert cell.replace("'", "") == token.replace("'", "")
    assert list(read(to_csv({token: [1]}))) == [cell]


def test_csv_leaves_negative_numbers_numbers():
    assert read(to_csv({"h": [-0.5]}))["h"] == ["-0.5"]


@pytest.mark.parametrize(
    "token",
    [
        "a,b",
        'say "hi"',
        "two\nlines",
        "a\r\nb",
        "a\rb",
        "été",
        "猫",
        "שלום",
        "👩‍👩‍👧",
        "\u2028",
        ";",
        " a ",
    ],
)
def test_csv_keeps_any_other_token(token):
    table = {"token": [token, "next"], "n": [1, 2]}
    assert read(to_csv(table)) == {"token": [token, "next"], "n": ["1", "2"]}


@STEADY
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1))
def test_csv_reads_back_any_tokens_but_for_the_guard(tokens):
    back = read(to_csv({"n": list(range(len(tokens))), "token": tokens}))["token"]
    assert [
        cell.removeprefix("'") if cell != token else cell
        for cell, token in zip(back, tokens, strict=True)
    ] == tokens
    assert not any(cell[:1] in ("=", "+", "-", "@", "\t", "\r") for cell in back if cell)


def test_csv_refuses_columns_of_different_length():
    with pytest.raises(ValueError, match="shorter"):
        to_csv({"a": [1, 2], "b": [1]})
