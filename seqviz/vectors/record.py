"""Word vectors, and a matrix filled from them, as arrays."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from seqviz.errors import NoSuchKeyError
from seqviz.short_repr import short_repr
from seqviz.wording import counted


@short_repr
class FilledEmbedding(NamedTuple):
    """The matrix of an embedding layer, filled from a file.

    Attributes:
        matrix: ``(vocab_size, dim)`` float32, to be given to the layer.
        words: ``(vocab_size,)``, the word of each row; ``id 7`` where it has none.
        sources: ``(vocab_size,)`` int, which row of the file each was copied from; -1 where it
            comes from the initializer.
        found: The words that were found, in the order of their rows.
        missing: Those that were not. Rows for padding and unknown words are in neither.
    """

    matrix: NDArray[np.float32]
    words: tuple[str, ...]
    sources: NDArray[np.integer]
    found: tuple[str, ...]
    missing: tuple[str, ...]


@short_repr
@dataclass(frozen=True, eq=False)
class WordVectors:
    """Words and their vectors, row by row.

    Attributes:
        words: ``(n,)``; labels may repeat (see `load_projector`).
        vectors: ``(n, dim)`` float32.
        notices: What the reader should know: words that came twice, rows left out.
    """

    words: tuple[str, ...]
    vectors: NDArray[np.float32]
    notices: tuple[str, ...] = ()

    @cached_property
    def index(self) -> dict[str, int]:
        """The row of each word; of equal words the first."""
        last = len(self.words) - 1
        return {word: last - row for row, word in enumerate(reversed(self.words))}

    @property
    def dim(self) -> int:
        """Length of a vector: the `output_dim` of an `Embedding`."""
        return int(self.vectors.shape[1])

    def __len__(self) -> int:
        """The number of words."""
        return len(self.words)

    def __iter__(self) -> Iterator[str]:
        return iter(self.words)

    def __contains__(self, word: object) -> bool:
        return word in self.index

    def __getitem__(self, word: str) -> NDArray[np.float32]:
        """The vector of a word, ``(dim,)``.

        Raises:
            SeqvizError: There is no such word; a KeyError too.
        """
        if word not in self.index:
            folded = word.lower() if isinstance(word, str) else word
            hint = f"{folded!r} is." if folded in self.index else "Ask with `in` first."
            raise NoSuchKeyError(
                f"{word!r} is none of these {counted(len(self), 'word')}. Hint: {hint}"
            )
        return self.vectors[self.index[word]]
