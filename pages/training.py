"""Train and watch: what learning does to rows, states and gates."""

from dataclasses import replace

import streamlit as st

from seqviz.app.catalogue import TRAINING
from seqviz.app.frame import open_page
from seqviz.lessons.training import cached, controls, parts
from seqviz.lessons.training.questions import ask_about_training
from seqviz.lessons.training.setup import CSV
from seqviz.lessons.training.shown import show_training
from seqviz.lessons.training.upload import csv_box
from seqviz.lessons.training.words import words_known
from seqviz.ui.classroom.given_lesson import all_free
from seqviz.ui.examples import examples
from seqviz.ui.fold import topic

page = open_page(TRAINING)

left, middle, right = st.columns([2, 3, 3], vertical_alignment="bottom")
with left:
    task_name = controls.task_choice(page.key)
own = csv_box(page.key) if task_name == CSV else None
with st.sidebar:
    setup, against = controls.settings(page.key, task_name, "" if own is None else own.digest)
setup, task = parts.task_of(setup, None if own is None else own.task)
with middle:
    hint = words_known(task) if task.turning else None
    probe = parts.read_probe(task, controls.probe_box(page.key, task.probe, hint))
with right:
    show, difference = controls.view(page.key)
parts.say_notices(task)

trained = cached.trained(page.key, setup, task)
other = None
if against != controls.NOTHING and against != setup.settings.cell:
    second = setup._replace(settings=replace(setup.settings, cell=against))
    other = cached.trained(page.key, second, task, which="against")
data = page.compute(
    cached.watched,
    trained,
    task,
    cached.ids_of(probe),
    probe,
    controls.layer_choice(page.key, setup.settings),
)
page.ask(ask_about_training(page.key, task_name, compares=other is not None))
page.show(
    show_training(
        trained,
        task,
        probe,
        data,
        show=show,
        difference=difference,
        typing=all_free(page.key, ["probe"]),
    ),
    under=lambda: parts.say_how_it_went(trained, task, probe, data, show),
)
examples(page.key)
with topic(page.key, "shares", "Which word moved the prediction?") as opened:
    if opened:
        parts.show_shares(page.key, trained, task, probe, data)
if task.classes:
    with topic(page.key, "best_unit", "What does a unit hold?") as opened:
        if opened:
            parts.show_unit(page.key, trained, task)
runs = parts.keep_runs(page.key, [one for one in (other, trained) if one is not None])
parts.show_runs(page.key, runs, other)
page.numbers()
page.code()
parts.offer_trace(page.key, trained, task, probe)
page.take_home()
page.prove()
