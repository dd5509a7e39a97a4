"""What a notebook shows of a trace: static, small, escaped, readable in light and dark."""

import re
from html.parser import HTMLParser

import ml_dtypes
import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from seqviz.trace import EmbeddingTrace, LayerTrace, RecurrentTrace, Trace
from seqviz.trace.heatmap import ABOVE, BELOW, COLUMNS, ROWS, STRANGE, heatmap
from tests.unit.samples import embedding, recurrent

LIMIT = 50_000
TAGS = {"div", "b", "table", "tr", "th", "td", "br", "svg", "path"}


class Page(HTMLParser):
    """Checks that tags are closed in order, and collects them and the text."""

    def __init__(self, html):
        super().__init__()
        self.open, self.seen, self.attributes, self.text = [], [], [], ""
        self.feed(html)
        self.close()
        assert not self.open

    def handle_starttag(self, tag, attrs):
        self.seen.append(tag)
        self.attributes += [(tag, *pair) for pair in attrs]
        if tag != "br":
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        self.open.pop()

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


def page(shown):
    html = shown._repr_html_()
    assert len(html.encode()) <= LIMIT
    found = Page(html)
    assert set(found.seen) <= TAGS
    names = {name for _, name, _ in found.attributes}
    assert not any(name.startswith("on") or name in ("href", "src", "id") for name in names)
    return found


def cells(svg):
    """What is drawn: for each place its colour and opacity."""
    drawn = {}
    for path in re.findall(r'<path fill="(#\w+)" fill-opacity="([\d.]+)" d="([^"]*)"/>', svg):
        colour, opacity, shape = path
        for x, y in re.findall(r"M(\d+) (\d+)h1v1h-1z", shape):
            assert (int(x), int(y)) not in drawn
            drawn[int(x), int(y)] = (colour, float(opacity))
    return drawn


def test_a_heatmap_shows_each_number_at_its_place():
    values = np.array([[0, -2, 1], [0.1, np.nan, 2]])  # two timesteps of three units
    assert cells(heatmap(values)) == {
        (0, 1): (BELOW, 1),
        (0, 2): (ABOVE, 0.5),
        (1, 0): (ABOVE, 0.17),
        (1, 1): (STRANGE, 1),
        (1, 2): (ABOVE, 1),
    }
    assert 'viewBox="0 0 2 3"' in heatmap(values)


def test_skipped_steps_are_struck_through():
    assert f'stroke="{STRANGE}"' in heatmap(np.ones((3, 2)))  # the frame
    assert "M1.5 0v2" in heatmap(np.ones((3, 2)), np.array([False, True, False]))
    shown = page(recurrent(3, mask=[True, True, False]))
    assert "struck through" in shown.text
    assert "struck through" not in page(recurrent(3, mask=[True] * 3)).text


def test_skipped_steps_are_in_the_order_of_processing():
    html = recurrent(3, 2, mask=[True, True, False], go_backwards=True)._repr_html_()
    assert "M0.5 0v2" in html


@pytest.mark.parametrize("values", [np.zeros((2, 2)), np.full((2, 2), np.nan), np.ones((1, 1))])
def test_odd_heatmaps(values):
    drawn = cells(heatmap(values))
    assert len(drawn) == (0 if not values.any() else values.size)


def luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return np.dot(linear, [0.2126, 0.7152, 0.0722])


@pytest.mark.parametrize("colour", [BELOW, ABOVE, STRANGE])
@pytest.mark.parametrize("background", ["#ffffff", "#111111"])
def test_colours_stand_out_in_light_and_dark(colour, background):
    lighter, darker = sorted([luminance(colour), luminance(background)], reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= 3  # WCAG 2.2, 1.4.11


@pytest.mark.parametrize("cell", ["SimpleRNN", "GRU", "LSTM"])
def test_a_recurrent_record(cell):
    shown = page(recurrent(3, 4, cell))
    assert f"cell{cell}" in shown.text
    assert "hidden_states(1, 3, 4) float32" in shown.text
    assert "hidden_states of sample 0, 3 timesteps →, 4 units ↓" in shown.text
    assert shown.seen.count("svg") == 1


def test_other_records():
    assert "vectors of sample 0, 3 timesteps" in page(embedding(mask=True)).text
    assert page(LayerTrace(None, np.ones((2, 3, 4)))).seen.count("svg") == 1
    assert page(LayerTrace(None, np.ones((2, 3), ml_dtypes.bfloat16))).seen.count("svg") == 1
    nothing = [
        *(None, {}, [np.ones(3)], np.ones(3), np.ones((1, 2, 3, 4)), np.ones((0, 3))),
        *(
            np.array([["word"]], object),
            np.array([["word"]]),
            np.ones((1, 0)),
            np.ones((1, 2), complex),
        ),
        np.zeros((1, 2), [("a", "f4"), ("b", "f4")]),
    ]
    for output in nothing:
        assert "svg" not in page(LayerTrace(output, output)).seen


def test_ids_of_one_or_three_axes():
    weights = np.ones((5, 2), np.float32)
    for shape in [(3,), (2, 3), (2, 3, 4)]:
        ids = np.ones(shape, int)
        page(EmbeddingTrace(ids, weights, weights[ids], mask=ids > 0))


def test_a_trace_shows_its_layers_and_the_first_recurrent_ones():
    record = recurrent(3)
    shown = page(Trace({"embedding": embedding(), **{f"lstm_{i}": record for i in range(30)}}))
    assert "Trace of 31 layer calls" in shown.text
    assert "embedding(1, 3) → (1, 3, 2)" in shown.text
    assert "lstm_0: hidden_states of sample 0" in shown.text
    assert shown.seen.count("svg") == 2
    assert "22 more" in shown.text
    assert page(Trace({})).text == "Trace of 0 layer calls"


def test_the_largest_is_small_enough():
    name = '"&' * 5000
    # Neighbouring cells of different colours make the longest paths.
    values = np.random.default_rng(0).normal(size=(3, 500, 500)).astype(np.float32)
    record = recurrent(500, 500, mask=[False] * 500)
    changed = {**vars(record), "hidden_states": values, "name": name, "layer": name, "cell": name}
    changed["weights"] = {name + str(i): values for i in range(50)}
    large = RecurrentTrace(**changed)
    assert len(cells(large._repr_html_())) > 0.8 * COLUMNS * ROWS
    page(large)
    page(Trace({name + str(i): large for i in range(100)}))
    page(LayerTrace({name + str(i): values for i in range(100)}, values, name, name))


def test_names_are_only_text():
    name = "<script>alert(1)</script>\"'&lt;\u202e\ud800"
    for shown in (
        Trace({name: recurrent(2)}),
        LayerTrace({name: None}, name, name, name),
        RecurrentTrace(**{**vars(recurrent(2)), "cell": name, "name": name}),
    ):
        text = page(shown).text
        assert "<script>" in text
        assert "\u202e" not in text
        shown._repr_html_().encode()


@given(st.text(), st.text())
@settings(max_examples=50)
def test_whatever_the_names_are(key, layer):
    shown = page(Trace({key: LayerTrace(np.ones((1, 2)), np.ones((1, 2)), key, layer)}))
    assert shown.seen.count("tr") == 1
    page(LayerTrace({key: layer}, layer, key, layer))
