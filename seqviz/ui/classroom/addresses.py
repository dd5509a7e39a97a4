"""Addresses of this server's pages in full, for links that are sent, and their QR codes."""

import io
from collections.abc import Mapping
from functools import lru_cache
from typing import Final
from urllib.parse import urlencode

import segno
import streamlit as st

_QR_LONGEST: Final = 2_300  # characters; a QR code holds 2,331 bytes with its lowest correction


def address(page: str, parameters: Mapping[str, str]) -> str:
    """The full address of a page in ``pages/``; without the server where it is not known.

    Args:
        page: Its key.
        parameters: Of the address.
    """
    said = urlencode(parameters, errors="replace")
    return f"{_server()}/{page}?{said}" if said else f"{_server()}/{page}"


@lru_cache(maxsize=64)  # a wall is drawn anew every second
def qr(text: str) -> str | None:
    """A QR code as SVG, black on white in every theme; None for what is too long for one."""
    if len(text) > _QR_LONGEST:
        return None
    picture = io.BytesIO()
    segno.make(text, error="l", boost_error=True, micro=False).save(
        picture, kind="svg", scale=4, light="#ffffff", xmldecl=False, svgns=True
    )
    return picture.getvalue().decode()


def _server() -> str:
    """``https://host/base``: of the open page's address, without the page."""
    url = (st.context.url or "").split("?")[0].rstrip("/")
    before, slash, last = url.rpartition("/")
    # On the start page there is no page's name at the end.
    return before if slash and last.isidentifier() and "." not in last else url
