"""The start page's picture: Keras's own numbers, shown without waiting for TensorFlow."""

import subprocess
import sys

import numpy as np
import pytest

from seqviz.app import home
from seqviz.app.home_figure import STEPS, plot_path


@pytest.fixture(scope="module")
def stored():
    return home.load()


@pytest.fixture(scope="module")
def computed():
    return home.compute()


@pytest.mark.parametrize("part", home.HomeData._fields)
def test_stored_numbers_are_those_of_keras(part, stored, computed):
    for name, expected in getattr(computed, part)._asdict().items():
        value = getattr(getattr(stored, part), name)
        if isinstance(expected, np.ndarray) and expected.dtype.kind == "f":
            assert value.dtype == expected.dtype
            np.testing.assert_allclose(value, expected, rtol=0, atol=1e-6, err_msg=name)
        elif isinstance(expected, np.ndarray):
            np.testing.assert_array_equal(value, expected, err_msg=name)
        else:
            assert value == expected
            assert type(value) is type(expected)


def test_it_is_the_sentence_of_the_page(stored):
    assert home.TEXT.split() == list(home.TOKENS)
    assert stored.lookup.ids.tolist() == [2, 3, 4]
    assert stored.lookup.rows.tolist() == [0, 1, 2, 3, 4, 5, -43, 49]


def test_save_and_load_are_each_others_inverse(stored, tmp_path):
    home.save(stored, tmp_path / "again.npz")
    again = home.load(tmp_path / "again.npz")
    for part in home.HomeData._fields:
        a, b = getattr(stored, part)._asdict(), getattr(again, part)._asdict()
        assert a.keys() == b.keys()
        for name in a:
            np.testing.assert_array_equal(a[name], b[name])


def test_picture_has_a_step_for_every_station(stored):
    figure = plot_path(*stored, text=home.TEXT, tokens=home.TOKENS)
    assert len(figure.frames) == len(STEPS) + len(home.TOKENS) + 1
    assert [step.label for step in figure.layout.sliders[0].steps][: len(STEPS)] == list(STEPS)


def test_loads_neither_tensorflow_nor_keras():
    code = (
        "import sys\n"
        "from seqviz.app import home\n"
        "from seqviz.ui.player.theme import THEMED\n"
        "from seqviz.app.home_figure import plot_path\n"
        "plot_path(*home.load(), text=home.TEXT, tokens=home.TOKENS, palette=THEMED).to_json()\n"
        "print([m for m in ('tensorflow', 'keras', 'streamlit', 'pandas') if m in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"
