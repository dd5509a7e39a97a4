"""What happens at each step of a picture, in one sentence: its twin for whoever cannot see it."""

from collections.abc import Sequence

import numpy as np

from seqviz.readout.unrolled import Unrolled

_MOST_ZEROS = 8
_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def subscript(symbol: str, index: int) -> str:
    """`subscript("h", 12)` is ``h₁₂``."""
    return symbol + str(index).translate(_SUBSCRIPTS)


def counted(number: int, noun: str) -> str:
    """`counted(1, "call")` is ``1 call``, `counted(2000, "call")` ``2,000 calls``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def unrolled_captions(data: Unrolled, tokens: Sequence[str], ids: Sequence[int]) -> list[str]:
    """Say what each step of a recurrent layer reads and gives; step 0 is before the first.

    Args:
        data: What `compute_unrolled` made.
        tokens: ``(timesteps,)``, in the order of the sentence.
        ids: ``(timesteps,)``, likewise.
    """
    count, units = len(data.timesteps), data.hidden.shape[1]
    output = "h" if data.outputs is None else "y"
    symbols = ["h"] if data.cell_states is None else ["h", "c"]

    def states(step: int) -> str:
        return " and ".join(subscript(symbol, step) for symbol in symbols)

    captions = [f"Before the first word: {_initial(data, units)}."]
    for k, t in enumerate(data.timesteps.tolist()):
        word = named(tokens[t], int(ids[t]))
        returned = "returned" if data.returned[k] else "not returned"
        if data.skipped[k]:
            what = f"{word} is padding; the state is carried over unchanged, and {returned}"
        else:
            what = f"reads {word} and {states(k)}, gives {states(k + 1)}; "
            if data.return_state and len(symbols) > 1 and k == count - 1:
                what += f"{states(k + 1)} are returned"
            else:
                what += f"{subscript(output, k + 1)} is {returned}"
        captions.append(f"Step {k + 1} of {count}: {what}.")
    return captions


def named(token: str, id_: int) -> str:
    """A word with its id; an id that was typed as such is not said twice."""
    return token if token == f"id {id_}" else f"“{token}” (id {id_})"


def _initial(data: Unrolled, units: int) -> str:
    names = "h starts" if data.cell_states is None else "h and c start"
    if data.hidden[0].any():
        return f"{names} at the values given"
    zeros = ["0"] * min(units, _MOST_ZEROS) + ["…"] * (units > _MOST_ZEROS)
    return f"{names} at [{', '.join(zeros)}]"


def number(value: float) -> str:
    """`number(0.000012)` is ``0.000012``, and of 1.2e-9 ``1.2e-9``: short, and zero is ``0``."""
    if value == 0 or not np.isfinite(value):
        return f"{value:g}".replace("inf", "infinity")
    text = f"{value:.2g}"
    if "e" not in text:
        return text
    mantissa, exponent = text.split("e")
    if 0 < int(exponent) < 6:
        return f"{value:.0f}"
    return f"{mantissa}e{int(exponent)}"
