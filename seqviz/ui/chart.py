"""A picture on a page: how every chart is shown, with or without a player."""

import plotly.graph_objects as go
import streamlit as st


def show_chart(figure: go.Figure, *, key: str, alt: str) -> None:
    """Show a figure drawn with `seqviz.ui.theme.THEMED`.

    Args:
        figure: The picture.
        key: Of the element, starting with the page's prefix; also names the file it is saved as.
        alt: The takeaway, for whoever cannot see the picture.
    """
    st.plotly_chart(
        figure,
        key=key,
        theme="streamlit",
        alt=alt,
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
