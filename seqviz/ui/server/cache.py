"""A cache for calls into the core, with a limit: a class of two hundred moves sliders all lesson.

What one setting gave is remembered generously where it is small: a class moves the same few
sliders from the same defaults, and each setting is then computed once.
"""

import gc
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import wraps
from inspect import signature
from itertools import count
from typing import Any, Final, TypeAlias, TypeVar

import streamlit as st

_Result = TypeVar("_Result")

# Numbers in one result, and how many such results are kept: 5 MB of float32 at most a function.
_SIZES: Final = ((100, 512), (10_000, 128))
_FEW: Final = 8  # larger ones
# The same for layers and models by their weights. Each is hundreds of objects for the garbage
# collector and some 50 kB, but takes as long to build as the rest of a run: another sentence, or
# another session, should find it. Eight are more than one rerun needs.
_BUILT: Final = ((10_000, 64),)
_RUNS_BEFORE_TIDYING: Final = 128  # a new setting of a page is about three
_runs = count(1)

_Function: TypeAlias = Callable[..., _Result]


def kept(entries: int) -> Callable[[_Function[_Result]], _Function[_Result]]:
    """Keep a function's last results, which all sessions share and must not change.

    Its arguments, given by position, must be told apart by their `repr`, as dataclasses, tuples,
    text and numbers are: Streamlit, which goes through all their parts, took a fifteenth of a rerun
    for that. As with Streamlit, those whose name begins with an underscore follow from the others.

    Args:
        entries: How many results.
    """

    def decorate(function: _Function[_Result]) -> _Function[_Result]:
        hidden = [name.startswith("_") for name in signature(function).parameters]

        def run(told_apart_by: str, _arguments: tuple[Any, ...]) -> _Result:
            if next(_runs) % _RUNS_BEFORE_TIDYING == 0:
                _tidy()
            return function(*_arguments)

        # By these Streamlit tells caches apart.
        run.__module__ = function.__module__
        run.__qualname__ = f"{function.__qualname__}/{entries}"
        cached = st.cache_resource(max_entries=entries, show_spinner=False)(run)

        @wraps(function)
        def call(*arguments: Any) -> _Result:
            telling = [a for i, a in enumerate(arguments) if not hidden[i]]
            return cached(repr(telling), arguments)

        return call

    return decorate


def remembered(
    numbers: int | Callable[..., int],
) -> Callable[[_Function[_Result]], _Function[_Result]]:
    """Keep a function's results as `kept` does, the more of them the smaller they are.

    Args:
        numbers: About how many numbers a result holds; or what says so of the same arguments.
    """
    return _by_size(numbers, _SIZES)


def built(numbers: Callable[..., int]) -> Callable[[_Function[_Result]], _Function[_Result]]:
    """Keep the Keras layers or models that a function builds, the more the fewer weights they have.

    Args:
        numbers: About how many, of the same arguments.
    """
    return _by_size(numbers, _BUILT)


def _tidy() -> None:
    """Let go of layers that are no longer kept, and of what TensorFlow keeps for them.

    A layer is in circles, which go only when Python looks for garbage. What was kept for a while it
    looks at last, and in its own time not before there are hundreds. TensorFlow keeps a compiled
    kernel for each shape that a variable ever had, some 200 kB a layer, and has no limit for them;
    to make those in use anew takes 40 ms.
    """
    gc.collect()
    if "tensorflow" in sys.modules:
        # Not a public name, and the only one: a test says if it is gone, students need not know.
        with suppress(ImportError, AttributeError):
            from tensorflow.python.eager import context

            context.context().clear_kernel_cache()


def _by_size(
    numbers: int | Callable[..., int], sizes: Sequence[tuple[int, int]]
) -> Callable[[_Function[_Result]], _Function[_Result]]:
    def decorate(function: _Function[_Result]) -> _Function[_Result]:
        caches = [(most, kept(entries)(function)) for most, entries in sizes]
        large = kept(_FEW)(function)

        @wraps(function)
        def call(*arguments: Any) -> _Result:
            size = numbers if isinstance(numbers, int) else numbers(*arguments)
            return next((run for most, run in caches if size <= most), large)(*arguments)

        return call

    return decorate
