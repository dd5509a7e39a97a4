"""What learners ask first, in their words, and the state of a lesson that answers it."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from seqviz.app import catalogue


class FirstQuestion(NamedTuple):
    """One of them.

    Attributes:
        question: As a learner asks it.
        lesson: Where it is answered.
        state: Controls of that page, without its prefix, or which of its questions is asked
            (``ask``); all others are at their defaults.
    """

    question: str
    lesson: catalogue.Page
    state: Mapping[str, str] = {}


# As the two classic questions have them; the first of each is the question itself.
FIRST_QUESTIONS: Final[Mapping[str, tuple[FirstQuestion, ...]]] = {
    "What is an Embedding in Keras?": (
        FirstQuestion("Which row does each word get?", catalogue.EMBEDDING, {"ask": "none"}),
        FirstQuestion("Is it a matrix multiplication?", catalogue.GATHER),
        FirstQuestion("Is it word2vec?", catalogue.GATHER, {"ask": "meaning"}),
        FirstQuestion("Which rows does training move?", catalogue.LEARNING),
        FirstQuestion("What is input_dim, and which ids are legal?", catalogue.IDS),
    ),
    "What are units, timesteps and return_sequences?": (
        FirstQuestion(
            "What does (3, 2) → SimpleRNN(4) mean?", catalogue.RECURRENT, {"ask": "none"}
        ),
        FirstQuestion("Why does the state start with zeros?", catalogue.RECURRENT, {"step": "0"}),
        FirstQuestion(
            "What does return_sequences change?",
            catalogue.OUTPUTS,
            {"return_sequences": "true"},
        ),
        FirstQuestion(
            "Why TimeDistributed?",
            catalogue.OUTPUTS,
            {"return_sequences": "true", "head": "TimeDistributed(Dense)"},
        ),
        FirstQuestion(
            "Why must a stack return sequences?",
            catalogue.STACKS,
            {"return_sequences_1": "false"},
        ),
    ),
}
