"""What an Embedding layer is made of, as arrays: its weights, its call, its mask, one step."""

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from seqviz.config import ModelConfig
from seqviz.errors import SeqvizError
from seqviz.short_repr import short_repr

REGULARIZERS: Final = ("none", "l1", "l2")
CONSTRAINTS: Final = ("none", "non_neg", "unit_norm", "max_norm")
DTYPES: Final = ("float32", "int32")
MAX_NORM: Final = 1.0
LEARNING_RATE: Final = 1.0


@dataclass(frozen=True)
class LayerSettings:
    """An Embedding layer with every argument that the lesson on its inside changes.

    Attributes:
        config: Size, initializer, mask and seed, as `seqviz.models.build.build_embedding` takes them.
        regularizer: One of `REGULARIZERS`.
        strength: Factor of the regularizer; 0 or more.
        constraint: One of `CONSTRAINTS`.
        axis: Of ``unit_norm`` and ``max_norm``: 0 (Keras's default) measures columns, 1 rows.
        trainable: Whether training may change the matrix.
        input_length: The deprecated argument; None leaves it out.

    Raises:
        SeqvizError: A value is not what is said above.
    """

    config: ModelConfig
    regularizer: str = "none"
    strength: float = 0.01
    constraint: str = "none"
    axis: int = 0
    trainable: bool = True
    input_length: int | None = None

    def __post_init__(self) -> None:
        for name, choices in (
            ("regularizer", REGULARIZERS),
            ("constraint", CONSTRAINTS),
            ("axis", (0, 1)),
        ):
            value = getattr(self, name)
            if value not in choices:
                raise SeqvizError(
                    f"{name} is {value!r}, but it must be one of {', '.join(map(repr, choices))}. "
                    f"Hint: leave it out for {choices[0]!r}."
                )
        if not 0 <= self.strength < float("inf"):
            raise SeqvizError(
                f"strength is {self.strength!r}, but it must be a number of 0 or more. "
                "Hint: 0.01 is usual."
            )


@short_repr
class LayerParts(NamedTuple):
    """One sequence through a real Embedding layer, part by part.

    `T` timesteps, `V` rows of the matrix, `F` features.

    Attributes:
        given: ``(T,)``, the ids as they were given, of any dtype.
        ids: ``(T,)`` int, after the cast.
        weights: ``(V, F)``, what `build` made.
        output: ``(T, F)``, what the layer's call gave.
        ours: ``(T, F)``, what `seqviz.lessons.layer.my_embedding.MyEmbedding` gave.
        mask: ``(T,)`` bool, what `compute_mask` gave; None without ``mask_zero``.
        losses: What the layer's `.losses` held after the call.
        trainable_weights: Numbers that training may change.
        frozen_weights: Numbers that it may not.
        initializer: Class name of the initializer.
        rows: What to draw, as in `seqviz.lessons.embedding.compute.EmbeddingLookup`.
    """

    given: NDArray[np.number]
    ids: NDArray[np.integer]
    weights: NDArray[np.floating]
    output: NDArray[np.floating]
    ours: NDArray[np.floating]
    mask: NDArray[np.bool_] | None
    losses: tuple[float, ...]
    trainable_weights: int
    frozen_weights: int
    initializer: str
    rows: NDArray[np.integer]

    @property
    def difference(self) -> float:
        """Largest absolute difference between our layer's output and Keras's."""
        return float(np.abs(self.output - self.ours).max(initial=0))


@short_repr
class LayerStep(NamedTuple):
    """One real optimizer step: SGD on ``loss = -sum(output) + sum(layer.losses)``.

    The loss makes each number that is looked up grow by the learning rate, once a lookup.

    Attributes:
        before: ``(V, F)``, the matrix.
        stepped: ``(V, F)``, ``before - learning_rate * gradient``: what would be without a
            constraint.
        after: ``(V, F)``, the matrix after the optimizer's step, constraint included.
        learning_rate: Of the step.
        rows: What to draw, as in `seqviz.lessons.embedding.compute.EmbeddingLookup`.
        looked_up: Rows that the sequence reads.
    """

    before: NDArray[np.floating]
    stepped: NDArray[np.floating]
    after: NDArray[np.floating]
    learning_rate: float
    rows: NDArray[np.integer]
    looked_up: frozenset[int]


def penalty_in_words(settings: LayerSettings, weights: NDArray[np.floating]) -> tuple[str, float]:
    """The regularizer's arithmetic written out, and its result in float64.

    Keras's L1 is ``strength * sum(|w|)``, L2 ``strength * sum(w²)``, over the whole matrix.

    Returns:
        Markdown such as ``0.01 × Σ w² = 0.01 × 4.32 = 0.0432``, and the value.
    """
    values = weights.astype(np.float64)
    if settings.regularizer != "none" and not settings.trainable:
        return "a frozen matrix has no loss, whatever the regularizer", 0.0
    if settings.regularizer == "none":
        return "no regularizer: nothing is added", 0.0
    squared = settings.regularizer == "l2"
    total = float((values**2 if squared else np.abs(values)).sum())
    result = settings.strength * total
    symbol = "Σ w²" if squared else "Σ |w|"
    return (
        f"{settings.strength:g} × {symbol} = {settings.strength:g} × {total:.6g} = {result:.6g}",
        result,
    )


def code_lines(settings: LayerSettings) -> list[str]:
    """The few lines that the layer is, in our own words; `seqviz.lessons.layer.my_embedding` runs them."""
    size, features = settings.config.vocab_size, settings.config.embedding_dim
    lines = [
        "def build(self, input_shape):",
        f"    self.W = self.add_weight(({size}, {features}), …)",
        "def call(self, ids):",
        '    ids = keras.ops.cast(ids, "int32")',
        "    return keras.ops.take(self.W, ids, axis=0)",
    ]
    if settings.config.mask_zero:
        lines += [
            "def compute_mask(self, ids, mask=None):",
            "    return keras.ops.not_equal(ids, 0)",
        ]
    return lines
