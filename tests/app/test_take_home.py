"""The script of each lesson is run here, and must print the numbers of the picture's table."""

import csv
import io
import re

import numpy as np
import pytest

from tests.app.conftest import texts
from tests.app.contract import all_contracts

# Two lessons make Keras warn on purpose.
pytestmark = [
    pytest.mark.filterwarnings("ignore:Argument `input_length`"),
    pytest.mark.filterwarnings("ignore:Layer 'flatten'"),
]
NUMBER = re.compile(r"-?\d+\.?\d*(?:e[-+]?\d+)?")
# What the script was given, and what only counts rows.
GIVEN = {"step", "timestep", "id", "given", "call", "sentence", "row"}
DEFAULTS = {name: (page, contract.view) for name, (page, contract) in all_contracts().items()}
PADDED = {"text": "0 3 4 0 5", "mask_zero": "true"}
OTHERS = {
    **{f"cell-{cell}": ("cell", {"cell": cell}) for cell in ("SimpleRNN", "GRU")},
    "cell-masked": ("cell", {**PADDED, "timestep": "4", "go_backwards": "true"}),
    "cell-masked-GRU": ("cell", {**PADDED, "cell": "GRU", "timestep": "5"}),
    "cell-reset-before": ("cell", {"cell": "GRU", "reset_after": "false", "timestep": "3"}),
    "cell-no-bias": ("cell", {"cell": "GRU", "use_bias": "false", "timestep": "3"}),
    "cell-no-bias-LSTM": ("cell", {"use_bias": "false", "timestep": "3"}),
    **{f"recurrent-{cell}": ("recurrent", {"cell": cell}) for cell in ("GRU", "LSTM")},
    "recurrent-masked": ("recurrent", {**PADDED, "cell": "LSTM", "go_backwards": "true"}),
    "stacks-LSTM": ("stacks", {"cell_1": "LSTM", "cell_2": "GRU"}),
    "gradients-LSTM": ("gradients", {"cell": "LSTM"}),
    "gradients-GRU": ("gradients", {"cell": "GRU"}),
    "learning-frozen": ("learning", {"trainable": "false"}),
    "learning-AdamW": ("learning", {"optimizer": "AdamW"}),
    "padding-pre": ("padding", {"padding": "pre"}),
    "padding-no-mask": ("padding", {"mask_zero": "false"}),
    "padding-zeros": ("padding", {"zero_output_for_mask": "true", "return_sequences": "true"}),
    "state-LSTM": ("state", {"cell": "LSTM", "text": "2 3 4 0 5", "mask_zero": "true"}),
    "state-LSTM-given": ("state", {"part": "initial_state", "cell": "LSTM"}),
    "state-GRU": ("state", {"part": "dropout", "cell": "GRU"}),
    "pretrained-frozen": ("pretrained", {"trainable": "false", "steps": "3"}),
}


@pytest.fixture
def taken_home(open_page, offered, tmp_path, monkeypatch, capsys):
    """Open a page; give its table by column, what its script prints, and the page."""

    def take(page, parameters):
        at = open_page(page, **parameters)
        at.session_state[f"{page}_take_home"] = True
        at.run()
        assert not at.exception
        assert not at.error
        monkeypatch.chdir(tmp_path)
        for name in offered.keys() & {"vectors.tsv", "metadata.tsv"}:
            (tmp_path / name).write_text(offered[name](), "utf-8", newline="\n")
        columns, *rows = csv.reader(io.StringIO(offered[f"seqviz_{page}.csv"]().lstrip("\ufeff")))
        capsys.readouterr()
        exec(compile(offered[f"seqviz_{page}.py"](), page, "exec"), {"__name__": "__main__"})
        table = dict(zip(columns, zip(*rows, strict=True), strict=True))
        return table, capsys.readouterr().out, at

    return take


def numbers_in(text):
    return np.array([float(number) for number in NUMBER.findall(text)])


def without(printed, values):
    """Which of the values are not printed."""
    near = np.abs(printed - values[:, None]) <= 1e-4 * np.abs(values[:, None]) + 2e-7
    return values[~near.any(axis=1)]


@pytest.mark.parametrize(
    ("page", "parameters"), [*DEFAULTS.values(), *OTHERS.values()], ids=[*DEFAULTS, *OTHERS]
)
def test_the_script_prints_every_number_of_the_table(taken_home, page, parameters):
    table, out, _ = taken_home(page, parameters)
    printed = numbers_in(out)
    checked = 0
    for name, column in table.items():
        numbers = [cell for cell in column if NUMBER.fullmatch(cell)]
        values = np.array(numbers, float)
        if name in GIVEN or not numbers:
            continue
        if page == "learning":  # of rows that are neither read nor moved it prints no zeros
            values = values[values != 0]
        assert not without(printed, values).size, name
        checked += len(values)
    assert checked > 5


def test_the_numbers_that_it_looks_for_are_no_others():
    printed = numbers_in("[[ 1.5000e-01 -2.  ]\n [.25 0.]]")
    assert without(printed, np.array([0.15, -2.0, 0.0])).size == 0
    assert without(printed, np.array([0.1501, 2.0])).tolist() == [0.1501, 2.0]


def test_padding_prints_what_the_mask_saves(taken_home):
    _, out, at = taken_home("padding", {"states": True})
    without_mask = re.search(r"without \*\*([\d.]+)\*\*", texts(at)).group(1)
    with_mask = float(re.search(r"with the mask \(0 but for rounding\) (\S+)", out).group(1))
    assert with_mask < 1e-6
    printed = float(re.search(r"without (\S+)", out).group(1))
    assert f"{printed:.2g}" == without_mask


@pytest.mark.parametrize("steps", [0, 4])
def test_pretrained_trains_to_the_losses_that_it_reports(taken_home, steps):
    _, out, at = taken_home("pretrained", {"steps": steps, "train": True})
    said = re.findall(r"\(`trainable=\w+`\): loss ([\d.]+) → ([\d.]+)", texts(at))
    losses = [numbers_in(line) for line in re.findall(r"after the last: \[(.*?)\]", out, re.DOTALL)]
    assert [(f"{one[0]:.3f}", f"{one[-1]:.3f}") for one in losses] == said
    assert [len(one) for one in losses] == [steps + 1] * 2


def test_meaning_prints_neighbours_and_losses(taken_home):
    table, out, _ = taken_home("meaning", {"epochs": 20})
    for name in ("nearest before", "nearest after"):
        assert all(text in out for text in table[name])
    assert table["nearest after"][0]
