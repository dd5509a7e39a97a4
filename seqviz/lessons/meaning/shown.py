"""What the lesson shows of one training."""

from seqviz.lessons.meaning.cached import Job, job_code
from seqviz.lessons.meaning.compute import Journey, compute_neighbours
from seqviz.lessons.meaning.figure import plot_journey
from seqviz.lessons.meaning.words import (
    COLORS,
    FAINT,
    KINDS,
    how_to_read,
    joined_by_lines,
    journey_captions,
    journey_table,
    neighbours_text,
    unnamed,
)
from seqviz.tasks.word_meaning import WORDS, WordTask
from seqviz.ui.shown import Shown


def show_journey(job: Job, task: WordTask, word: str, data: Journey) -> Shown:
    """The map of all words, epoch by epoch, with one of them marked."""
    before, after = (neighbours_text(compute_neighbours(data, word, k)) for k in (0, -1))
    joined = joined_by_lines(word)
    return Shown(
        of=(job, int(data.epochs[-1]), word),
        draw=lambda **options: plot_journey(
            data,
            colors=COLORS,
            kinds=KINDS,
            labels=dict.fromkeys(unnamed(data, job.task, word), ""),
            faint=FAINT.difference(*joined),
            marked=[word],
            joined=joined,
            **options,
        ),
        height=400,
        captions=journey_captions(data, word),
        alt=f"A map of {len(WORDS)} words while a model learns to answer: {task.question} The "
        f"nearest words of {word} were {before}, and are {after}. "
        f"Words that no sentence holds stay where they were.",
        # On the page three nearest words each, in the file five.
        table=lambda widest: journey_table(data, k=5 if widest is None else 3),
        arrays=lambda: data.arrays,
        code=job_code(job),
        first=f"A model reads {len(task.ids)} sentences and learns to answer: **{task.question}** "
        + how_to_read(data, word),
        title=f"What rows come to mean: {task.question}",
    )
