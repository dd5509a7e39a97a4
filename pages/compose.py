"""A teacher puts a lesson together: pages, their order, what students may change, questions."""

from seqviz.app.catalogue import MAKE_LESSON
from seqviz.app.compose import edit_steps, load_a_lesson, send_it, title_and_word
from seqviz.app.compose_files import files_of
from seqviz.app.frame import open_page
from seqviz.ui.classroom.draft import draft

open_page(MAKE_LESSON, needs_keras=False)
making = draft()
title_and_word(making)
edit_steps(making)
if making.steps:
    send_it(making)
    files_of(making)
load_a_lesson(making)
