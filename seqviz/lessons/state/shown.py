"""What each of the lesson's three parts shows."""

from typing import Any, Final

import numpy as np

from seqviz.config import ModelConfig
from seqviz.lessons.state import cached
from seqviz.lessons.state.compute import Runs
from seqviz.lessons.state.dropout_figure import plot_dropout, with_inference
from seqviz.lessons.state.figure import plot_runs, with_cell_states
from seqviz.lessons.state.words import dropped_captions, dropped_table, runs_captions, runs_table
from seqviz.readout.numbers import distance
from seqviz.typed_text import Encoded
from seqviz.ui.markdown import RANDOM, colored
from seqviz.ui.proof import equal_to_keras
from seqviz.ui.shown import Shown
from seqviz.ui.table import NARROW
from seqviz.wording import counted

MAX_CALLS: Final = 40  # of one layer in one rerun: each takes Keras some 7 ms


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
    resets = (reset,) if 0 < reset < calls else ()
    run = cached.stateful(config, encoded.ids, encoded.tokens, length, resets)
    data = run.data
    by_call = chosen["play"] == "call by call"
    kept = float(data.distances[0].max())
    end = "equal to" if kept < 1e-5 else f"{kept:.4f} away from"
    return Shown(
        **_frame(
            "stateful",
            chosen,
            config,
            encoded,
            "A **call** is one `layer(x)`: the layer reads all that it is given. A text too long for that is given "
            f"in pieces, here in chunks of {counted(length, 'word')}. With `stateful=True` a call starts from the state "
            "that the last one ended with, else from zeros. **Bars**: the largest difference between h and that "
            "of one call on the whole sentence.",
        ),
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
        proof=lambda: equal_to_keras(
            cached.difference_from_keras(config, encoded.ids, (length, resets), data),
            f"With stateful=True {counted(calls, 'call')} are at most {distance(kept)} from one call on the "
            "whole sentence; all numbers",
        ),
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
        **_frame(
            "initial_state",
            chosen,
            config,
            encoded,
            "`initial_state` gives the layer its first state, h₀; without it that is zeros. **Bars**: how far h "
            "is from that of a run that starts from zeros, as the largest difference of its numbers.",
        ),
        draw=lambda **options: plot_runs(data, tokens=encoded.tokens, ids=encoded.ids, **options),
        captions=runs_captions(data, encoded.tokens, by_call=False),
        alt=f"{config.cell} reads the same sentence from the state given and from zeros: the "
        f"largest difference is {first:.2f} at the start and {last:.4f} after "
        f"{counted(len(encoded.ids), 'timestep')}.",
        table=lambda widest: runs_table(data, encoded.tokens, encoded.ids, widest=widest),
        arrays=lambda: _arrays(data, run.inputs),
        code=run.code,
        proof=lambda: equal_to_keras(
            cached.difference_from_keras(config, encoded.ids, states, data),
            "Computed by real Keras layers",
        ),
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
        **_frame("dropout", chosen, config, encoded),
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
        proof=equal_to_keras(data.keras_difference, "Worked out by hand with these very masks"),
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


def _frame(
    part: str, chosen: dict[str, Any], config: ModelConfig, encoded: Encoded, more: str = ""
) -> dict[str, Any]:
    """What all parts have in common of what is shown."""
    (units,) = config.units
    return {
        "of": (part, chosen, config, encoded),
        "title": f"{part}: what {config.cell}({units}) does with “{' '.join(encoded.tokens[:12])}”",
        "first": f"{more}\n\n{RANDOM}".strip(),
        "vector": max(units, config.embedding_dim if part == "dropout" else 0),
        "widest": NARROW,
        "height": 352,  # under the choice of a part and a question, and above its player
        "file_height": 480,
    }


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
