"""A picture on a page: how every chart is shown, with or without a player."""

from collections.abc import Callable
from typing import Any

import plotly.graph_objects as go
import streamlit as st


def show_chart(
    figure: go.Figure, *, key: str, alt: str, on_pick: Callable[[], Any] | None = None
) -> None:
    """Show a figure drawn with `seqviz.ui.player.theme.THEMED`.

    Args:
        figure: The picture.
        key: Of the element, starting with the page's prefix; also names the file it is saved as.
        alt: The takeaway, for whoever cannot see the picture.
        on_pick: Called when a marker was clicked; what it was is in the session state, by `key`.
    """
    st.plotly_chart(
        figure,
        key=key,
        theme="streamlit",
        alt=alt,
        on_select=on_pick or "ignore",
        selection_mode="points",
        config={
            "displaylogo": False,
            "modeBarButtons": [["toImage"]],
            "toImageButtonOptions": {
                "format": "png",
                "scale": 3,
                "filename": f"seqviz_{key.removesuffix('_chart')}",
            },
        },
    )
