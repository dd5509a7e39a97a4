"""What the lesson says: a caption per epoch, the nearest words, and a table."""

from collections.abc import Mapping
from typing import Final

from seqviz.lessons.meaning.compute import Journey, compute_neighbours
from seqviz.plotly_kit.palette import NOT_A_WORD, TOKENS
from seqviz.readout.table import Table
from seqviz.tasks.word_meaning import GROUPS, NEVER
from seqviz.vectors.neighbours import Neighbours
from seqviz.wording import counted

COLORS: Final[Mapping[str, str]] = {
    word: NOT_A_WORD if words == NEVER else TOKENS[i]
    for i, words in enumerate(GROUPS.values())
    for word in words
}
LABELS: Final[Mapping[str, str]] = {word: f"{word} (unseen)" for word in NEVER}
TAKEAWAYS: Final[Mapping[str, str]] = {
    "sentiment": "The loss needs the good words on one side and the bad ones on the other. "
    "No answer depends on **cat** or **dog**, so they do **not** come together.",
    "topic": "The animals come together, with **acts** and **runs**, which only they do here. "
    "**good** and **great** do **not**: this loss never asks about them.",
    "first word": "Only **the** and **my** go anywhere. **good** and **great**, **cat** and "
    "**dog**: similar words, and **not** near each other, since this loss asks for neither.",
    "missing word": "Words that fit the same gaps come together, as in word2vec: so **good** ends "
    "up next to **awful**, its opposite. That is this loss, not the layer.",
}


def how_to_read(data: Journey, word: str) -> str:
    """What is drawn, without what comes of it, in Markdown."""
    features = data.tables.shape[-1]
    numbers = "both numbers" if features == 2 else f"all {counted(features, 'number')}"
    said = (
        "Each point is the **row of a word**; hollow is where the row began, with random numbers. Dotted "
        f"lines lead from **{word}** to its nearest words, by {numbers} of a row. By **cosine**: it counts "
        "which way a row points, not how long it is; 1 is the same way, 0 a right angle, −1 opposite."
    )
    if features == 2:
        return said
    return said + (
        f" A map has only two directions of {features}: what looks near on it can be far in the others, "
        "and what is nearest can look far."
    )


def journey_captions(data: Journey, word: str = "") -> list[str]:
    """Say at each moment how far the training is, and which words are nearest to `word` then."""
    said = ["Before training: rows are random."]
    said += [f"After {counted(epoch, 'epoch')}:" for epoch in data.epochs[1:].tolist()]
    near = [
        f" Nearest to {word}: {neighbours_text(compute_neighbours(data, word, k))}." if word else ""
        for k in range(len(said))
    ]
    return [
        f"{start} {'loss' if k else 'Loss'} {loss:.3f}.{words}"
        for k, (start, loss, words) in enumerate(zip(said, data.losses.tolist(), near, strict=True))
    ]


def journey_table(data: Journey, *, k: int = 3) -> Table:
    """One row per word: how far it has come, and its nearest words before and after."""
    table: Table = {
        "word": list(data.words),
        "id": data.rows.tolist(),
        "moved": data.moved.tolist(),
        "distance moved": data.distances.tolist(),
    }
    for name, moment in (("nearest before", 0), ("nearest after", -1)):
        table[name] = [
            neighbours_text(compute_neighbours(data, word, moment, k=k)) for word in data.words
        ]
    return table


def neighbours_text(found: Neighbours) -> str:
    """Words and their cosines, such as ``great 0.99, nice 0.98``."""
    pairs = zip(found.words, found.similarities.tolist(), strict=True)
    return ", ".join(f"{word} {similarity:z.2f}" for word, similarity in pairs)
