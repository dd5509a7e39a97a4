"""The three parts of the page about states: the controls of each, and what it shows."""

from collections.abc import Callable
from typing import Any, Final, NamedTuple

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from seqviz.cells import GATES
from seqviz.config import ModelConfig
from seqviz.lessons.state import cached
from seqviz.lessons.state.compute import Runs
from seqviz.lessons.state.dropout_figure import plot_dropout, with_inference
from seqviz.lessons.state.figure import plot_runs, with_cell_states
from seqviz.lessons.state.words import dropped_captions, dropped_table, runs_captions, runs_table
from seqviz.readout.table import Table
from seqviz.readout.wording import counted, scientific
from seqviz.ui import controls
from seqviz.ui.markdown import colored
from seqviz.ui.url_state import bound
from seqviz.vocabulary import Encoded

PARTS: Final = ("stateful", "initial_state", "dropout")
MAX_CALLS: Final = 40  # of one layer in one rerun: each takes Keras some 7 ms
_RATES: Final = tuple(round(0.1 * k, 1) for k in range(10))
_VALUES: Final = tuple(round(0.25 * k, 2) for k in range(-8, 9))


class Shown(NamedTuple):
    """What a part puts into the frame that all parts share."""

    draw: Callable[..., go.Figure]  # takes the keyword arguments that every picture has
    captions: list[str]
    alt: str
    table: Callable[[int | None], Table]
    arrays: Callable[[], dict[str, np.ndarray]]
    code: str
    difference: float
    what: str  # is said to be equal to Keras
    shapes: list[str]
    notes: list[str]


def part_choice(page: str) -> str:
    """Ask which part to show."""
    return st.segmented_control(
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
            "mask_zero": controls.toggle(
                page, "mask_zero", "Pass over steps whose id is 0: the state waits meanwhile."
            ),
            "play": st.selectbox(
                "play",
                ("step by step", "call by call"),
                **bound(page, "play", "step by step"),
            ),
        }
    if part == "initial_state":
        names = [
            f"{s}_{i}" for s in ("hc" if cell == "LSTM" else "h") for i in range(min(units, 2))
        ]
        return {
            name: st.select_slider(
                name.replace("_", "[") + "]",
                _VALUES,
                1.0 if name == "h_0" else -1.0 if name == "h_1" else 0.0,
                **bound(page, name, 1.0 if name == "h_0" else -1.0 if name == "h_1" else 0.0),
                help=f"Unit {name[-1]} of the {'hidden' if name[0] == 'h' else 'cell'} state that "
                "the layer starts from. The other units start from 0.",
            )
            for name in names
        }
    chosen = {
        name: st.select_slider(name, _RATES, default, **bound(page, name, default), help=what)
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
            st.selectbox(
                "gate",
                GATES[cell],
                **bound(page, f"gate_{cell}", GATES[cell][0]),
                help="With recurrent_dropout each gate has masks of its own.",
            )
        )
    return chosen


def show_part(part: str, chosen: dict[str, Any], config: ModelConfig, encoded: Encoded) -> Shown:
    """Compute what the part shows; only this part computes."""
    return {"stateful": _stateful, "initial_state": _initial_state, "dropout": _dropout}[part](
        chosen, config, encoded
    )


