"""Loading Keras once per process, and keeping the garbage collector off what it loaded."""

import ctypes
import gc
import os
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from streamlit.runtime.scriptrunner import script_runner

_lock = threading.Lock()
_done = threading.Event()
_RUNS_TO_SETTLE = 4
# Python looks for garbage after 700 new objects; a rerun makes tens of thousands, which nearly all
# go by themselves. With 100 students at once, looking took 7 % of the processor.
_THRESHOLDS = (20_000, 10, 10)
_settled = 0
_ARENA_MAX = -8  # M_ARENA_MAX of glibc's malloc.h


def is_warm() -> bool:
    """Whether Keras is loaded and ready."""
    return _done.is_set()


def warm_up() -> None:
    """Import Keras, run a model and draw a figure once, then freeze the heap.

    Streamlit collects all garbage after every script run. With TensorFlow loaded that walks
    millions of objects that never die; frozen, they are not looked at again. Measured: 488 ms
    against 9 ms a rerun. Safe to call from any thread, any number of times.

    Raises:
        ImportError: TensorFlow or Keras is not installed, or broken.
    """
    if _done.is_set():
        return
    with _lock:
        if _done.is_set():
            return
        _have_threads_share_memory()
        _import_keras()
        # Only now: they import Keras, which the line above does without pandas.
        from seqviz.app import home
        from seqviz.config import ModelConfig
        from seqviz.lessons.recurrent.figure import plot_unrolled
        from seqviz.models.build import build_model
        from seqviz.tracing.capture import capture
        from seqviz.tracing.verify import verify
        from seqviz.ui.server.late_seeds import make_seeds_late

        model = build_model(ModelConfig(cell="LSTM", units=(2,)))
        verify(model, [[2, 3, 4]], capture(model, [[2, 3, 4]]))
        plot_unrolled(home.load().unrolled).to_json()
        _keep_keras_session()
        make_seeds_late()
        gc.set_threshold(*_THRESHOLDS)
        gc.collect()
        gc.freeze()
        _done.set()


def _have_threads_share_memory() -> None:
    """Have malloc make no more than two heaps for all threads, where it may make 8 a processor.

    Each run of a page is a thread of its own. What its heap has too much stays with the process: 11
    of 698 MB after the burst of `make bench ARGS=load`. Other systems than glibc's have no such
    setting, nor the need.
    """
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).mallopt(_ARENA_MAX, 2)


def _import_keras() -> None:
    try:
        tempfile.gettempdir()
    except OSError:
        # The disk is full or read-only. TensorFlow's import asks where tests may write (absl), and
        # would fail for want of an answer that nobody uses.
        os.environ.setdefault("TEST_TMPDIR", os.devnull)
    try:
        with _without_pandas():
            import keras  # noqa: F401
            import pyarrow as pa
            import tensorflow  # noqa: F401

            pa.array([0])  # looks for pandas once, and remembers
    except ImportError:
        raise
    except Exception as error:  # a broken installation raises anything
        raise ImportError(f"{type(error).__name__}: {error}") from error


class _NoPandas:
    """An importer, asked before all others, that says to one thread that there is no pandas."""

    def __init__(self) -> None:
        self._thread = threading.get_ident()

    def find_spec(self, name: str, *_: Any) -> None:
        """Raise ModuleNotFoundError where pandas is asked for."""
        if name == "pandas" and threading.get_ident() == self._thread:
            raise ModuleNotFoundError("pandas is left out on purpose", name=name)


@contextmanager
def _without_pandas() -> Iterator[None]:
    """Have Keras and Arrow find no pandas, which they would load to take data frames.

    The app makes none: tables are Arrow's from the start. Pandas would take 30 MB of memory. What
    has loaded it already, as notebooks and tests, keeps it.
    """
    importer: Any = _NoPandas()
    sys.meta_path.insert(0, importer)
    try:
        yield
    finally:
        sys.meta_path.remove(importer)


def _keep_keras_session() -> None:
    """Have Streamlit leave Keras alone after each run of anybody's.

    After every script run Streamlit 1.67 calls `keras.backend.clear_session()`, which is process-
    wide: it wipes TensorFlow's cache of compiled kernels (measured: a model built, captured and
    verified takes 41 ms of processor time after it, 24 ms without) and resets what other sessions
    are in the middle of. The app names every layer and so has nothing to clear. There is no
    setting for it; a test says when Streamlit renames the function.
    """
    script_runner._clean_problem_modules = lambda: None


def settle() -> None:
    """Freeze what the first runs of a page have loaded since, such as pyarrow.

    Called at the end of a page; only the first calls of a process do anything, so that little
    garbage is frozen with it.
    """
    global _settled
    with _lock:
        if _settled >= _RUNS_TO_SETTLE:
            return
        _settled += 1
        gc.collect()
        gc.freeze()


def warm_up_in_background() -> None:
    """Start `warm_up` without waiting for it, so that the first lesson opens sooner."""
    if not _done.is_set() and not _lock.locked():
        threading.Thread(target=_quietly, name="seqviz-warm-up", daemon=True).start()


def _quietly() -> None:
    try:
        warm_up()
    except ImportError:
        return  # the lesson pages say so, where it matters
