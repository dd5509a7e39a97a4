"""The equivalent Keras code under a picture."""

from typing import Final

import streamlit as st

# Streamlit's colours of code have a contrast of 2.2:1 and more, where WCAG AA asks for 4.5:1, and
# no setting. Mixed with the colour of the text around them they are readable in both themes.
_HUES: Final = {
    "": "#1c83e1",  # keywords, names, and whatever else is marked
    ".string": "#09ab3b",
    ":is(.number, .boolean)": "#29b09d",
    ".operator": "#ed6f13",
    ":is(.comment, .punctuation)": "#808495",
}


_READABLE: Final = "\n".join(
    [
        "<style>",
        *(
            # Twice, to weigh more than Streamlit's own.
            f"[data-testid=stCode] code .token.token{kind} "
            f"{{ color: color-mix(in srgb, {hue} 45%, currentColor) }}"
            for kind, hue in _HUES.items()
        ),
        "</style>",
    ]
)


def code(source: str) -> None:
    """Show the equivalent Keras code."""
    st.markdown("Runs as it stands, and prints the numbers above: the seeds are the same.")
    # Wrapped where it is too wide, and never in a box of its own: what scrolls inside the page is out
    # of reach for a keyboard.
    st.code(source, language="python", line_numbers=False, wrap_lines=True)
    st.html(_READABLE)
