"""The lesson's questions."""

from seqviz.ui.question import Question
from seqviz.wording import counted


def ask_about_layer(
    page: str, count: int, units: int, parameters: int, *, return_sequences: bool
) -> tuple[Question, ...]:
    """What a step reads, what `return_sequences` changes of the shape, and what more words make grow."""
    every = f"(1, {count}, {units})"
    both = "the last word's vector, and what it kept of the words before"
    return (
        Question(
            name="what_is_read",
            text="A recurrent layer goes through the words one by one. What does it read at the last word?",
            options={
                "the last word's vector": "Then nothing of the words before could reach the end: no "
                "arrow would lead from block to block.",
                "the vectors of all words": "That would be a Dense on the flattened sequence: a "
                "recurrent layer reads one word at a time.",
                both: "What it kept is its **state**. Of the two it makes a new one. So the last state holds something of every "
                "word that was read.",
            },
            answer=both,
            show={},
        ),
        Question(
            name="output_shape",
            text="What shape does the layer return with `return_sequences=True`?",
            options={
                f"(1, {units})": "That would be `return_sequences=False`: the last state only.",
                every: "The layer computes the same states either way: it returns all of them, or "
                "the last.",
                f"({count}, {units})": "That is all states of one sentence; Keras keeps the batch in "
                "front, even of one sentence.",
            },
            answer=every,
            show={f"{page}_return_sequences": True},
            veils=return_sequences,
        ),
        Question(
            name="more_words",
            text="Make the sentence longer. What grows?",
            options={
                "the number of weights": "That would be a block of its own for every word.",
                "how often the block is used": f"One set of {parameters:,} weights serves every "
                f"timestep, and h keeps its {counted(units, 'unit')}.",
                "the length of h": "That would be units = timesteps: but units are yours to choose, "
                "whatever the sentence.",
            },
            answer="how often the block is used",
            show={f"{page}_text": "I am Groot and you are Rocket", f"{page}_read_as": "auto"},
        ),
    )
