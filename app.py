"""The start page: what is here, one picture of the whole path, and where to go."""

import streamlit as st

from seqviz.app import home
from seqviz.app.catalogue import GROUPS, HOME, MISCONCEPTIONS, Page
from seqviz.app.frame import link_to, open_page
from seqviz.app.home_figure import plot_path
from seqviz.app.warmup import warm_up_in_background
from seqviz.readout.wording import subscript
from seqviz.ui.player.player import place_for_picture, show_picture
from seqviz.ui.player.theme import THEMED
from seqviz.ui.url_state import opening_step

PAGE = "home"
_LINK_TO_IDEA = (1, 2)  # widths

open_page(HOME, needs_keras=False)
data = home.load()
captions = [
    f"A sentence: “{home.TEXT}”.",
    "It is cut into tokens: here, words.",
    "Each word has an id, its place in the vocabulary. 0 is padding, 1 is any unknown word.",
    "Embedding: each id copies its row of the matrix, a vector of 2 features.",
    *(
        f"SimpleRNN reads “{word}” and the state {subscript('h', k)}, and gives the new state "
        f"{subscript('h', k + 1)}."
        for k, word in enumerate(home.TOKENS)
    ),
    "The output is the last state: 4 numbers for the whole sentence.",
]
step = opening_step(PAGE, home.TEXT, len(captions) - 1)
show_picture(
    plot_path(*data, text=home.TEXT, tokens=home.TOKENS, step=step, palette=THEMED, controls=False),
    place_for_picture(PAGE),
    page=PAGE,
    signature=home.TEXT,
    step=step,
    captions=captions,
    alt="I am Groot becomes three tokens, three ids, three rows of the embedding matrix, three "
    "hidden states of SimpleRNN(4) starting from zeros, and the last of them is the output.",
)


def row(page: Page) -> None:
    """A link, and beside it (on a phone below it) what the page shows."""
    with st.container(border=True):
        link, idea = st.columns(_LINK_TO_IDEA, gap="xsmall", vertical_alignment="center")
        with link:
            link_to(page, here=HOME, plain=False)
        idea.markdown(page.idea)


for group, lessons in {**GROUPS, "For teachers": (MISCONCEPTIONS,)}.items():
    st.header(group, anchor=False)
    with st.container(gap="xsmall"):
        for lesson in lessons:
            row(lesson)
warm_up_in_background()
