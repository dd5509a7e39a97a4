"""Where a lesson begins that a teacher sent, and where a class is joined."""

from seqviz.app.catalogue import LESSON
from seqviz.app.frame import open_page
from seqviz.app.lesson_start import begin_lesson, join_a_class

open_page(LESSON, needs_keras=False)
if not begin_lesson():
    join_a_class()
