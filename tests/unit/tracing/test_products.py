"""Products cut into small ones are the products that they were cut from."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from seqviz.tracing import products
from seqviz.tracing.products import Product, blocks


def test_blocks_are_those_of_the_columns():
    columns = np.arange(12).reshape(2, 6)
    assert_allclose(blocks(columns, 2), [[[0, 1], [6, 7]], [[2, 3], [8, 9]], [[4, 5], [10, 11]]])


# In one; in groups of rows without and with some left; in columns too, the last of them narrower.
@pytest.mark.parametrize("at_once", [10**6, 4 * 60, 3 * 30, 15, 1])
@pytest.mark.parametrize("rows", [0, 1, 2, 7, 8])
def test_a_product_is_the_same_in_any_pieces(rows, at_once, monkeypatch):
    monkeypatch.setattr(products, "_AT_ONCE", at_once)
    random = np.random.default_rng(0)
    x, kernel = random.normal(size=(rows, 5)), random.normal(size=(5, 3 * 6))
    expected = np.stack(np.split(x @ kernel, 3, axis=1))
    product = Product(kernel, 6, rows)

    out = np.full((3, rows, 6), np.nan)
    assert product.into(out)(x) is out
    assert_allclose(out, expected, rtol=1e-12)

    # The sums of one sample at all timesteps, and those of some samples at one timestep.
    timesteps, step = np.full((rows, 3, 2, 6), np.nan), np.full((3, rows + 3, 6), np.nan)
    for whole, part in (
        (timesteps, timesteps[:, :, 1].swapaxes(0, 1)),
        (step, step[:, 2 : rows + 2]),
    ):
        product.multiply(x, part)
        assert_allclose(part, expected, rtol=1e-12)
        assert np.isnan(whole).sum() == whole.size - part.size


def products_seen(monkeypatch):
    """What NumPy is asked for from here on: (rows, features, columns) of every product."""
    seen = []

    def matmul(x, kernels, out):
        seen.append((x.shape[-2], *kernels.shape[-2:]))

    def dot(x, kernel, out):
        seen.append((*x.shape, kernel.shape[-1]))

    monkeypatch.setattr(np, "matmul", matmul)
    monkeypatch.setattr(np, "dot", dot)
    return seen


@pytest.mark.parametrize(
    ("rows", "features", "units"), [(1, 512, 512), (32, 64, 64), (256, 300, 700)]
)
def test_no_product_is_larger_than_one_thread_does(rows, features, units, monkeypatch):
    product = Product(np.zeros((features, 4 * units), "float32"), units, rows)
    seen = products_seen(monkeypatch)
    product.into(np.zeros((4, rows, units), "float32"))(np.zeros((rows, features), "float32"))
    assert 0 < max(map(np.prod, seen)) <= 2**18


# Three blocks of six columns. Few rows at a time go through as many columns as there may be, more
# rows through as many of them.
@pytest.mark.parametrize(
    ("at_once", "rows", "features", "expected"),
    [
        (240, 8, 5, [(8, 5, 6)]),
        (240, 9, 5, [(8, 5, 6), (1, 5, 6)]),
        (90, 8, 5, [(4, 5, 4), (4, 5, 2)]),
        (90, 3, 5, [(3, 5, 6)]),
        (15, 2, 5, [(2, 5, 1)] * 6),
        (15, 1, 5, [(1, 5, 3)] * 2),
        (1, 2, 5, [(1, 5, 1)] * 6),
        (6, 1, 1, [(1, 1, 6)]),
        (6, 3, 0, [(3, 0, 2)] * 3),
    ],
)
def test_the_pieces_are_as_large_as_they_may_be(at_once, rows, features, expected, monkeypatch):
    monkeypatch.setattr(products, "_AT_ONCE", at_once)
    product = Product(np.zeros((features, 3 * 6)), 6, rows)
    seen = products_seen(monkeypatch)
    product.into(np.zeros((3, rows, 6)))(np.zeros((rows, features)))
    assert seen == expected


@pytest.mark.parametrize(("at_once", "expected"), [(90, [(1, 5, 18)]), (89, [(1, 5, 6)])])
def test_a_single_row_is_one_product_if_that_is_small(at_once, expected, monkeypatch):
    monkeypatch.setattr(products, "_AT_ONCE", at_once)
    product = Product(np.zeros((5, 3 * 6)), 6, 1)
    seen = products_seen(monkeypatch)
    product.into(np.zeros((3, 1, 6)))(np.zeros((1, 5)))
    assert seen == expected
