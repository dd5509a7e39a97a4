"""The root of every error that seqviz raises on purpose."""


class SeqvizError(ValueError):
    """Something asked of seqviz cannot be done.

    The message says what was wrong, what was expected, and what to change.
    """
