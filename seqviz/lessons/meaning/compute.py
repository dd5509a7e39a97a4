"""How rows move on a map while a model trains, and who is near to whom before and after."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from seqviz.array_types import Floats
from seqviz.errors import SeqvizError
from seqviz.short_repr import short_repr
from seqviz.training.record import Training
from seqviz.vectors.neighbours import Neighbours, nearest
from seqviz.vectors.projection import Projection, compute_projection, project


@short_repr
class Journey(NamedTuple):
    """`N` rows of a table on one map, at `S` moments of its training.

    Attributes:
        words: ``(N,)``, the word of each row.
        rows: ``(N,)`` int, which rows of the table these are.
        projection: The map: principal components of the rows before and after together, so that
            it stays the same while they move.
        path: ``(S, N, 2)``, where each row is at each moment.
        tables: ``(S, N, F)``, the rows at each moment.
        epochs: ``(S,)`` int, epochs done at each moment.
        losses: ``(S,)``, the loss at each moment.
    """

    words: tuple[str, ...]
    rows: NDArray[np.integer]
    projection: Projection
    path: Floats
    tables: Floats
    epochs: NDArray[np.integer]
    losses: Floats

    @property
    def start(self) -> Floats:
        """``(N, F)``, the rows before training."""
        return self.tables[0]

    @property
    def end(self) -> Floats:
        """``(N, F)``, the rows after it."""
        return self.tables[-1]

    @property
    def arrays(self) -> dict[str, NDArray[Any]]:
        """What a file of it holds, by name."""
        return {
            "words": np.array(self.words),
            "before": self.start,
            "after": self.end,
            "map": self.path,
            "epochs": self.epochs,
            "losses": self.losses,
        }

    @property
    def distances(self) -> Floats:
        """``(N,)``, how far each row has come, in all its dimensions."""
        return np.linalg.norm(np.asarray(self.end - self.start, np.float64), axis=1)

    @property
    def moved(self) -> NDArray[np.bool_]:
        """``(N,)`` of bool, rows of which any bit differs at any moment that was kept."""
        return (self.end != self.start).any(axis=1)


def compute_journey(training: Training, words: Sequence[str], *, first_row: int = 0) -> Journey:
    """Put the rows of some words on one map, from before to after training.

    Args:
        training: What `seqviz.train` returned.
        words: The word of each row, beginning with that of `first_row`.
        first_row: Rows before it (padding, unknown words) are left out.

    Raises:
        SeqvizError: There are more words than rows, or none; or the training went to infinity.
    """
    count = len(words)
    if not 0 < count <= training.weights.shape[1] - first_row:
        raise SeqvizError(
            f"There are {count} words for rows {first_row} to {training.weights.shape[1] - 1}, but "
            "each needs one row of its own. Give one word for each row of the table."
        )
    tables = training.weights[:, first_row : first_row + count]
    projection = compute_projection(np.concatenate([tables[0], tables[-1]]))
    return Journey(
        words=tuple(words),
        rows=np.arange(first_row, first_row + count),
        projection=projection,
        path=project(projection, tables),
        tables=tables,
        epochs=training.epochs,
        losses=training.losses,
    )


def compute_neighbours(data: Journey, word: str, moment: int, *, k: int = 3) -> Neighbours:
    """The nearest words of `word` by cosine at a moment: 0 is before training, -1 after it.

    Raises:
        SeqvizError: `word` is not one of the words.
    """
    return nearest(data.tables[moment], word, k=k, words=data.words)


def group_cosines(data: Journey, words: Sequence[str]) -> Floats:
    """Mean cosine between each two of some words, at each moment: ``(S,)``.

    Raises:
        SeqvizError: A word is not on the map, or there are fewer than two.
    """
    if len(words) < 2 or not set(words) <= set(data.words):
        raise SeqvizError(
            f"The words {list(words)} were asked for, but two or more of {list(data.words)} are "
            "needed. Take words that are on the map."
        )
    places = [data.words.index(word) for word in words]
    rows = np.asarray(data.tables[:, places], np.float64)
    units = rows / np.maximum(np.linalg.norm(rows, axis=-1, keepdims=True), 1e-15)
    one, other = np.triu_indices(len(places), 1)
    return (units[:, one] * units[:, other]).sum(axis=-1).mean(axis=-1)
