"""What holds for every picture: it opens where asked, plays, is deterministic, and small enough.

What each one shows is in test_figures_content.py.
"""

import html
import json
import re
import subprocess
import sys
from functools import cache

import numpy as np
import plotly.graph_objects as go
import plotly.io as pio
import pytest
from hypothesis import given, settings, strategies as st

from seqviz import SeqvizError
from seqviz.app.home_figure import STEPS, plot_path
from seqviz.figures import (
    DARK,
    LIGHT,
    plot_embedding_lookup,
    plot_gates,
    plot_states,
    plot_unrolled,
)
from seqviz.lessons.embedding.compute import compute_embedding_lookup
from seqviz.lessons.recurrent.gates import compute_gates
from seqviz.plotly_kit.html_file import to_html
from seqviz.plotly_kit.labels import decimals, plain, shorten, step_captions, token_labels
from seqviz.plotly_kit.palette import DIVERGING, FAINT, IN_CELL, NOT_A_WORD, TOKENS
from seqviz.readout.unrolled import compute_unrolled
from seqviz.ui.player.theme import THEMED
from tests import ROOT
from tests.unit.samples import embedding, recurrent

# The same examples in every run, however slow the machine.
STEADY = settings(deadline=None, database=None, derandomize=True)


def ids_of(timesteps):
    return [2 + t % 40 for t in range(timesteps)]


def lookup_trace(timesteps, units):
    return embedding(ids_of(timesteps), features=units)


# How to plot it, what its trace is, and what its compute_* makes of that.
PLOTS = {
    "lookup": (plot_embedding_lookup, lookup_trace, compute_embedding_lookup),
    "unrolled": (plot_unrolled, recurrent, compute_unrolled),
    "states": (plot_states, recurrent, compute_unrolled),
    "gates": (plot_gates, recurrent, compute_gates),
}
SIZES = {"tiny": (1, 1), "usual": (5, 4), "large": (120, 40)}


def words(timesteps):
    return [f"w{t}" for t in range(timesteps)]


def make(name, size="usual", **options):
    timesteps, units = SIZES[size]
    if name == "path":
        lookup = compute_embedding_lookup(embedding(ids_of(timesteps)), max_rows=8)
        data = compute_unrolled(recurrent(timesteps, units, "SimpleRNN", features=2))
        tokens = options.pop("tokens", words(timesteps))
        return plot_path(lookup, data, text=" ".join(tokens), tokens=tokens, **options)
    plot, trace, _ = PLOTS[name]
    return plot(trace(timesteps, units), **options)


@cache
def _made(name, size, options):
    return make(name, size, **dict(options))


def draw(name, size="usual", **options):
    """As `make`, but the same picture is made once for all tests."""
    if "tokens" in options:
        options["tokens"] = tuple(options["tokens"])
    return _made(name, size, tuple(options.items()))


NAMES = [*PLOTS, "path"]
CASES = [(name, size) for name in NAMES for size in SIZES if (name, size) != ("path", "large")]
each = pytest.mark.parametrize("name", NAMES)
each_size = pytest.mark.parametrize(("name", "size"), CASES)


def steps_of(name, size="usual"):
    return SIZES[size][0] + (len(STEPS) + 1 if name == "path" else 1)


