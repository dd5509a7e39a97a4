"""What the lesson about training says, in words and numbers."""

from seqviz.lessons.training.words import expected, habit_text, shares_text
from seqviz.tasks import make


def test_a_minus_is_a_minus():
    assert shares_text(-0.7861, 0.5) == (
        "the words' shares add up to **−0.786**; the prediction moved by **0.500**."
    )


def test_what_is_answered_before_the_end_is_a_habit_where_only_the_end_was_trained():
    assert "whole sentences only" in habit_text(make("sentiment"))
    assert habit_text(make("names")) == ""


def test_what_is_reached_is_said_without_how_it_was_tried():
    assert (
        expected("sentiment")
        == "With the default settings at least 95% of the held-out answers are right."
    )
