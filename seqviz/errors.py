"""The root of every error that seqviz raises on purpose, and what Python itself must tell apart."""


class SeqvizError(ValueError):
    """Something asked of seqviz cannot be done.

    The message says what was wrong, what was expected, and what to change.
    """


class NoSuchKeyError(SeqvizError, KeyError):
    """There is nothing under this key."""

    __str__ = Exception.__str__  # KeyError would put the whole sentence in quotes


class NoSuchAttributeError(SeqvizError, AttributeError):
    """There is no attribute of this name."""
