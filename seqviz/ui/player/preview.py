"""What `preview.js` needs of a figure, which it draws without Plotly."""

import json
from typing import Any

import plotly.graph_objects as go

_NOT_DRAWN = {"customdata", "hoverinfo", "hoverongaps", "hovertemplate", "hovertext", "showlegend"}


def drawn_spec(figure: go.Figure) -> dict[str, Any]:
    """Plotly's JSON of a figure, without what only Plotly makes use of."""
    spec: dict[str, Any] = json.loads(figure.to_json())
    for trace in spec["data"]:
        for name in _NOT_DRAWN & trace.keys():
            del trace[name]
    return spec
