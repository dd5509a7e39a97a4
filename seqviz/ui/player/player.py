"""The player under a picture: first, previous, play, next, last, scrub, speed, keyboard."""

import hashlib
import json
import time
from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from seqviz.plotly_kit.figure import with_revision
from seqviz.ui.guided import PATTERNS
from seqviz.ui.lesson_parts import is_framed
from seqviz.ui.player.chart import show_chart
from seqviz.ui.player.preview import drawn_spec
from seqviz.ui.player.sources import packed, stripped
from seqviz.ui.server.turns import others_compute
from seqviz.ui.url_state import ask_for_step, times_asked

_PREVIEWED = 60_000  # characters of a figure, at most, that is sent a second time for a preview
_SENDING = 0.012  # seconds; Streamlit looks for what to send every 10 ms
_DRAWING = 0.08  # seconds that a browser takes from there until it has drawn a picture
_LOADING = 120.0  # seconds that the slowest network takes for the code that a session begins with


_PLAYER = st.components.v2.component(
    "seqviz_player",
    html=stripped("player.html"),
    css=stripped("player.css"),
    js=packed(
        stripped(
            *("player.js", "charts.js", "text_fitting.js", "page_around.js"),
            *("scaling.js", "slide.js", "kept.js", "living.js"),
        )
    ),
)
# What every page needs and none sends again: a browser keeps it from page to page.
_ONCE = st.components.v2.component(
    "seqviz_once",
    js=packed(
        f"const PARTS = {json.dumps(PATTERNS, ensure_ascii=False)};\n"
        + stripped("preview.js", "words.js")
    ),
)


def have_code_sent() -> None:
    """Until a session has drawn a picture, send what draws a picture without Plotly, and what words show.

    To be called early: Streamlit's code of components is then asked for before all others. A slow
    network spends seconds on the code of the controls, and would then begin with this.
    """
    if st.session_state.get("_has_plotly"):
        return
    # Else who leaves a question open would be sent its 12 kB at each change for as long.
    begun: float = st.session_state.setdefault("_begun", time.monotonic())
    if time.monotonic() - begun < _LOADING:
        _ONCE(key="_once")


def signature_of(*what: object) -> str:
    """A short text that differs where anything that a picture shows differs."""
    return hashlib.blake2b(repr(what).encode(), digest_size=8).hexdigest()


def set_controls(values: Mapping[str, Any]) -> None:
    """Set controls by their keys, and have the picture that changes scrolled into view.

    For `on_click` of a button that may be far below the picture. The step of a picture that changes,
    ``{page}_step``, is no control: it stands in the address.
    """
    for key, value in values.items():
        if key.endswith("_step"):
            ask_for_step(key, value)
        else:
            st.session_state[key] = value
    st.session_state["_revealed"] = st.session_state.get("_revealed", 0) + 1


def place_for_picture(page: str) -> DeltaGenerator:
    """Where `show_picture` is to show it; to be called before what it shows is computed.

    Streamlit sends what there is, and then nothing for 10 ms: made together with the picture, the
    place would be sent alone, and the picture that much later.
    """
    return st.container(key=_key(page), gap="small")


def _key(page: str) -> str:
    return f"{page}_picture"


def show_picture(
    figure: go.Figure,
    place: DeltaGenerator,
    *,
    page: str,
    signature: str,
    step: int,
    captions: Sequence[str],
    alt: str,
    previewed: bool = True,
    answers: Mapping[str, bool] | None = None,
) -> None:
    """Show a figure that has one frame per step, and the player under it.

    Args:
        figure: With frames named "0", "1", …, already opened at `step`.
        place: From `place_for_picture`.
        page: Prefix of keys and of the URL's ``{page}_step``.
        signature: Says what is drawn; the player goes back to `step` when it changes.
        step: Where it opens.
        captions: What the player says at each step.
        alt: The takeaway, for whoever cannot see the picture.
        previewed: Whether it may be drawn before the browser has Plotly.
        answers: By question of a lesson, whether the first answer was right: the browser keeps
            them, and that the lesson was visited. None if there is nothing to keep.
    """
    # Streamlit hands Plotly every new chart twice, the second time as a copy. Of a chart with the
    # same revision Plotly does not compare arrays by identity, and so does not draw it again.
    figure = with_revision(figure, signature)
    with place:
        show_chart(figure, key=f"{page}_chart", alt=alt)
        _PLAYER(
            key=f"{page}_player",
            # As bytes: Streamlit's own JSON takes six for each subscript and each curly quote.
            data=json.dumps(
                {
                    "target": _key(page),
                    "signature": f"{signature}.{times_asked()}",
                    "step": step,
                    "captions": list(captions),
                    "parameter": f"{page}_step",
                    "visited": None if answers is None else [page, dict(answers)],
                    "framed": is_framed(),
                    "revealed": st.session_state.get("_revealed", 0),
                    "figure": _preview(figure, step) if previewed else None,
                },
                ensure_ascii=False,
                separators=(",", ":"),
            ).encode(errors="replace"),
        )
    if st.session_state.get("_shown") != (page, signature):
        st.session_state["_shown"] = page, signature
        _let_it_be_drawn()


def _let_it_be_drawn() -> None:
    """Hold back what stands below a new picture until the browser has had the time to draw it.

    A browser paints nothing until it is done with all it was sent: the table, the code and the
    proof, which are further down, would put the picture off by 20 ms.
    """
    end = time.monotonic() + _DRAWING
    # Python's lock is free meanwhile, so that the thread which sends messages sends the picture.
    time.sleep(_SENDING)
    while time.monotonic() < end and not others_compute():
        # Asked for anything, Streamlit ends a run whose control was moved again.
        st.session_state.get("_shown")
        time.sleep(_SENDING)


def _preview(figure: go.Figure, step: int) -> dict[str, Any] | None:
    """The first picture of a session, to be drawn before the browser has loaded Plotly."""
    if st.session_state.get("_has_plotly"):
        return None
    st.session_state["_has_plotly"] = True
    spec = drawn_spec(figure)
    if len(json.dumps(spec)) > _PREVIEWED:
        return None
    # The figure itself is what its frame of that step would make of it.
    spec["frames"] = [frame for frame in spec["frames"] if frame["name"] != str(step)]
    return spec
