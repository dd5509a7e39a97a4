"""`seqviz.load_vectors` against gensim's loader of the same file."""

import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from statistics import median

from benchmarks.report import Result

_WORDS, _DIM = 50_000, 100
_ROUNDS = 5


def measure() -> Iterator[Result]:
    """Load 50,000 vectors of 100 numbers in word2vec's text format, the two taking turns.

    gensim (see requirements-bench.txt) is the loader that most tutorials use. That both read the
    same numbers is checked too.
    """
    import numpy as np
    from gensim.models import KeyedVectors

    import seqviz

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "vectors.txt"
        rows = np.random.default_rng(0).normal(size=(_WORDS, _DIM))
        with path.open("w", encoding="utf-8") as file:
            file.write(f"{_WORDS} {_DIM}\n")
            for number, row in enumerate(rows.tolist()):
                file.write(f"word{number} {' '.join(f'{x:.6f}' for x in row)}\n")

        ours, theirs = (
            partial(seqviz.load_vectors, path),
            partial(KeyedVectors.load_word2vec_format, str(path)),
        )
        mine, other = ours(), theirs()  # to warm up, too
        different = int((mine.vectors != other.vectors).any(axis=1).sum())
        different += list(mine.words) != other.index_to_key
        del other
        seconds: dict[Callable[[], object], list[float]] = {ours: [], theirs: []}
        for _ in range(_ROUNDS):
            for load, times in seconds.items():
                begun = time.perf_counter()
                load()
                times.append(time.perf_counter() - begun)

        begun = time.perf_counter()
        seqviz.nearest(mine, "word7")
        near = time.perf_counter() - begun
    at_ours, at_theirs = median(seconds[ours]), median(seconds[theirs])
    yield Result("load_vectors, 50,000 × 100", at_ours * 1e3, None, "ms")
    yield Result("gensim's load_word2vec_format, the same file", at_theirs * 1e3, None, "ms")
    yield Result("load_vectors / gensim", at_ours / at_theirs, 1)
    yield Result("rows that the two read differently", different, 0)
    yield Result("nearest of 50,000 × 100", near * 1e3, None, "ms")
