"""A control of a lesson, or what stands in its place where a teacher's lesson locks it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

from seqviz.ui.classroom.given_lesson import given_step
from seqviz.ui.markdown import literal
from seqviz.ui.url_state import as_number, defaults, is_set, name_of

_only_what_is_set: Final = ContextVar("_only_what_is_set", default=False)
_OF_OPTIONS: Final = {"selectbox", "select_slider", "segmented_control", "pills", "radio"}


def control(
    widget: Callable[..., Any], label: str, *arguments: Any, key: str, bind: str, **more: Any
) -> Any:
    """Draw a widget that is bound to the address, or say its value where it is locked.

    A locked control is text, not a disabled widget: what is not drawn cannot be forged. Its value
    is the lesson's, whatever the rest of the address or the session says.

    Args:
        widget: Of Streamlit, or of one of its containers: `st.slider`.
        label: Of the widget.
        arguments: More of the widget's, by position.
        key: From `bound`, as is `bind`: ``control(st.toggle, "x", **bound(page, "x", True))``.
        bind: Of the widget.
        more: More of the widget's, by name.

    Returns:
        What the widget returns, or would return.
    """
    page, name = name_of(key)
    step = given_step(page)
    if step is None or step.mode_of(name) == "free":
        if _only_what_is_set.get() and not is_set(key):
            return defaults(page)[name]
        return widget(label, *arguments, key=key, bind=bind, **more)
    value = _locked(step.state.get(name), defaults(page)[name], widget, arguments, more)
    if step.mode_of(name) == "shown":
        # In the widget's own container.
        widget.__self__.markdown(f"{literal(label)}: **{literal(_written(value))}**")  # type: ignore[attr-defined]
    return value


@contextmanager
def only_what_is_set() -> Iterator[None]:
    """Leave out controls that are at their default: nobody sees them now."""
    token = _only_what_is_set.set(True)
    try:
        yield
    finally:
        _only_what_is_set.reset(token)


def _locked(
    said: str | None, default: Any, widget: Any, arguments: Sequence[Any], more: dict[str, Any]
) -> Any:
    """What the widget would return for what a link says, or for nothing."""
    if said is None:
        return default
    if widget.__name__ in _OF_OPTIONS:
        options = list(more.get("options", arguments[0] if arguments else ()))
        return _option(said, options, default)
    if isinstance(default, bool):
        return {"true": True, "false": False}.get(said.lower(), default)
    if isinstance(default, int | float):
        low, high = _range(widget.__name__, arguments, more)
        number = as_number(said)
        return default if number is None else type(default)(min(max(number, low), high))
    return said


def _option(said: str, options: Sequence[Any], default: Any) -> Any:
    """The option that is written so, or the nearest number."""
    for option in options:
        if str(option) == said:
            return option
    number = as_number(said)
    numbers = [(n, option) for option in options if (n := as_number(option)) is not None]
    if number is None or not numbers:
        return default
    return min(numbers, key=lambda pair: abs(pair[0] - number))[1]


def _range(kind: str, arguments: Sequence[Any], more: dict[str, Any]) -> tuple[float, float]:
    """The smallest and the largest value of a slider or an input of numbers."""
    given = dict(zip(("min_value", "max_value"), arguments, strict=False)) | more
    return given["min_value"], given["max_value"]


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return str(value)
    return f"{value:g}" if isinstance(value, float) else str(value)
