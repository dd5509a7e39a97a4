"""What the lesson shows of some gradient steps on two sentences."""

from seqviz.lessons.learning.cached import Lesson, LessonRun
from seqviz.lessons.learning.compute import Learning
from seqviz.lessons.learning.figure import plot_learning
from seqviz.lessons.learning.words import learning_captions, learning_table, summary
from seqviz.typed_text import Encoded
from seqviz.ui.markdown import colored
from seqviz.ui.shown import Shown
from seqviz.ui.table import WIDEST
from seqviz.vocabulary import UNK, UNK_ID
from seqviz.wording import counted


def words_of(*sentences: Encoded) -> dict[int, str]:
    """The word of each row that a sentence reads, of the last sentence that has one."""
    return {
        row: UNK if row == UNK_ID else token  # one row for all words that have none
        for sentence in sentences
        for row, token in zip(sentence.ids, sentence.tokens, strict=True)
        if token != f"id {row}"
    }


def show_learning(
    lesson: Lesson, first: Encoded, second: Encoded, run: LessonRun, data: Learning
) -> Shown:
    """Every row of the table before and after each step."""
    words = words_of(second, first)
    batches = [f"batch {name}" for name in lesson.order]
    return Shown(
        of=(lesson, first, second),
        draw=lambda **options: plot_learning(data, words=words, batches=batches, **options),
        height=360,
        captions=learning_captions(data, batches, words),
        alt=f"{counted(len(batches), 'gradient step')} with {lesson.optimizer}: {summary(data)}",
        table=lambda widest: learning_table(data, batches, words, widest=widest),
        vector=lesson.embedding_dim,
        widest=WIDEST // 2,
        arrays=lambda: data.arrays,
        code=run.code,
        first="The model makes one number of the mean of the rows that it reads: it should be 1 for batch A and "
        "0 for batch B. The **loss** says how wrong it is. Each column shows what one step added to each row, "
        "to make the loss smaller; **0** is a row that stayed as it was.\n\n"
        "Each number has a **gradient**, which says how the loss changes when that number grows a little. The "
        f"**optimizer**, here {lesson.optimizer}, makes a step against it. A row that was not read has no part "
        "in the loss, so its gradient is 0. All rows that were read get the same, because the model takes "
        "their mean; a word that stands there twice gets it twice.",
        press=""
        if lesson.optimizer == "Adam"
        else "**Adam** goes on with what it moved before: press it, and see other rows move.",
        shapes=[
            "ids " + colored((1, len(first.ids)), axes=("gray", "blue")),
            f"`Embedding({lesson.vocab_size}, {lesson.embedding_dim})`",
            colored((1, len(first.ids), lesson.embedding_dim)),
            "`GlobalAveragePooling1D`",
            colored((1, lesson.embedding_dim)),
            "`Dense(1)`",
            colored((1, 1)),
        ],
        title=f"Which rows move with {lesson.optimizer}",
    )
