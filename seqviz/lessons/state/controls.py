"""The lesson's controls: which part to show, and what only that part takes."""

from typing import Any, Final

import streamlit as st

from seqviz.cells import GATES
from seqviz.ui import controls
from seqviz.ui.control import control
from seqviz.ui.url_state import bound

PARTS: Final = ("stateful", "initial_state", "dropout")
_RATES: Final = tuple(round(0.1 * k, 1) for k in range(10))
_VALUES: Final = tuple(round(0.25 * k, 2) for k in range(-8, 9))


def part_choice(page: str) -> str:
    """Ask which part to show."""
    return control(
        st.segmented_control,
        "Where does the first state come from, and what is left of it?",
        PARTS,
        default=PARTS[0],
        required=True,
        label_visibility="collapsed",
        **bound(page, "part", PARTS[0]),
    )


def part_controls(page: str, part: str, cell: str, units: int) -> dict[str, Any]:
    """Ask for what only this part takes."""
    if part == "stateful":
        return {
            "chunk_length": controls.number(
                page,
                "chunk_length",
                low=1,
                high=200,
                default=2,
                help="Timesteps that the layer is given in one call.",
            ),
            "reset_before": controls.number(
                page,
                "reset_before",
                low=0,
                high=200,
                default=0,
                help="Number of the call before which `layer.reset_state()` is called; 0: never.",
            ),
        }
    if part == "initial_state":
        names = [
            f"{s}_{i}" for s in ("hc" if cell == "LSTM" else "h") for i in range(min(units, 2))
        ]
        return {
            name: controls.steps(
                page,
                name,
                _VALUES,
                1.0 if name == "h_0" else -1.0 if name == "h_1" else 0.0,
                label=name.replace("_", "[") + "]",
                help=f"Unit {name[-1]} of the {'hidden' if name[0] == 'h' else 'cell'} state that "
                "the layer starts from. The other units start from 0.",
            )
            for name in names
        }
    chosen = {
        name: controls.steps(page, name, _RATES, default, help=what)
        for name, default, what in (
            ("dropout", 0.5, "Share of the inputs that is dropped, in training only."),
            ("recurrent_dropout", 0.3, "Share of the state that is not fed back, likewise."),
        )
    }
    chosen["call"] = controls.number(
        page,
        "call",
        low=1,
        high=99,
        default=1,
        help="Each call of the layer in training draws other masks. This one is shown.",
    )
    if chosen["recurrent_dropout"] and GATES[cell]:
        chosen["gate"] = GATES[cell].index(
            control(
                st.selectbox,
                "gate",
                GATES[cell],
                **bound(page, f"gate_{cell}", GATES[cell][0]),
                help="With recurrent_dropout each gate has masks of its own.",
            )
        )
    return chosen


def more_part_controls(page: str, part: str) -> dict[str, Any]:
    """Ask for what only this part takes and a beginner does not need."""
    if part != "stateful":
        return {}
    return {
        "mask_zero": controls.toggle(
            page, "mask_zero", "Pass over steps whose id is 0: the state waits meanwhile."
        ),
        "play": control(
            st.selectbox,
            "play",
            ("step by step", "call by call"),
            **bound(page, "play", "step by step"),
        ),
    }
