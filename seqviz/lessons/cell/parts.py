"""The parts of the page about one cell that are more than a line."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from seqviz import RecurrentTrace
from seqviz.lessons.cell.compute import Explanation, UnitHistory, number
from seqviz.lessons.cell.history_figure import MOST_POINTS, MOST_UNITS, plot_unit_map
from seqviz.lessons.cell.words import Formula
from seqviz.ui.chart import show_chart
from seqviz.ui.note import note
from seqviz.ui.question import ask
from seqviz.ui.sentence import literal
from seqviz.ui.theme import THEMED


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


def questions(page: str, explanation: Explanation, count: int) -> None:
    """One for each thing that learners get wrong about cells."""
    e = explanation
    features, units = len(e.inputs), len(e.state)

    def set_to(**controls: object) -> dict[str, object]:
        return {f"{page}_{name}": value for name, value in controls.items()}

    other = float(1 if e.timestep + 1 == count else e.timestep + 2)
    ask(
        f"{page}_one_kernel",
        "Go to another timestep: what changes in the sum?",
        ["the weights", "x and h", "both"],
        answer="x and h",
        why="One kernel serves every timestep; only what it is multiplied by is new.",
        show=set_to(timestep=other),
    )
    ask(
        f"{page}_products",
        f"How many products are added up for one gate of one unit, with {features} features and "
        f"{units} units?",
        list(dict.fromkeys([str(features), str(units), str(features + units)])),
        answer=str(features + units),
        why="Every feature of x and every unit of the last h has a weight of its own; a bias may "
        "be added. A gate is nothing but such a sum, squeezed between 0 and 1.",
        show=set_to(cell="LSTM", gate="input"),
    )
    ask(
        f"{page}_forget_bias",
        "Untrained, with small inputs, most gates are near 0.5. The forget gate?",
        ["near 0.5, too", "near 0.73", "near 1"],
        answer="near 0.73",
        why="`unit_forget_bias` starts its bias at 1, and σ(1) = 0.73. It is the second block of "
        "the columns: i, f, c, o.",
        show=set_to(cell="LSTM", gate="forget", use_bias=True, unit_forget_bias=True),
    )
    ask(
        f"{page}_memory",
        "Is what an LSTM returns its memory?",
        ["yes, h is c", "no, h shows a part of c"],
        answer="no, h shows a part of c",
        why="h = o · activation(c): c is kept inside, and Keras never returns it step by step.",
        show=set_to(cell="LSTM", gate="output", timestep=float(count)),
    )
    ask(
        f"{page}_two_biases",
        "A GRU with Keras's defaults reads 4 features and has 3 units. How many weights?",
        ["63", "72", "81"],
        answer="81",
        why="`reset_after=True` needs a second bias: 3 · (3 · (4 + 3) + 2 · 3). "
        "With `reset_after=False` it is 72, as in many books.",
        show=set_to(cell="GRU", embedding_dim=4, units=3, use_bias=True, reset_after=True),
    )
