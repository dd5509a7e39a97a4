"""How the words of the small tasks are drawn, and what is to be seen of each task."""

from collections.abc import Mapping
from typing import Final

from seqviz.plotly_kit.palette import NOT_A_WORD, TOKENS
from seqviz.tasks import GROUPS, NEVER

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
