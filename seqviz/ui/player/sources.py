"""The player's files for the browser."""

import base64
import zlib
from pathlib import Path
from string import Template
from typing import Final

_HERE = Path(__file__).parent
# As Streamlit does with the code of a component, once for each.
_UNPACK: Final = Template("""
const bytes = Uint8Array.from(atob("$packed"), (character) => character.charCodeAt(0));
const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
const code = new Blob([await new Response(stream).text()], { type: "text/javascript" });
export default (await import(URL.createObjectURL(code))).default;
""")


def source(name: str) -> str:
    """One of them."""
    return (_HERE / name).read_text("utf-8")


def stripped(*names: str) -> str:
    """Several as one, without comments and indents: each session is sent them."""
    lines = (line.split(" // ")[0].strip() for name in names for line in source(name).splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))


def packed(code: str) -> str:
    """A module that unpacks `code` and is what that is: half as much to send, at every change."""
    return _UNPACK.substitute(packed=base64.b64encode(zlib.compress(code.encode(), 9)).decode())
