"""What the lesson says: a caption per epoch, the nearest words, and a table."""

from collections.abc import Mapping
from typing import Final

from seqviz.lessons.meaning.compute import Journey, compute_neighbours, group_cosines
from seqviz.plotly_kit.palette import NOT_A_WORD, TOKENS
from seqviz.readout.numbers import in_box
from seqviz.readout.table import Table
from seqviz.tasks.word_meaning import ANIMAL_VERBS, BAD, GOOD, GROUPS, STARTS, WORDS
from seqviz.vectors.neighbours import Neighbours
from seqviz.wording import counted

# Praise is red and blame blue.
KINDS: Final[Mapping[str, str]] = {
    "praise": TOKENS[1],
    "blame": TOKENS[0],
    "animal": TOKENS[2],
    "food": TOKENS[3],
    "other": TOKENS[4],
    "unseen": NOT_A_WORD,
}
COLORS: Final[Mapping[str, str]] = {
    word: color
    for words, color in zip(GROUPS.values(), KINDS.values(), strict=True)
    for word in words
}
# All but the words that the lesson speaks of.
FAINT: Final = frozenset(WORDS) - {"good", "great", "awful", "cat", "dog", "superb"}


_UNRELATED, _ALIKE = 0.3, 0.7  # a cosine's magnitude, up to and from which there is a word for it


def unnamed(data: Journey, task: str, word: str) -> frozenset[str]:
    """Words that stand on the map without their names: the loss asks nothing of them.

    None where `word` is one of them, since who asks for it looks among them.
    """
    asked = {
        "sentiment": (*GOOD, *BAD),
        "topic": (*GROUPS["animal"], *ANIMAL_VERBS),
        "first word": STARTS,
        "missing word": WORDS,
    }[task]
    if word not in asked:
        return frozenset()
    moments = range(len(data.path))
    near = {one for k in moments for one in compute_neighbours(data, word, k).words}
    return FAINT.difference(asked, near)


def companion(word: str) -> str:
    """The word that a line joins it with: for praise or blame an opposite, else one of its kind."""
    if word in GOOD + BAD:
        return "awful" if word in GOOD else "good"
    kind = next(words for words in GROUPS.values() if word in words)
    return next(other for other in kind if other != word)


def joined_by_lines(word: str) -> list[tuple[str, str]]:
    """Pairs of words with a line between them: `word` with its companion, and cat with dog."""
    pairs = [(word, companion(word))]
    return pairs if {*pairs[0]} == {"cat", "dog"} else [*pairs, ("cat", "dog")]


def takeaway(data: Journey, task: str) -> str:
    """What the loss has made of the words that the lesson speaks of, in Markdown."""

    def cosine(*words: str) -> str:
        before, after = group_cosines(data, words)[[0, -1]].tolist()
        return f"the cosine of their rows was {in_box(before)} and is **{in_box(after)}**"

    return {
        "sentiment": "The loss needs praise on one side and blame on the other. No answer depends on "
        f"**cat** or **dog**, so nothing pulls them together: {cosine('cat', 'dog')}. What little they "
        "move is by chance.",
        "topic": "The animals come together, with **acts** and **runs**, which only they do here: of "
        f"**cat** and **dog**, {cosine('cat', 'dog')}. This loss never asks about **good** and "
        f"**great**: {cosine('good', 'great')}.",
        "first word": "Only **the** and **my** go far. This loss asks neither about **cat** and **dog** "
        f"({cosine('cat', 'dog')}) nor about **good** and **great** ({cosine('good', 'great')}), so "
        "nothing pulls them together, similar as they are.",
        "missing word": "Words that fit the same gaps come together, as in word2vec: so does **good** "
        f"with **awful**, its opposite; {cosine('good', 'awful')}. That is this loss, not the layer.",
    }[task]


def how_to_read(data: Journey, word: str) -> str:
    """What is drawn, without what comes of it, in Markdown."""
    features = data.tables.shape[-1]
    others = ", and one between **cat** and **dog**" if joined_by_lines(word)[1:] else ""
    numbers = "both numbers" if features == 2 else f"all {counted(features, 'number')}"
    said = (
        "Each point is the **row of a word**, hollow where it began with random numbers; **unseen** words "
        f"stand in no sentence.\n\nDotted lines lead from **{word}** to its nearest words, a solid one to "
        f"**{companion(word)}**{others}. The **cosine** counts {numbers} of two rows, and says whether they "
        "point the same way (1), opposite ways (−1), or have nothing in common (0)."
    )
    if features == 2:
        return said
    return said + (
        f"\n\nThe map shows 2 of {features} directions, so trust the cosine, not the eye: words that have "
        "hardly moved stand together in the middle, whichever way their rows point."
    )


def alike(cosine: float) -> str:
    """What a cosine says, in a word."""
    if abs(cosine) < _UNRELATED:
        return "unrelated"
    return ("" if abs(cosine) > _ALIKE else "somewhat ") + ("alike" if cosine > 0 else "opposite")


def journey_captions(data: Journey, word: str = "") -> list[str]:
    """Say at each moment how far the training is, which words are nearest to `word`, and how near are two."""
    said = ["Before training: rows are random."]
    said += [f"After {counted(epoch, 'epoch')}:" for epoch in data.epochs[1:].tolist()]
    near = [
        f" Nearest to {word} by cosine (1: the same way): "
        f"{neighbours_text(compute_neighbours(data, word, k))}."
        if word
        else ""
        for k in range(len(said))
    ]
    pair = [""] * len(said)
    if word and {"cat", "dog"} <= set(data.words):
        cosines = group_cosines(data, ("cat", "dog"))
        pair = [f" Of cat and dog: {in_box(cosine)}." for cosine in cosines.tolist()]
    return [
        f"{start} {'loss' if k else 'Loss'} {loss:.3f}.{words}{of}"
        for k, (start, loss, words, of) in enumerate(
            zip(said, data.losses.tolist(), near, pair, strict=True)
        )
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
    return ", ".join(f"{word} {in_box(similarity)}" for word, similarity in pairs)
