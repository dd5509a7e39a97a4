"""Every colour of the house, defined once.

Values have one diverging scale, centred on zero. Things (features, hidden state, cell state,
gates) have one hue each, used for outlines and labels. Tokens have a categorical palette.

Text needs a contrast of 4.5:1 and no single colour reaches that on white and on near-black, so
hues come in a light and a dark set. The app passes a third set of place-holders which the browser
swaps for the colours of the theme in force (see `seqviz.ui.player.theme`): the server need not know it.
"""

from dataclasses import dataclass
from typing import Final

# Blue below zero, red above, like ColorBrewer's RdBu (safe for the common colour blindnesses), but
# stopping short of its dark ends: near-black values stay readable in every cell.
DIVERGING: Final = (
    (0.0, "#4393c3"),
    (0.17, "#7fb8da"),
    (0.33, "#c0dcec"),
    (0.5, "#f7f7f7"),
    (0.67, "#fbd3c1"),
    (0.83, "#f2a186"),
    (1.0, "#e0705a"),
)
IN_CELL: Final = "#14181f"  # text on that scale
# The same, so faint that text of the palette has a contrast of 4.5:1 on it, light and dark.
FAINT: Final = tuple(
    (at, f"rgba({int(hue[1:3], 16)},{int(hue[3:5], 16)},{int(hue[5:], 16)},0.3)")
    for at, hue in DIVERGING
)

# Shares of a whole, which are neither negative nor positive: none to all.
SHARES: Final = ((0.0, "#f7f7f7"), (1.0, "#a9b0ba"))

# Each has a contrast of at least 3:1 on white and on the dark background.
TOKENS: Final = (
    "#0077bb",
    "#cc3311",
    "#009988",
    "#aa4499",
    "#997700",
    "#5566cc",
    "#bb5566",
    "#448833",
)
NOT_A_WORD: Final = "#7f7f7f"  # padding and out of vocabulary


@dataclass(frozen=True, repr=False)
class Palette:
    """The colours of one appearance. All are CSS hex strings."""

    text: str
    muted: str
    background: str
    timesteps: str
    features: str
    hidden: str
    cell: str
    gate_input: str
    gate_forget: str
    gate_candidate: str
    gate_output: str

    def __repr__(self) -> str:
        # As it stands in the signature of every picture.
        named = {LIGHT: "LIGHT", DARK: "DARK"}
        return named.get(self, f"Palette(text={self.text!r}, …)")

    def gate(self, name: str) -> str:
        """Colour of a gate by the name it has in a trace, LSTM's and GRU's alike."""
        return {
            "input": self.gate_input,
            "update": self.gate_input,
            "forget": self.gate_forget,
            "reset": self.gate_forget,
            "candidate": self.gate_candidate,
            "output": self.gate_output,
        }.get(name, self.hidden)


LIGHT: Final = Palette(
    text="#1f2430",
    muted="#5b6474",
    background="#ffffff",
    timesteps="#0b63b5",
    features="#0b7a43",
    hidden="#6b3fc9",
    cell="#965800",
    gate_input="#00717a",
    gate_forget="#b3261e",
    gate_candidate="#a3287c",
    gate_output="#7a4b2a",
)
DARK: Final = Palette(
    text="#e6e8eb",
    muted="#a3adbb",
    background="#0f1419",
    timesteps="#6cb6ff",
    features="#5cd69b",
    hidden="#b79cff",
    cell="#f2b450",
    gate_input="#4fd1d9",
    gate_forget="#ff8a80",
    gate_candidate="#f593d3",
    gate_output="#d9a982",
)


def token_colors(ids: list[int]) -> list[str]:
    """One colour per position: the same id has the same colour wherever it stands.

    Colours are given out in order of first appearance. Padding (0) and out of vocabulary (1)
    are grey, since they are no words.
    """
    order = {id_: None for id_ in ids if id_ > 1}
    color_of = {id_: TOKENS[i % len(TOKENS)] for i, id_ in enumerate(order)}
    return [color_of.get(id_, NOT_A_WORD) for id_ in ids]
