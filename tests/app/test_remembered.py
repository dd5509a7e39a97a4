"""The cache of the pages' calls into the core."""

import gc
import weakref
from collections import Counter

import pytest

from seqviz.ui.server.cache import built, remembered


def counting(numbers, how=remembered):
    """A remembered function of two arguments, and how often it was run for each of the first."""
    runs = Counter()

    @how(numbers)
    def function(told_apart_by, _follows_from_it=None):
        runs[told_apart_by] += 1
        return [told_apart_by]

    return function, runs


@pytest.mark.parametrize("numbers", [1, 5_000, 50_000])
def test_what_was_asked_before_is_not_computed_again(numbers):
    function, runs = counting(numbers)
    assert function("a") is function("a")
    assert function("b") == ["b"]
    assert function(1) is not function(1.0)
    assert runs == {"a": 1, "b": 1, 1: 2}


@pytest.mark.parametrize(
    ("how", "numbers", "kept"),
    [
        (remembered, 100, 512),
        (remembered, 10_000, 128),
        (remembered, 10_001, 8),
        (built, 10_000, 64),
        (built, 10_001, 8),
    ],
)
def test_the_larger_the_fewer_are_kept(how, numbers, kept):
    function, runs = counting(lambda *_: numbers, how)
    for i in [*range(kept), 0, kept, 0, 1]:
        function(i)
    # The one asked longest ago made place for the last one.
    assert {i: count for i, count in runs.items() if count > 1} == {1: 2}


def test_size_may_depend_on_the_arguments():
    function, runs = counting(lambda told_apart_by, *_: told_apart_by * 5_000)
    for i in [1, *range(3, 12), 1, 3]:
        function(i)
    assert (runs[1], runs[3]) == (1, 2)


def test_what_follows_from_the_others_is_not_compared():
    function, runs = counting(1)
    assert function("a", object()) is function("a", object())
    assert runs["a"] == 1


def test_functions_of_the_same_code_share_nothing():
    @remembered(1)
    def one(name):
        return [name]

    @remembered(1)
    def other(name):
        return [name]

    assert one("a") is not other("a")


def test_what_was_built_and_is_no_longer_kept_goes():
    class Layer:
        """Like Keras's in that it is part of a circle."""

        def __init__(self):
            self.itself = self

    alive = weakref.WeakSet()

    @built(lambda _: 100_000)
    def build(number):
        layer = Layer()
        alive.add(layer)
        return layer

    gc.disable()  # what Python would look for by itself, and when, is not the question
    try:
        for number in range(500):
            build(number)
    finally:
        gc.enable()
    assert len(alive) < 150


def test_what_tensorflow_compiled_for_it_goes_too(monkeypatch):
    from tensorflow.python.eager.context import Context

    clears = []
    clear = Context.clear_kernel_cache
    monkeypatch.setattr(Context, "clear_kernel_cache", lambda self: [clears.append(1), clear(self)])
    build = built(lambda _: 1)(lambda number: [number])
    for number in range(500):
        build(number)
    assert 2 <= len(clears) <= 4