def _stateful(chosen: dict[str, Any], config: ModelConfig, encoded: Encoded) -> Shown:
    count = len(encoded.ids)
    length = max(chosen["chunk_length"], -(-count // MAX_CALLS))
    notes = []
    if length > chosen["chunk_length"]:
        notes.append(f"At most {MAX_CALLS} calls are made here, so chunk_length is {length}.")
    calls = -(-count // length)
    reset = chosen["reset_before"] - 1
    run = cached.stateful(
        config, encoded.ids, encoded.tokens, length, (reset,) if 0 < reset < calls else ()
    )
    data = run.data
    by_call = chosen["play"] == "call by call"
    kept = float(data.distances[0].max())
    end = "equal to" if kept < 1e-5 else f"{kept:.4f} away from"
    return Shown(
        draw=lambda **options: plot_runs(
            data, tokens=encoded.tokens, ids=encoded.ids, by_call=by_call, **options
        ),
        captions=runs_captions(data, encoded.tokens, by_call=by_call),
        alt=f"{config.cell} reads {counted(count, 'timestep')} in {counted(calls, 'call')}, twice. With stateful=True "
        f"each call starts from the state that the last one ended with, and the result is {end} "
        "that of one call; with stateful=False each call starts from zeros.",
        table=lambda widest: runs_table(data, encoded.tokens, encoded.ids, widest=widest),
        arrays=lambda: _arrays(data, run.inputs),
        code=run.code,
        difference=data.keras_difference,
        what=f"{counted(calls, 'call')} with stateful=True: at most {_number(kept)} from one call "
        "on the whole sentence. All of it",
        shapes=[
            f"{counted(calls, 'call')} of at most {colored((1, length, config.embedding_dim))}",
            f"`{config.cell}({config.units[0]}, stateful=True)`",
            colored((1, length, config.units[0])),
            "kept: " + ", ".join([colored((1, config.units[0]))] * (1 + (config.cell == "LSTM"))),
        ],
        notes=notes + _left_out(data),
    )


def _initial_state(chosen: dict[str, Any], config: ModelConfig, encoded: Encoded) -> Shown:
    (units,) = config.units
    states = tuple(
        tuple(float(chosen.get(f"{symbol}_{i}", 0.0)) for i in range(units))
        for symbol in ("hc" if config.cell == "LSTM" else "h")
    )
    run = cached.initial_state(config, encoded.ids, encoded.tokens, states)
    data = run.data
    first, last = float(data.distances[0, 0]), float(data.distances[0, -1])
    return Shown(
        draw=lambda **options: plot_runs(data, tokens=encoded.tokens, ids=encoded.ids, **options),
        captions=runs_captions(data, encoded.tokens, by_call=False),
        alt=f"{config.cell} reads the same sentence from the state given and from zeros: the "
        f"largest difference is {first:.2f} at the start and {last:.4f} after "
        f"{counted(len(encoded.ids), 'timestep')}.",
        table=lambda widest: runs_table(data, encoded.tokens, encoded.ids, widest=widest),
        arrays=lambda: _arrays(data, run.inputs),
        code=run.code,
        difference=data.keras_difference,
        what="Computed by real Keras layers",
        shapes=[
            "initial_state " + ", ".join([colored((1, units))] * len(states)),
            f"`{config.cell}({units})`",
            colored((1, len(encoded.ids), units)),
        ],
        notes=_left_out(data),
    )


def _dropout(chosen: dict[str, Any], config: ModelConfig, encoded: Encoded) -> Shown:
    run = cached.dropped(
        config,
        encoded.ids,
        encoded.tokens,
        chosen["dropout"],
        chosen["recurrent_dropout"],
        chosen["call"],
    )
    data = run.data
    gate = min(chosen.get("gate", 0), len(data.gates) - 1)
    gone = int((data.input_masks[gate] == 0).sum()), int((data.state_masks[gate] == 0).sum())
    return Shown(
        draw=lambda **options: plot_dropout(
            data, tokens=encoded.tokens, ids=encoded.ids, gate=gate, **options
        ),
        captions=dropped_captions(data, encoded.tokens, gate=gate),
        alt=f"In training {gone[0]} of {config.embedding_dim} features and {gone[1]} of "
        f"{config.units[0]} fed-back units are dropped, the same at every timestep; at inference "
        "none is.",
        table=lambda widest: dropped_table(
            data, encoded.tokens, encoded.ids, gate=gate, widest=widest
        ),
        arrays=lambda: {
            name: np.asarray(getattr(data, name))
            for name in ("inputs", "input_masks", "state_masks", "training", "inference")
        },
        code=run.code,
        difference=data.keras_difference,
        what="Worked out by hand with these very masks",
        shapes=[
            colored((1, len(encoded.ids), config.embedding_dim)),
            f"{counted(len(data.gates), 'mask')} "
            + colored((1, config.embedding_dim), axes=("gray", "green"))
            + " and "
            + colored((1, config.units[0]), axes=("gray", "green")),
            f"`{config.cell}({config.units[0]})`",
            colored((1, len(encoded.ids), config.units[0])),
        ],
        notes=[]
        if with_inference(data)
        else ["Too many numbers for the states with training=False as well; the files have them."],
    )


def _left_out(data: Runs) -> list[str]:
    if data.cell_states is None or with_cell_states(data):
        return []
    return ["Too many numbers for the cell states c as well; the files have them."]


def _arrays(data: Runs, inputs: np.ndarray) -> dict[str, np.ndarray]:
    arrays = {"inputs": inputs, "timesteps": data.timesteps, "calls": data.calls}
    for run, label in enumerate(data.labels):
        name = label.replace("=", "_")
        arrays[f"{name}_hidden_states"] = data.hidden[run]
        if data.cell_states is not None:
            arrays[f"{name}_cell_states"] = data.cell_states[run]
        arrays[f"{name}_distances"] = data.distances[run]
    return arrays


def _number(distance: float) -> str:
    return "0" if distance == 0 else scientific(distance) if distance < 1e-4 else f"{distance:.4f}"
