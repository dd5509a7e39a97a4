"""The player's files for the browser."""

from pathlib import Path

_HERE = Path(__file__).parent


def source(name: str) -> str:
    """One of them."""
    return (_HERE / name).read_text("utf-8")


def stripped(*names: str) -> str:
    """Several as one, without comments and indents: each session is sent them."""
    lines = (line.split(" // ")[0].strip() for name in names for line in source(name).splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))
