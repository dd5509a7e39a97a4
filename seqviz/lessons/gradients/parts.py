"""What else the page shows: the proof by TensorFlow's tape."""

from typing import Any

from seqviz.ui.markdown import note
from seqviz.ui.proof import scientific


def tape_proof(slot: Any, difference: float) -> None:
    """Say under a picture how far each gradient is from what TensorFlow makes of the next one."""
    how = "bit for bit" if difference == 0 else f"within {scientific(difference)} of their size"
    note(
        ":material/verified: Every gradient equal to what TensorFlow's tape through Keras's own "
        f"cell makes of the one after it, {how}. "
        "A cross stands for exactly 0, which has no place on a log scale.",
        slot,
    )
