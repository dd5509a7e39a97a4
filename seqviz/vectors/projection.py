"""A map of rows: the two directions in which they differ most (principal component analysis)."""

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from seqviz.errors import SeqvizError
from seqviz.short_repr import short_repr
from seqviz.vectors.given import matrix_of

MAX_ROWS = 2_000  # rows that make the map, and are on it


@short_repr
class Projection(NamedTuple):
    """A map, and what is needed to put further points on it.

    Attributes:
        points: ``(r, 2)``, where each of the rows is.
        rows: ``(r,)`` int, which rows of the matrix they are, ascending; all unless there are
            too many.
        center: ``(dim,)``, their mean: the middle of the map.
        axes: ``(2, dim)``, the directions of the map's axes: unit vectors at right angles, or
            zeros where the rows do not differ in so many directions.
        explained: ``(2,)``, share of the rows' variance along each axis.
    """

    points: NDArray[np.floating]
    rows: NDArray[np.integer]
    center: NDArray[np.floating]
    axes: NDArray[np.floating]
    explained: NDArray[np.floating]


def compute_projection(
    vectors: Any, *, max_rows: int = MAX_ROWS, keep: Iterable[int] = ()
) -> Projection:
    """Make a map of the rows of a matrix by principal component analysis.

    The axes are the first two right singular vectors of the centred rows (Jolliffe, "Principal
    Component Analysis", 2002, section 3.5). Their sign, which the analysis leaves open, is chosen
    so that the largest component of each is positive: the same rows give the same map.

    Args:
        vectors: ``(n, dim)``; or in any other form that `seqviz.nearest` takes.
        max_rows: Of more rows than these, as many are taken at equal distances.
        keep: Rows that are on the map in any case.

    Raises:
        SeqvizError: The matrix is not ``(n, dim)``, is empty, or holds NaN or infinity.
    """
    matrix, _ = matrix_of(vectors)
    count, dim = matrix.shape
    if not count or not dim:
        raise SeqvizError(
            f"A map of {count} rows of {dim} numbers was asked for, but at least one row of one "
            "number is needed. Load some vectors first."
        )
    rows = np.arange(count)
    if count > max_rows:
        rows = np.linspace(0, count - 1, max(max_rows, 1)).astype(int)
        rows = np.union1d(rows, np.array([r for r in keep if 0 <= r < count], int))
    taken = np.asarray(matrix[rows], np.float64)
    if not np.isfinite(taken).all():
        raise SeqvizError(
            "Some of the rows hold NaN or infinity, which have no place on a map. "
            "Look for a learning rate that is too large, or a broken file."
        )
    scale = float(np.abs(taken).max()) or 1.0  # so that no square overflows
    center = taken.mean(axis=0)
    centered = (taken - center) / scale
    # A tall matrix has the singular values and right vectors of its small triangular factor.
    small = np.linalg.qr(centered, mode="r") if count > dim else centered
    _, singular, right = np.linalg.svd(small, full_matrices=False)
    total = float((singular**2).sum())
    axes = np.zeros((2, dim))
    explained = np.zeros(2)
    # What is left below this is rounding, and its direction would be anything.
    least = max(taken.shape) * np.finfo(np.float64).eps * max(float(singular[0]), 1.0)
    for axis in range(min(2, len(singular))):
        if singular[axis] > least:
            direction = right[axis]
            axes[axis] = direction * np.sign(direction[np.argmax(np.abs(direction))])
            explained[axis] = singular[axis] ** 2 / total
    return Projection((taken - center) @ axes.T, rows, center, axes, explained)


def project(projection: Projection, vectors: Any) -> NDArray[np.floating]:
    """Where further vectors are on a map that others made.

    So rows before and after training can be on one map: make it of one of them, and project the
    other.

    Args:
        projection: What `compute_projection` made.
        vectors: ``(..., dim)``.

    Returns:
        ``(..., 2)``.

    Raises:
        SeqvizError: The vectors are not as long as those of the map.
    """
    values = np.asarray(vectors, np.float64)
    dim = len(projection.center)
    if values.shape[-1:] != (dim,):
        raise SeqvizError(
            f"Vectors of the shape {values.shape} are to go on a map of vectors of {dim} numbers. "
            f"The last axis must be {dim}."
        )
    return (values - projection.center) @ projection.axes.T
