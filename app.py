"""The start page: what learners ask first, one picture of the whole path, and the two tracks."""

import streamlit as st

from seqviz.app import home
from seqviz.app.catalogue import GLOSSARY, GROUPS, HOME, LESSON, MISCONCEPTIONS
from seqviz.app.first_questions import FIRST_QUESTIONS
from seqviz.app.frame import open_page
from seqviz.app.home_figure import plot_path
from seqviz.app.links import link_to, link_to_state
from seqviz.app.progress import sum_up
from seqviz.app.warmup import warm_up_in_background
from seqviz.ui.player.player import place_for_picture, show_picture
from seqviz.ui.player.theme import THEMED
from seqviz.ui.sentence import sentence_box, sentence_parameters
from seqviz.ui.url_state import opening_step
from seqviz.wording import counted, subscript

PAGE = HOME.key

open_page(HOME, needs_keras=False)
box, join = st.columns((4, 1), vertical_alignment="bottom")
with box:
    sentence_box(PAGE, "Your sentence goes along to the lessons")
with join:
    link_to_state(LESSON, {}, label="Join a class")
for (classic, questions), column in zip(FIRST_QUESTIONS.items(), st.columns(2), strict=True):
    with column, st.container(gap="xsmall"):
        st.markdown(f"**{classic}**")
        for one in questions:
            state = {
                **sentence_parameters(PAGE, one.lesson.key),
                **one.lesson.parameters(one.state),
            }
            link_to_state(one.lesson, state, label=one.question)

st.header("The whole path, once", anchor=False)
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


for group, lessons in GROUPS.items():
    minutes = sum(lesson.minutes for lesson in lessons)
    st.header(f"{group}: {counted(len(lessons), 'lesson')}, {minutes} minutes", anchor=False)
    with st.container(gap="xsmall", key=f"home_track_{lessons[0].key}"):
        for number, lesson in enumerate(lessons, 1):
            with st.container(border=True):
                # On a phone the idea is below the link.
                link, idea = st.columns((1, 2), gap="xsmall", vertical_alignment="center")
                with link:
                    link_to(lesson, here=HOME, label=f":blue[**{number}. {lesson.title}**]")
                idea.markdown(f"{lesson.idea} :gray[:small[{lesson.minutes}\N{NO-BREAK SPACE}min]]")
sum_up(*GROUPS)
link_to(MISCONCEPTIONS, here=HOME, label=f":blue[**{MISCONCEPTIONS.title}**]")
link_to(GLOSSARY, here=HOME, label=f":blue[**{GLOSSARY.title}**]")
warm_up_in_background()
