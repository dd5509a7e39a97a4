"""A figure of dicts: checked by Plotly, or, where it is only sent to a browser, taken as it is.

Plotly checks every property of a figure when it is made, which takes a quarter of the time that
the app spends on a change of a slider (measured with 100 students). The library always has it
checked. The app asks for figures that are not: they are the same JSON, which a test says of every
picture.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

import numpy as np
import plotly.graph_objects as go
from _plotly_utils.utils import to_typed_array_spec

# As in Plotly's JSON.
Trace = dict[str, Any]  # type, x, y, …
Shape = Mapping[str, Any]  # type, x0, y0, …

_checked: ContextVar[bool] = ContextVar("checked", default=True)
# Asked of every property of every figure; a union written there would be made each time.
_PLAIN: Final = (float, str, int)
_LISTS: Final = (list, tuple)
_NO_TEMPLATE = {"data": {"scatter": [{"type": "scatter"}]}}  # what Plotly's "none" stands for


class UncheckedFigure(go.Figure):
    """A figure that can be shown and saved, but not changed or looked into."""

    def __init__(self, spec: dict[str, Any]) -> None:
        # Not super's, which is what takes the time; nor by attribute, which super would check.
        self.__dict__["_spec"] = spec

    def to_dict(self) -> dict[str, Any]:
        """The figure as JSON, as `go.Figure.to_dict` gives it."""
        return self.__dict__["_spec"]

    def to_plotly_json(self) -> dict[str, Any]:
        """The same."""
        return self.to_dict()


def figure_of(
    data: Sequence[Mapping[str, Any]],
    layout: Mapping[str, Any],
    frames: Sequence[Mapping[str, Any]] = (),
) -> go.Figure:
    """Make a figure of traces, layout and frames that are dicts as in Plotly's JSON.

    Where x or y is an array it becomes a list: given one, Plotly draws all of a chart anew when it
    is handed the same chart again, as Streamlit does.
    """
    data = [
        {**trace, **{axis: _listed(trace[axis]) for axis in ("x", "y") if axis in trace}}
        for trace in data
    ]
    if _checked.get():
        return go.Figure(data=data, layout=dict(layout), frames=list(frames))
    spec = {"data": _json(data), "layout": _json(dict(layout))}
    if spec["layout"].get("template") == "none":
        spec["layout"]["template"] = _NO_TEMPLATE
    if frames:
        spec["frames"] = _json(list(frames))
    return UncheckedFigure(spec)


def with_revision(figure: go.Figure, revision: str) -> go.Figure:
    """Give a figure a `datarevision`: with the same one Plotly takes its arrays for unchanged."""
    if isinstance(figure, UncheckedFigure):
        figure.to_dict()["layout"]["datarevision"] = revision
    else:
        figure.layout.datarevision = revision
    return figure


def leave_unchecked() -> None:
    """From now on, in this thread or task, take figures as they are."""
    _checked.set(False)


@contextmanager
def unchecked() -> Iterator[None]:
    """Take figures as they are, for as long as the context lasts."""
    token = _checked.set(False)
    try:
        yield
    finally:
        _checked.reset(token)


def _listed(values: Any) -> Any:
    if not isinstance(values, np.ndarray):
        return values
    if values.dtype == np.float32:  # with as few digits as tell it from its neighbours
        return [float(digits) for digits in values.astype(str)]
    return values.tolist()


def _json(value: Any) -> Any:
    """As Plotly turns it into JSON: nothing that is None, and arrays in base64."""
    if isinstance(value, dict):
        return {
            # Frames hold mostly numbers: a call for each takes a tenth of the time.
            key: part if isinstance(part, _PLAIN) else _json(part)
            for key, part in value.items()
            if part is not None
        }
    if isinstance(value, _LISTS):
        if value and isinstance(value[0], dict):
            return [_json(part) for part in value]
        return value
    if isinstance(value, np.ndarray):
        # Words are no typed array. As an array they have orjson give up, and Plotly try again slowly.
        return to_typed_array_spec(value) if value.dtype.kind in "biuf" else value.tolist()
    return value
