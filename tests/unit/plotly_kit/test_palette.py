"""The colours can be read, and those of the browser's theme are the same ones."""

import inspect
import re
import tomllib
from dataclasses import asdict, fields, replace
from itertools import pairwise

import pytest

from seqviz.figures import plot_unrolled
from seqviz.plotly_kit.palette import (
    DARK,
    DIVERGING,
    FAINT,
    IN_CELL,
    LIGHT,
    NOT_A_WORD,
    TOKENS,
    Palette,
    token_colors,
)
from seqviz.ui.player.theme import THEMED
from tests import ROOT

THEME = tomllib.loads((ROOT / ".streamlit/config.toml").read_text())["theme"]
APPEARANCES = {"light": LIGHT, "dark": DARK}
HUES = [field.name for field in fields(Palette) if field.name != "background"]


def channels(color):
    return [int(color[i : i + 2], 16) for i in (1, 3, 5)]


def luminance(color):
    """Relative luminance, as WCAG 2.2 defines it."""
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
        for c in (v / 255 for v in channels(color))
    ]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(a, b):
    darker, lighter = sorted((luminance(a), luminance(b)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize(
    ("a", "b", "ratio"),
    [("#000000", "#ffffff", 21), ("#777777", "#ffffff", 4.48), ("#123456", "#123456", 1)],
)
def test_contrast_is_that_of_wcag(a, b, ratio):
    assert contrast(a, b) == pytest.approx(ratio, abs=0.005)


@pytest.mark.parametrize("appearance", APPEARANCES)
@pytest.mark.parametrize("hue", HUES)
def test_text_can_be_read(appearance, hue):
    palette = APPEARANCES[appearance]
    assert contrast(getattr(palette, hue), palette.background) >= 4.5


@pytest.mark.parametrize("background", [LIGHT.background, DARK.background])
@pytest.mark.parametrize("color", [*TOKENS, NOT_A_WORD])
def test_token_colors_stand_out(color, background):
    assert contrast(color, background) >= 3


@pytest.mark.parametrize("stop", [color for _, color in DIVERGING])
def test_values_can_be_read_in_their_cells(stop):
    assert contrast(IN_CELL, stop) >= 4.5


def test_values_can_be_read_between_the_stops():
    # Plotly mixes the channels of the stops: each lies between its neighbours.
    for (_, a), (_, b) in pairwise(DIVERGING):
        for part in (0.25, 0.5, 0.75):
            mixed = [
                round(x + part * (y - x)) for x, y in zip(channels(a), channels(b), strict=True)
            ]
            assert contrast(IN_CELL, "#" + "".join(f"{c:02x}" for c in mixed)) >= 4.5


@pytest.mark.parametrize("appearance", APPEARANCES)
@pytest.mark.parametrize(("stop", "color"), FAINT)
def test_faint_values_can_be_read_in_the_color_of_text(appearance, stop, color):
    palette = APPEARANCES[appearance]
    *hue, alpha = map(float, color[5:-1].split(","))
    assert hue == channels(dict(DIVERGING)[stop])
    on = [
        round(alpha * x + (1 - alpha) * y)
        for x, y in zip(hue, channels(palette.background), strict=True)
    ]
    assert contrast(palette.text, "#" + "".join(f"{c:02x}" for c in on)) >= 4.5


def test_scale_is_symmetric_around_a_neutral_zero():
    positions = [position for position, _ in DIVERGING]
    assert positions == sorted(positions)
    assert [round(1 - p, 9) for p in reversed(positions)] == positions
    middle = dict(DIVERGING)[0.5]
    assert len(set(channels(middle))) == 1  # grey
    # The further from zero, the darker.
    shades = [luminance(color) for _, color in DIVERGING]
    assert shades[:4] == sorted(shades[:4])
    assert shades[3:] == sorted(shades[3:], reverse=True)
    # Blue below, red above.
    assert all(b > r for r, _, b in (channels(color) for _, color in DIVERGING[:3]))
    assert all(r > b for r, _, b in (channels(color) for _, color in DIVERGING[4:]))


@pytest.mark.parametrize("palette", [LIGHT, DARK, THEMED], ids=["light", "dark", "themed"])
def test_hues_are_told_apart(palette):
    named = asdict(palette)
    assert all(re.fullmatch("#[0-9a-f]{6}", color) for color in named.values())
    assert len(set(named.values())) == len(named)
    assert len(set(TOKENS)) == len(TOKENS)


@pytest.mark.parametrize("appearance", APPEARANCES)
@pytest.mark.parametrize("hue", HUES)
def test_browser_swaps_the_place_holder_for_the_same_hue(appearance, hue):
    index = int(getattr(THEMED, hue).removeprefix("#")) - 1
    assert THEME[appearance]["chartCategoricalColors"][index] == getattr(
        APPEARANCES[appearance], hue
    )


@pytest.mark.parametrize("appearance", APPEARANCES)
def test_browser_has_the_same_text_and_background(appearance):
    palette, theme = APPEARANCES[appearance], THEME[appearance]
    assert theme["textColor"] == palette.text
    assert theme["backgroundColor"] == palette.background
    assert (theme["blueTextColor"], theme["greenTextColor"]) == (
        palette.timesteps,
        palette.features,
    )
    assert theme["violetTextColor"] == palette.hidden


def test_place_holders_are_those_the_browser_knows():
    # Streamlit's front end: 01 … 10 categorical, 38 background. The player knows no others.
    assert sorted(asdict(THEMED).values()) == [
        *(f"#0000{i:02}" for i in range(1, 11)),
        "#000038",
    ]
    assert THEMED.background == "#000038"


@pytest.mark.parametrize(
    ("lstm", "gru"), [("input", "update"), ("forget", "reset"), ("candidate", "candidate")]
)
def test_gates_alike_share_a_hue(lstm, gru):
    assert LIGHT.gate(lstm) == LIGHT.gate(gru)


def test_gates_of_a_cell_are_told_apart():
    assert len({DARK.gate(name) for name in ("input", "forget", "candidate", "output")}) == 4
    assert DARK.gate("another") == DARK.hidden


def test_same_id_same_color_and_no_color_for_what_is_no_word():
    assert token_colors([5, 0, 9, 5, 1]) == [
        TOKENS[0],
        NOT_A_WORD,
        TOKENS[1],
        TOKENS[0],
        NOT_A_WORD,
    ]
    assert token_colors([]) == []


def test_colors_start_again_after_the_last():
    ids = list(range(2, 2 + len(TOKENS) + 1))
    assert token_colors(ids) == [*TOKENS, TOKENS[0]]


def test_a_palette_is_short_in_the_signature_of_a_picture():
    assert (repr(LIGHT), repr(DARK)) == ("LIGHT", "DARK")
    assert len(repr(replace(DARK, text="#123456"))) < 40
    assert len(str(inspect.signature(plot_unrolled))) < 500