def strings(value, below=()):
    """Every string in a JSON document, with the key it stands under."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from strings(inner, (*below, key))
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner, below)
    elif isinstance(value, str):
        yield below[-1], value


def texts(figure):
    """Strings that can be seen; those of typed arrays left out."""
    unseen = ("bdata", "dtype", "shape")
    return [text for key, text in strings(json.loads(figure.to_json())) if key not in unseen]


# --- data in, figure out ---------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", PLOTS)
def test_takes_a_trace_or_what_compute_makes_of_it(name, size):
    plot, trace, compute = PLOTS[name]
    trace = trace(*SIZES[size])
    tokens = words(SIZES[size][0])
    figure = plot(trace, tokens=tokens)
    assert isinstance(figure, go.Figure)
    assert figure.to_json() == plot(compute(trace), tokens=tokens).to_json()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", PLOTS)
def test_tokens_are_optional(name, size):
    timesteps, _ = SIZES[size]
    with_tokens = " ".join(texts(draw(name, size, tokens=words(timesteps))))
    without = " ".join(texts(draw(name, size)))
    assert f"w{timesteps - 1}" in with_tokens
    assert f"w{timesteps - 1}" not in without
    assert ("id 2" if name == "lookup" else "x1") in without


@pytest.mark.parametrize("count", [0, 2, 9])
@pytest.mark.parametrize("name", PLOTS)
def test_too_few_or_too_many_tokens_are_refused_with_both_numbers(name, count):
    with pytest.raises(SeqvizError, match=f"There are {count} tokens for 5 timesteps"):
        draw(name, tokens=words(count))


@pytest.mark.parametrize("name", PLOTS)
def test_a_text_is_not_taken_for_its_characters(name):
    with pytest.raises(SeqvizError, match=r"tokens is the text.*\.split\(\).*Vocabulary"):
        make(name, tokens="Groot")


@pytest.mark.parametrize("name", PLOTS)
def test_a_sample_that_is_not_there_is_said(name):
    _, trace, compute = PLOTS[name]
    with pytest.raises(SeqvizError, match="Hint: "):
        compute(trace(3, 2), sample=1)


def test_gates_of_a_cell_without_any_are_refused():
    with pytest.raises(SeqvizError, match=r"SimpleRNN has no gates.*Hint: use plot_states"):
        plot_gates(recurrent(cell="SimpleRNN"))


@pytest.mark.parametrize("height", [300, 700])
@each
def test_has_the_height_it_is_given(name, height):
    assert draw(name, height=height).layout.height == height


# --- steps -----------------------------------------------------------------------------------


@each_size
def test_there_is_a_frame_for_every_step_and_one_before_the_first(name, size):
    figure = draw(name, size)
    assert [frame.name for frame in figure.frames] == [str(k) for k in range(steps_of(name, size))]


@each_size
def test_frames_move_the_same_shapes_and_nothing_else(name, size):
    figure = json.loads(draw(name, size).to_json())
    shapes = figure["layout"]["shapes"]
    moved = [list(shape) for shape in figure["frames"][0]["layout"]["shapes"]]
    assert len(moved) == len(shapes)
    for frame in figure["frames"]:
        assert frame.keys() == {"name", "layout"}
        assert frame["layout"].keys() == {"shapes"}
        # The same keys in every frame: stepping back undoes what stepping forward did.
        assert [list(shape) for shape in frame["layout"]["shapes"]] == moved
        for shape, move in zip(shapes, frame["layout"]["shapes"], strict=True):
            # Not `visible`: without a redraw plotly.js 4.2 keeps on screen what becomes invisible.
            assert move.keys() <= {"x0", "x1", "y0", "y1", "line"}
            # A frame that changes a colour replaces the line as a whole.
            assert move.get("line", shape["line"]).keys() == shape["line"].keys()
            assert {"x0", "x1", "y0", "y1", "type"} <= shape.keys() | move.keys()


@each_size
def test_no_two_frames_are_alike(name, size):
    frames = [frame.layout.to_plotly_json() for frame in draw(name, size).frames]
    assert len({json.dumps(frame, sort_keys=True) for frame in frames}) == len(frames)


@each_size
@pytest.mark.parametrize(
    ("step", "opened"), [(None, -1), (0, 0), (1, 1)], ids=["the end", "start", "first"]
)
def test_opens_at_a_step(name, size, step, opened):
    figure = json.loads(draw(name, size, step=step).to_json())
    opened %= steps_of(name, size)
    moves = figure["frames"][opened]["layout"]["shapes"]
    for shape, move in zip(figure["layout"]["shapes"], moves, strict=True):
        assert shape.items() >= move.items()
    assert figure["layout"]["sliders"][0]["active"] == opened


@each
@pytest.mark.parametrize("step", [-1, 10_000])
def test_a_step_that_is_not_there_is_refused(name, step):
    with pytest.raises(SeqvizError, match=rf"step is {step}, but .* steps 0 to \d+"):
        draw(name, step=step)


@each
def test_step_changes_nothing_but_where_it_opens(name):
    def rest(step):
        figure = json.loads(draw(name, step=step).to_json())
        del figure["layout"]["shapes"], figure["layout"]["sliders"][0]["active"]
        return figure

    assert rest(0) == rest(3) == rest(None)


@each_size
def test_slider_names_every_frame(name, size):
    figure = draw(name, size)
    (slider,) = figure.layout.sliders
    assert [step.args[0][0] for step in slider.steps] == [frame.name for frame in figure.frames]
    assert all(step.method == "animate" for step in slider.steps)
    assert [button.method for button in figure.layout.updatemenus[0].buttons] == ["animate"] * 2


@each
def test_the_page_can_leave_plotlys_controls_out(name):
    figure = draw(name, controls=False)
    assert not figure.layout.sliders
    assert not figure.layout.updatemenus
    assert figure.layout.shapes == draw(name).layout.shapes
    assert len(figure.frames) == steps_of(name)
    assert figure.layout.margin.b < draw(name).layout.margin.b


# --- the same picture every time -------------------------------------------------------------


@each_size
def test_same_parameters_same_bytes(name, size):
    assert make(name, size, step=1).to_json() == make(name, size, step=1).to_json()


@pytest.mark.parametrize("template", ["plotly_dark", "ggplot2", "none"])
@each
def test_default_template_is_not_asked(name, template, monkeypatch):
    expected = make(name).to_json()
    monkeypatch.setattr(pio.templates, "default", template)
    assert make(name).to_json() == expected


def test_importing_streamlit_changes_no_picture():
    code = (
        "import plotly.io as pio\n"
        "from tests.unit.figures.test_every_picture import NAMES, make\n"
        "before, default = [make(n).to_json() for n in NAMES], pio.templates.default\n"
        "import streamlit\n"
        "assert pio.templates.default != default\n"
        "print([make(n).to_json() for n in NAMES] == before)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == "True", done.stderr


def test_pictures_need_neither_keras_nor_streamlit():
    code = (
        "import sys\n"
        "from tests.unit.figures.test_every_picture import NAMES, make\n"
        "[make(n).to_json() for n in NAMES]\n"
        "print([m for m in ('keras', 'tensorflow', 'streamlit') if m in sys.modules])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == "[]", done.stderr


# --- colours ---------------------------------------------------------------------------------


@pytest.mark.parametrize("palette", [LIGHT, DARK, THEMED], ids=["light", "dark", "themed"])
@each_size
def test_every_color_is_of_the_house(name, size, palette):
    figure = draw(name, size, palette=palette)
    used = {color for text in texts(figure) for color in re.findall("#[0-9a-fA-F]{6}", text)}
    house = {*vars(palette).values(), *TOKENS, NOT_A_WORD, IN_CELL, *(c for _, c in DIVERGING)}
    assert used <= house
    assert palette.text in used
    assert palette.background in used


@each_size
def test_values_have_one_scale_centred_on_zero(name, size):
    heatmaps = [t for t in draw(name, size).data if t.type == "heatmap" and t.yaxis != "y20"]
    assert heatmaps  # y20 is the strip that says what is returned: no values
    for trace in heatmaps:
        assert trace.colorscale in (DIVERGING, FAINT)  # the latter where a row is not looked up
        assert trace.zmin == -trace.zmax < 0
        assert np.nanmax(np.abs(trace.z)) <= trace.zmax * (1 + 1e-6)
        assert trace.z.dtype == np.float32


# --- words -----------------------------------------------------------------------------------

MARKUP = [
    "<b>x</b>",
    "<a href>",
    "<br>",
    "<script>",
    "%{x}",
    "%{z:.2f}",
    "&lt;",
    "&amp;",
    "#000001",
    "#000037",
]


@pytest.mark.parametrize("token", MARKUP)
@each
def test_tokens_are_never_markup(name, token):
    """The picture is that of a harmless word but where the word stands, and it stands escaped."""
    escaped = plain(token)
    assert escaped != token
    seen = texts(draw(name, tokens=[token] * 5))
    harmless = texts(draw(name, tokens=["word"] * 5))
    assert [text.replace(escaped, "word") for text in seen] == harmless
    assert any(escaped in text for text in seen)


@pytest.mark.parametrize(
    "token",
    [
        '<a href="javascript:alert(1)">click here</a>',
        "<img src=x onerror=alert(1)>",
        "</script><script>alert(1)</script>",
        "aaaaaaa<b>bbbbb",
    ],
)
@each
def test_nor_when_they_are_cut(name, token):
    for text in texts(draw(name, tokens=[token] * 5)):
        assert not re.search("<(?!/?b>|br>|extra>|/extra>)", text)
        assert text.count("<b>") == text.count("</b>") <= 1


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("word", "word"),
        ("<b>", "&lt;b&gt;"),
        ("&lt;", "&amp;lt;"),
        ("#000001", "#\u200b000001"),
        ("a%{x}", "a%\u200b{x}"),
        ("100% {x} #1234", "100% {x} #1234"),
        (7, "7"),
    ],
)
def test_plain(text, shown):
    assert plain(text) == shown


@STEADY
@given(st.text(st.sampled_from("<>&;#0123%{}xlt")))
def test_plain_leaves_nothing_to_interpret(text):
    shown = plain(text)
    assert not re.search("[<>]|%{|#0000|&(?!amp;|lt;|gt;)", shown)
    assert html.unescape(shown).replace("\u200b", "") == text


@pytest.mark.parametrize(
    ("text", "length", "short"), [("abc", 3, "abc"), ("abcd", 3, "ab…"), ("", 3, "")]
)
def test_shorten(text, length, short):
    assert shorten(text, length) == short


@pytest.mark.parametrize(
    ("limit", "places"), [(0.05, 3), (0.1, 2), (1, 2), (9.9, 2), (10, 1), (1e6, 1)]
)
def test_decimals_tell_values_apart(limit, places):
    assert decimals(limit) == places


def test_labels():
    assert token_labels(None, [1, 0]) == ["x2", "x1"]
    assert token_labels(["a", "b"], [1, 0]) == ["b", "a"]
    assert step_captions(["<", "a" * 13]) == ["start", "1: &lt;", f"2: {'a' * 11}…"]


# --- sizes -----------------------------------------------------------------------------------


def size_of(name, timesteps, units, **arguments):
    plot, trace, _ = PLOTS[name]
    return len(plot(trace(timesteps, units, **arguments), tokens=words(timesteps)).to_json())


@pytest.mark.parametrize("cell", ["SimpleRNN", "GRU", "LSTM"])
@pytest.mark.parametrize("units", [4, 16, 64])
@pytest.mark.parametrize("name", ["unrolled", "states"])
def test_figure_grows_no_faster_than_the_sequence(name, units, cell):
    arguments = {"cell": cell, "return_sequences": True}
    assert size_of(name, 200, units, **arguments) <= 4.4 * size_of(name, 50, units, **arguments)


@pytest.mark.parametrize("name", ["unrolled", "states"])
def test_figure_of_64_units_over_50_timesteps_is_small(name):
    assert size_of(name, 50, 64, cell="LSTM", return_sequences=True) <= 150_000


@pytest.mark.parametrize("name", ["lookup", "gates"])
def test_other_figures_grow_no_faster_than_the_sequence(name):
    assert size_of(name, 200, 16) <= 4.4 * size_of(name, 50, 16)


# --- as a file -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def page():
    return to_html(
        draw("unrolled", tokens=["</script>"] * 5),
        title="<i>Title</i> {0} &",
        text="<script>alert(1)</script> {picture} “quoted”",
    )


def test_html_plays_without_a_network(page):
    scripts = re.findall(r"<script\b([^>]*)>", page)
    assert scripts
    assert not any("src" in attributes for attributes in scripts)
    assert not re.search(r"<(?:link|iframe)\b", page.split("<div")[0])
    assert "plotly.js v" in page
    assert len(page) > 1_000_000  # Plotly's own code
    assert "Plotly.addFrames" in page
    assert page.count("</script>") == len(scripts)


def test_html_escapes_its_words(page):
    assert "<title>&lt;i&gt;Title&lt;/i&gt; {0} &amp;</title>" in page
    assert "<h1>&lt;i&gt;Title&lt;/i&gt; {0} &amp;</h1>" in page
    assert "<p>&lt;script&gt;alert(1)&lt;/script&gt; {picture} “quoted”</p>" in page
    assert page.startswith("<!doctype html>\n")
    assert '<meta charset="utf-8">' in page


def test_html_does_not_start_by_itself(page):
    assert "Plotly.animate(" not in page.rpartition("Plotly.addFrames")[2]
