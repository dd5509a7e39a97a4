"""How numbers are written, place by place."""

import re

import numpy as np
import pytest

from seqviz.readout.numbers import (
    distance,
    in_box,
    in_cell,
    in_formula,
    in_strip,
    magnitude,
    power,
    scientific,
    whole,
)


@pytest.mark.parametrize(
    ("write", "value", "text"),
    [
        (whole, -1234, "−1,234"),
        (magnitude, 0.0, "0"),
        (magnitude, 0.000012, "1.2e-5"),
        (magnitude, 0.00012, "0.00012"),
        (magnitude, 1.2e-9, "1.2e-9"),
        (magnitude, 1234.0, "1234"),
        (magnitude, 1.5e7, "1.5e7"),
        (magnitude, 0.123, "0.12"),
        (magnitude, 3325.3, "3325"),
        (magnitude, 6.7e12, "6.7e12"),
        (magnitude, np.inf, "infinity"),
        (magnitude, np.nan, "nan"),
        (scientific, 6e-8, "6\u00a0×\u00a010⁻⁸"),
        (scientific, 0, "0"),
        (distance, 0.25, "0.2500"),
        (distance, 6e-8, "6\u00a0×\u00a010⁻⁸"),
        (in_box, -0.001, "0.00"),
        (in_box, -1.238, "−1.24"),
        (in_box, np.nan, "?"),
        (in_strip, -0.012, "−0.012"),
        (in_strip, 12.345, "12.35"),
        (in_strip, np.inf, "∞"),
    ],
)
def test_each_place_has_its_digits(write, value, text):
    assert write(value) == text


def test_a_power():
    assert power(0.7, 19) == "0.7¹⁹"
    assert power(10, -8) == "10⁻⁸"
    assert power(-1.5, 2) == "−1.5²"


@pytest.mark.parametrize("value", [-0.0, -1e-12, -4e-6, -0.0004, -0.004, -0.04])
def test_none_is_a_negative_zero(value):
    written = [write(value) for write in (magnitude, in_formula, in_box, in_strip)]
    for text in (*written, in_cell(value, 2)):
        assert not re.fullmatch(r"[-−]0*\.?0*", text)


@pytest.mark.parametrize(
    ("value", "text"),
    [(-2.1e-05, "-2e-5"), (-0.021, "-0.02"), (0.0, "0.00"), (np.nan, "")],
)
def test_what_is_not_0_never_reads_0_in_a_cell(value, text):
    assert in_cell(value, 2) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (1.0, "1"),
        (-1.0, "−1"),
        (-0.04126, "−0.0413"),
        (0.000098, "0.000098"),
        (1e-9, "1.0e−09"),
        (123456.0, "1.2e+05"),
        (float("nan"), "?"),
        (float("-inf"), "−∞"),
    ],
)
def test_in_a_formula(value, text):
    assert in_formula(value) == text
