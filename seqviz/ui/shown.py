"""What a lesson shows of one state of its controls, and hands to the page."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from seqviz.array_types import Array
from seqviz.readout.table import Table
from seqviz.ui.proof import BLUE_AND_RED
from seqviz.ui.table import WIDEST


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A picture with all that goes with it: drawn, told, tabulated, proved and taken home.

    Attributes:
        of: What the picture is of; the player goes back to its opening step when this changes.
        draw: Makes the figure. Called with the keyword arguments that every picture has (step,
            palette, controls, height), and with none for the file to take home.
        captions: What the player says at each step, from 0.
        alt: The takeaway, for whoever cannot see the picture.
        table: The numbers of the picture; takes how many numbers of one vector to give at most.
        arrays: All arrays by name, for a file.
        code: The equivalent Keras script.
        title: Of the picture's file.
        first: What is to be known of these numbers before anything else, in Markdown.
        press: Which examples to press, and what for, in Markdown; said only where they can be pressed.
        why: Of what the picture's numbers are made, in Markdown; folded.
        reading: How to read a picture that does not say it all itself, in Markdown; folded.
        shapes: Shapes and layers in Markdown, drawn as one line under the picture.
        samples: What the first axis of these shapes is.
        notes: What is to be said of the picture, such as what had no room in it.
        proof: Says how far the picture is from Keras; or finds it out, when it is asked for.
        legend: What the marks of the picture mean; stands beside the proof.
        height: Of the figure, in pixels.
        vector: Numbers in the longest vector of the table.
        widest: Numbers of one vector that the table on the page shows.
        file_height: Of the figure in the file, in pixels; the picture's own if None.
        model: Makes the model for a file, where there is one.
    """

    of: tuple[object, ...]
    draw: Callable[..., go.Figure]
    captions: Sequence[str]
    alt: str
    table: Callable[[int | None], Table]
    arrays: Callable[[], Mapping[str, Array]]
    code: str
    title: str
    first: str = ""
    press: str = ""
    why: str = ""
    reading: str = ""
    shapes: Sequence[str] = ()
    samples: str = "batch"
    notes: Sequence[str] = ()
    proof: str | Callable[[], str] | None = None
    legend: str = BLUE_AND_RED
    height: int = 380
    vector: int = 0
    widest: int = WIDEST
    file_height: int | None = None
    model: Callable[[], Any] | None = None
