"""The parts of the page about one cell that are more than a line."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from seqviz.lessons.cell.compute import UnitHistory, number
from seqviz.lessons.cell.history_figure import MOST_POINTS, MOST_UNITS, plot_unit_map
from seqviz.lessons.cell.words import Formula
from seqviz.trace import RecurrentTrace
from seqviz.ui.markdown import literal, note
from seqviz.ui.player.chart import show_chart
from seqviz.ui.player.theme import THEMED


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
        right.markdown(f"{literal(line.numbers)} = **{number(line.value)}**")


def unit_map(page: str, history: UnitHistory, tokens: Sequence[str], step: int) -> None:
    """Every number of the hidden state, to be clicked."""
    if history.states.size > MOST_POINTS or history.states.shape[1] > MOST_UNITS:
        note("Too many numbers to click on: pick the timestep and the unit by their controls.")
        return
    key = f"{page}_map_chart"

    def pick() -> None:
        points = st.session_state[key].selection.points
        if points:
            k, unit = points[0]["customdata"]
            st.session_state[f"{page}_timestep"] = float(history.timesteps[int(k)] + 1)
            st.session_state[f"{page}_unit"] = float(unit)

    st.markdown("All of **h**: click a square to open that number.")
    show_chart(
        plot_unit_map(history, tokens=tokens, step=step, palette=THEMED),
        key=key,
        alt="The hidden state, units by timesteps; the controls timestep and unit pick from it.",
        on_pick=pick,
    )
