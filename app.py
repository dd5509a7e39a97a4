"""The start page: what is here, one picture of the whole path, and where to go."""

import streamlit as st

from seqviz.captions import subscript
from seqviz.figures.path import plot_path
from seqviz.ui import home
from seqviz.ui.note import note
from seqviz.ui.page import GROUPS, HOME, MISCONCEPTIONS, link_to, open_page
from seqviz.ui.player import opening_step, show_picture
from seqviz.ui.theme import THEMED
from seqviz.ui.warmup import warm_up_in_background

PAGE = "home"
_CARDS = 4  # in a row

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
    page=PAGE,
    signature=home.TEXT,
    step=step,
    captions=captions,
    alt="I am Groot becomes three tokens, three ids, three rows of the embedding matrix, three "
    "hidden states of SimpleRNN(4) starting from zeros, and the last of them is the output.",
)

for group, lessons in GROUPS.items():
    st.header(group, anchor=False)
    for first in range(0, len(lessons), _CARDS):
        for column, lesson in zip(st.columns(_CARDS), lessons[first:], strict=False):
            with column.container(border=True, height="stretch"):
                link_to(lesson, here=HOME)
                note(lesson.idea)
with st.container(border=True):
    link_to(MISCONCEPTIONS, here=HOME)
    note(MISCONCEPTIONS.idea)
warm_up_in_background()
