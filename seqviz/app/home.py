"""The numbers of the start page's picture: made by Keras beforehand, loaded without it."""

from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from seqviz.lessons.embedding.compute import EmbeddingLookup, compute_embedding_lookup
from seqviz.readout.unrolled import Unrolled, compute_unrolled

TEXT: Final = "I am Groot"
TOKENS: Final = ("I", "am", "Groot")
DATA: Final = Path(__file__).parent / "home.npz"
_ROWS = 8


class HomeData(NamedTuple):
    """What the picture of the whole path is drawn from."""

    lookup: EmbeddingLookup
    unrolled: Unrolled


def compute() -> HomeData:
    """Compute it with Keras: what ``python -m scripts.make_home_data`` stores."""
    from seqviz.config import ModelConfig
    from seqviz.models.build import build_model
    from seqviz.tracing.capture import capture

    model = build_model(ModelConfig())
    trace = capture(model, [[2, 3, 4]])
    return HomeData(
        compute_embedding_lookup(trace["embedding"], max_rows=_ROWS),  # type: ignore[arg-type]
        compute_unrolled(trace["simple_rnn"]),  # type: ignore[arg-type]
    )


def save(data: HomeData, path: Path) -> None:
    """Store it as NumPy arrays."""
    arrays = {
        f"{part}.{name}": np.asarray(value)
        for part, values in data._asdict().items()
        for name, value in values._asdict().items()
        if value is not None
    }
    np.savez(path, **arrays)  # type: ignore[arg-type]


def load(path: Path = DATA) -> HomeData:
    """Load it."""
    with np.load(path) as file:
        arrays = dict(file)
    lookup = {name: arrays.get(f"lookup.{name}") for name in EmbeddingLookup._fields}
    unrolled = {name: arrays.get(f"unrolled.{name}") for name in Unrolled._fields}
    return HomeData(
        EmbeddingLookup(**{**lookup, "has_mask": bool(lookup["has_mask"])}),  # type: ignore[arg-type]
        Unrolled(
            **{  # type: ignore[arg-type]
                **unrolled,
                "cell": str(unrolled["cell"]),
                "return_state": bool(unrolled["return_state"]),
            }
        ),
    )
