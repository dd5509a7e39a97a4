"""What else the page shows: one sum term by term, one unit over time, every weight."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import streamlit as st

from seqviz.lessons.cell.compute import (
    Explanation,
    UnitHistory,
    compute_terms,
    compute_unit_history,
)
from seqviz.lessons.cell.controls import gate
from seqviz.lessons.cell.history_figure import (
    MOST_POINTS,
    MOST_UNITS,
    plot_unit_history,
    plot_unit_map,
)
from seqviz.lessons.cell.parameters import compute_parameter_blocks
from seqviz.lessons.cell.parameters_figure import plot_parameters
from seqviz.lessons.cell.terms_figure import plot_terms
from seqviz.lessons.cell.words import Formula, formulas
from seqviz.readout.numbers import in_formula
from seqviz.trace import RecurrentTrace
from seqviz.ui.markdown import literal, note, say
from seqviz.ui.player.chart import show_chart
from seqviz.ui.player.theme import THEMED
from seqviz.wording import counted


def clamped(trace: RecurrentTrace, timestep: int, unit: int) -> tuple[int, int]:
    """The step (as processed) and the unit to show, and a word where there is no such one."""
    _, count, units = trace.hidden_states.shape
    notes = []
    if timestep > count:
        notes.append(f"timestep {timestep}: the sentence has {count}")
    if unit >= units:
        notes.append(f"unit {unit}: they count from 0 to {units - 1}")
    if notes:
        note(f"There is no {', and no '.join(notes)}. The last one is shown.")
    (steps,) = np.nonzero(trace.timesteps == min(timestep, count) - 1)
    return int(steps[0]), min(unit, units - 1)


def formula_panel(lines: Sequence[Formula]) -> None:
    """Formulas and their numbers side by side; on a phone one below the other."""
    for line in lines:
        left, right = st.columns([2, 3], vertical_alignment="center")
        left.markdown(f"${line.latex}$")
        right.markdown(f"{literal(line.numbers)} = **{in_formula(line.value)}**")


def picked(event: Any, shape: Sequence[int]) -> tuple[int, int] | None:
    """The square that was clicked: its step and its unit; None if it is none of those drawn.

    Args:
        event: What came from the browser, which may be anything.
        shape: ``(timesteps, units)`` of the squares.
    """
    try:
        k, unit = event["selection"]["points"][0]["customdata"]
        chosen = int(k), int(unit)
    except (ArithmeticError, LookupError, TypeError, ValueError):
        return None
    inside = all(0 <= place < count for place, count in zip(chosen, shape, strict=True))
    return chosen if inside else None


def unit_map(page: str, history: UnitHistory, tokens: Sequence[str], step: int) -> None:
    """Every number of the hidden state, to be clicked."""
    if history.states.size > MOST_POINTS or history.states.shape[1] > MOST_UNITS:
        note("Too many numbers to click on: pick the timestep and the unit by their controls.")
        return
    key = f"{page}_map_chart"

    def pick() -> None:
        chosen = picked(st.session_state[key], history.states.shape)
        if chosen is not None:
            k, unit = chosen
            st.session_state[f"{page}_timestep"] = float(history.timesteps[k] + 1)
            st.session_state[f"{page}_unit"] = float(unit)

    say("All of **h**: click a square to open that number.")
    show_chart(
        plot_unit_map(history, tokens=tokens, step=step, palette=THEMED),
        key=key,
        alt="The hidden state, units by timesteps; the controls timestep and unit pick from it.",
        on_pick=pick,
    )


def show_terms(page: str, explanation: Explanation) -> None:
    """One sum of the unit, product by product, and all of its formulas."""
    chosen = explanation.sums[gate(page, explanation)]
    terms = compute_terms(chosen)
    show_chart(
        plot_terms(terms, palette=THEMED),
        key=f"{page}_terms_chart",
        alt=f"The sum of {chosen.symbol}, product by product: {chosen.pre_activation:z.4f}; "
        f"{chosen.activation} makes {chosen.value:z.4f} of it.",
    )
    if terms.folded:
        note(
            f"The {terms.folded} smallest products are one bar here; the table below has them all."
        )
    formula_panel(formulas(explanation))


def show_history(
    page: str,
    trace: RecurrentTrace,
    explanation: Explanation,
    tokens: Sequence[str],
    step: int,
) -> None:
    """The unit at every timestep, and the map of all units to choose from."""
    history = compute_unit_history(trace, unit=explanation.unit)
    show_chart(
        plot_unit_history(history, tokens=tokens, step=step, palette=THEMED),
        key=f"{page}_history_chart",
        alt=f"Bars of {', '.join(history.series)} of unit {explanation.unit} at each of "
        f"{counted(len(tokens), 'timestep')}, timestep {explanation.timestep + 1} framed.",
    )
    say("At every timestep **W**, **U** and **b** are the same: only **x** and **h** are new.")
    unit_map(page, history, tokens, step)


def show_weights(page: str, trace: RecurrentTrace, unit: int, parameters: int) -> None:
    """The weights to scale, a block per gate, and the count of Keras."""
    units = trace.hidden_states.shape[-1]
    blocks = compute_parameter_blocks(trace)
    show_chart(
        plot_parameters(blocks, unit=unit, palette=THEMED),
        key=f"{page}_parameters_chart",
        alt=f"The weights of {trace.cell}({units}) to scale, one block of {counted(units, 'column')} "
        "for each of "
        f"{', '.join(blocks.gates)}: {blocks.parameters:,} in all.",
    )
    say(
        f"`{blocks.formula}` = {blocks.numbers}: Keras's `count_params()` says "
        f"**{parameters:,}**, at every timestep the same weights. "
        f"The framed columns are those of unit {unit}."
    )
