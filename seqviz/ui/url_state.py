"""What the address says: bound controls, their defaults, and the step a picture opens at."""

import math
from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from typing import Any, Final
from urllib.parse import quote, urlencode

import streamlit as st

# Of one text, as the address writes it. Uvicorn and nginx (deploy/) answer addresses that are not much
# longer than three times that with an error, and a reload names the address twice.
MAX_CHARACTERS: Final = 20_000
_CLAMPED: Final = "_clamped"


_said: Final = ContextVar[Mapping[str, str] | None]("_said", default=None)


def read_address() -> None:
    """Read what the address says, once for this run, which has its thread to itself.

    To be called where a page begins.
    """
    _said.set(st.query_params.to_dict())


def said(parameter: str) -> str:
    """What the address says of a parameter that is no control's; empty if nothing.

    A page asks for such thirty times in a run, as at each of its controls whether a teacher's
    lesson locks it. No run changes them; those of controls Streamlit changes as it goes.
    """
    address = _said.get()
    return (st.query_params if address is None else address).get(parameter, "")


def bound(
    page: str,
    name: str,
    default: Any,
    *,
    within: tuple[float, float] | None = None,
    of: Sequence[Any] = (),
) -> dict[str, Any]:
    """Arguments that tie a widget to the URL parameter ``{page}_{name}``.

    A text that no address can hold is cut before, and a number that the widget does not have
    becomes the nearest that it has; both are said.

    Args:
        page: Prefix, so that pages do not share what is not meant to be shared.
        name: As in Keras.
        default: The widget's own default, as its session state holds it. Remembered, so that
            the page's examples can go back to it.
        within: The smallest and the largest number of a widget that takes all between.
        of: The numbers of a widget that has only these, as numbers or as text.
    """
    _defaults.setdefault(page, {})[name] = default
    key = f"{page}_{name}"
    _names[key] = page, name
    if isinstance(text := st.session_state.get(key), str):
        kept = _linkable(text)
        if kept != text:
            st.session_state[key] = kept
            st.info(
                f"Only the first {len(kept):,} characters are kept: the text is a part of this "
                "page's address, which has no room for more.",
                icon=":material/info:",
            )
    elif text is None and key in st.query_params and (within or of):
        _take_the_nearest(key, name, within, of)
    return {"key": key, "bind": "query-params"}


def _take_the_nearest(
    key: str, name: str, within: tuple[float, float] | None, of: Sequence[Any]
) -> None:
    """Put the nearest legal value in place of a number in the address that is not legal."""
    asked = as_number(st.query_params[key])
    if asked is None or (within and within[0] <= asked <= within[1]):
        return
    if within:
        nearest = value = min(max(asked, within[0]), within[1])
    else:
        numbers = [(n, value) for value in of if (n := as_number(value)) is not None]
        if not numbers:
            return
        nearest, value = min(numbers, key=lambda pair: abs(pair[0] - asked))
    st.session_state[key] = value
    if nearest != asked:
        st.session_state.setdefault(_CLAMPED, []).append(
            f"The address asks for {name} = {asked:g}; the nearest that this page has is "
            f"{nearest:g}, and that is shown."
        )


def as_number(value: Any) -> float | None:
    """What a text says as a number; None for what is none, or cannot be compared."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return None if math.isnan(number) else number


def say_what_was_clamped() -> None:
    """Say of each number in the address that was not legal what is shown in its place."""
    for notice in st.session_state.pop(_CLAMPED, ()):
        st.info(notice, icon=":material/info:")


def _linkable(text: str) -> str:
    """As much of a text as an address can hold in `MAX_CHARACTERS` characters."""
    while len(text) > MAX_CHARACTERS // 12:  # of UTF-8 at most 4 bytes, each written as %F0
        length = len(quote(text, errors="replace"))
        if length <= MAX_CHARACTERS:
            break
        text = text[: len(text) * MAX_CHARACTERS // length]
    return text


def defaults(page: str) -> Mapping[str, Any]:
    """What the controls of `page` that were drawn so far in this process start from."""
    return _defaults.get(page, {})


def is_set(key: str) -> bool:
    """Whether the address or the session says of a control something else than its default."""
    page, name = _names[key]
    default = _defaults[page][name]
    return key in st.query_params or st.session_state.get(key, default) != default


def name_of(key: str) -> tuple[str, str]:
    """The page and the name of a control that was drawn in this process, of its key."""
    return _names[key]


_defaults: dict[str, dict[str, Any]] = {}
_names: dict[str, tuple[str, str]] = {}


def page_address() -> str | None:
    """The page's address with its settings; None where the browser does not say where it is."""
    url = st.context.url
    if not url:
        return None
    settings = urlencode(st.query_params.to_dict(), errors="replace")
    return f"{url}?{settings}" if settings else url


def ask_for_step(parameter: str, step: Any) -> None:
    """Have a picture open at a step, also one that is on the page and elsewhere by now.

    Args:
        parameter: ``{page}_step``.
        step: From 0.
    """
    st.query_params[parameter] = str(step)
    st.session_state.pop("_opened", None)
    st.session_state["_asked_for"] = times_asked() + 1


def times_asked() -> int:
    """How often a step was asked for in this session."""
    return int(st.session_state.get("_asked_for", 0))


def opening_step(page: str, signature: str, last: int) -> int:
    """The step that a picture opens at: the one in the URL, or the last.

    The player moves the step in the URL without a rerun. The picture must not follow it on an
    unrelated rerun, since any change of its spec makes the browser draw it anew: so the answer
    stays until `signature`, which says what is drawn, changes.
    """
    memory = st.session_state.get("_opened")
    if memory is not None and memory[:2] == (page, signature):
        return memory[2]
    try:
        step = min(max(int(st.query_params[f"{page}_step"]), 0), last)
    except (KeyError, ValueError):
        step = last
    st.session_state["_opened"] = (page, signature, step)
    return step
