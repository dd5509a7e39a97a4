"""Text that goes into a figure: never markup, never longer than its place."""

import re
from collections.abc import Sequence
from typing import Final

from seqviz.errors import SeqvizError
from seqviz.wording import counted

_ENTITIES: Final = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("$", "&#36;"))
_UNSEEN: Final = re.compile("[\x00-\x08\x0e-\x1f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def plain(text: object) -> str:
    """Text as Plotly shows it literally.

    Plotly reads a subset of HTML in every label, and TeX between dollar signs where MathJax is
    loaded, as in a notebook. Streamlit's front end replaces colour place-holders such as
    ``#000001`` even inside words. All are broken up here. Controls that nobody sees, and that may
    turn round the text beside them, are shown as U+FFFD, like halves of a UTF-16 pair.
    """
    escaped = _UNSEEN.sub("\ufffd", str(text))
    for sign, entity in _ENTITIES:
        escaped = escaped.replace(sign, entity)
    return escaped.replace("#0000", "#\u200b0000").replace("%{", "%\u200b{")


def shorten(text: str, length: int) -> str:
    """At most `length` characters, with an ellipsis where some were left out."""
    return text if len(text) <= length else text[: length - 1] + "…"


def decimals(limit: float) -> int:
    """How many decimals tell values apart whose largest magnitude is `limit`."""
    return 1 if limit >= 10 else 2 if limit >= 0.1 else 3


def token_labels(tokens: Sequence[str] | None, timesteps: Sequence[int]) -> list[str]:
    """The token read at each processed step, or its position where no tokens were given.

    Raises:
        SeqvizError: There is not one token for each timestep.
    """
    if tokens is None:
        return [f"x{t + 1}" for t in timesteps]
    words = one_for_each(tokens, len(timesteps))
    return [words[t] for t in timesteps]


def one_for_each(tokens: Sequence[str], timesteps: int) -> list[str]:
    """The tokens as strings, one for each timestep.

    Raises:
        SeqvizError: They are one text, or of another number.
    """
    hint = "Give text.split(), or what the decode of a seqviz.Vocabulary makes of the ids."
    if isinstance(tokens, str | bytes):
        raise SeqvizError(
            f"tokens is the text {tokens!r}, but it must be a list of {counted(timesteps, 'word')}, "
            "one for each timestep; of a text, every character would be taken for a word. " + hint
        )
    _check_count("token", tokens, timesteps, hint)
    return [str(token) for token in tokens]


def id_for_each(ids: Sequence[int] | None, timesteps: int) -> list[int]:
    """The ids, one for each timestep; 2, 3, … if there are none, as the first words have.

    Raises:
        SeqvizError: They are of another number.
    """
    if ids is None:
        return list(range(2, timesteps + 2))
    _check_count("id", ids, timesteps, "Give those of the whole sentence, or none.")
    return [int(i) for i in ids]


def _check_count(what: str, given: Sequence[object], timesteps: int, hint: str) -> None:
    if len(given) != timesteps:
        raise SeqvizError(
            f"There {'is' if len(given) == 1 else 'are'} {counted(len(given), what)} for "
            f"{counted(timesteps, 'timestep')}, but there must be one for each, so that no number "
            f"stands under the wrong word. Hint: {hint}"
        )


def step_captions(labels: Sequence[str]) -> list[str]:
    """What the slider says at each step: the start, then each token."""
    return ["start", *(f"{k}: {plain(shorten(word, 12))}" for k, word in enumerate(labels, 1))]


def id_labels(ids: Sequence[int], tokens: Sequence[str] | None) -> list[str]:
    """The token of each id, or ``id 7`` where no tokens were given.

    Raises:
        SeqvizError: There is not one token for each id.
    """
    return [f"id {i}" for i in ids] if tokens is None else one_for_each(tokens, len(ids))


def with_ids(labels: Sequence[str], ids: Sequence[int], length: int) -> list[str]:
    """Each token in bold and its id, which is not said twice where it was typed as such."""
    return [
        f"<b>{plain(shorten(label, length))}</b>" + ("" if label == f"id {i}" else f" {i}")
        for label, i in zip(labels, ids, strict=True)
    ]
