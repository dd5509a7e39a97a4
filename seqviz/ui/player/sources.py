"""The player's files for the browser."""

from pathlib import Path

from rjsmin import jsmin

_HERE = Path(__file__).parent


def source(name: str) -> str:
    """One of them."""
    return (_HERE / name).read_text("utf-8")


def script(*names: str) -> str:
    """Several as one, without comments and spaces: each picture comes with the player's."""
    return str(jsmin("\n".join(map(source, names))))
