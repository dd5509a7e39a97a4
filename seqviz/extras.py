"""What is installed only where it is asked for, and what is said where it is missing.

The extras stand in pyproject.toml: ``pip install "seqviz[text]"`` brings that of text.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from seqviz.errors import SeqvizError

# By the module that is imported: the extra that brings it, and what needs it.
_EXTRAS = {
    "icu4py": ("text", "Cutting text into words or characters needs ICU (icu4py)"),
    "pandas": ("pandas", "A table of pandas needs pandas"),
    "streamlit": ("app", "The app needs Streamlit"),
    "tensorflow": ("tensorflow", "Models are run by TensorFlow"),
}


class MissingExtraError(ImportError, SeqvizError):
    """Something that an extra of seqviz brings is not installed."""


@contextmanager
def naming_extras() -> Iterator[None]:
    """Around imports, or around a function that imports: say which extra brings what is missing.

    Raises:
        MissingExtraError: What is imported is brought by an extra, and not installed.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name not in _EXTRAS:
            raise
        extra, why = _EXTRAS[error.name]
        raise MissingExtraError(
            f"{why}, which is not installed. "
            f'Hint: pip install "seqviz[{extra}]" (from a copy of the project that is not '
            f'installed: pip install ".[{extra}]").',
            name=error.name,
        ) from error
