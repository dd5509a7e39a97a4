"""The lesson's controls."""

from typing import Any, Final

import streamlit as st

from seqviz.config import CELLS, LAYER_NAMES
from seqviz.lessons.training.setup import CSV, NEXT, TASKS, Setup
from seqviz.lessons.training.words import with_another
from seqviz.training.task_settings import TaskSettings
from seqviz.training.train import OPTIMIZERS
from seqviz.ui import controls
from seqviz.ui.control import control
from seqviz.ui.fold import more
from seqviz.ui.url_state import bound

UNITS: Final = (1, 2, 4, 8, 16, 32, 64)
WIDTHS: Final = (1, 2, 4, 8, 16, 32)
RATES: Final = (0.0001, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
BATCHES: Final = (8, 16, 32, 64, 128)
CLIPPINGS: Final = (0.0, 0.1, 0.3, 1.0, 3.0, 10.0)
DROPOUTS: Final = (0.0, 0.1, 0.2, 0.3, 0.5, 0.7)
LENGTHS: Final = (10, 15, 20, 25, 30, 40, 50, 60)
MAX_EPOCHS: Final = 100
SERIES: Final = ("wave", "step", "sum")
NOTHING: Final = "nothing"
VIEWS: Final = ("states", "gates", "rows")


def task_choice(page: str) -> str:
    """Which task."""
    return control(st.selectbox, "What it learns", TASKS, **bound(page, "task", TASKS[0]))


def probe_box(page: str, placeholder: str, hint: str | None) -> str:
    """The sentence that is watched; empty for the task's own.

    Args:
        page: Prefix of keys.
        placeholder: The task's own.
        hint: What may be typed.
    """
    return (
        control(
            st.text_input,
            "A sentence to watch, your own if you like",
            **bound(page, "probe", ""),
            placeholder=placeholder,
            help=hint,
        )
        or ""
    )


def view(page: str) -> tuple[str, bool]:
    """What is shown below the answers, and whether as its difference from before training."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        show = control(
            st.selectbox,
            "Show its",
            VIEWS,
            **bound(page, "show", VIEWS[0]),
            help="What the layer holds after each timestep; its gates; or the Embedding's rows on a map.",
        )
        difference = control(
            st.toggle,
            "change only",
            **bound(page, "difference", False),
            help="What has changed since before training, instead of what is there.",
        )
    return show, difference


def settings(page: str, task: str, own: str) -> tuple[Setup, str]:
    """All about the model and its training, in the sidebar; and what cell to compare with.

    Args:
        page: Prefix of keys.
        task: That was chosen.
        own: Tells one's own file apart; empty while there is none, and another task stands in.
    """
    if task == CSV and not own:
        task = TASKS[0]
    cell = control(
        st.selectbox, "cell", CELLS, **bound(page, "cell", "LSTM"), index=CELLS.index("LSTM")
    )
    units = controls.steps(
        page, "units", UNITS, 16, help="Length of the hidden state h: how much it can hold."
    )
    rate = controls.steps(
        page,
        "learning_rate",
        RATES,
        0.01,
        help="How far each step of the optimizer goes. Too small: nothing happens. Too large: it "
        "jumps over what it looks for.",
    )
    epochs = controls.number(
        page,
        "epochs",
        low=1,
        high=MAX_EPOCHS,
        default=20,
        help="Times that all samples are learned.",
    )
    against = control(
        st.selectbox,
        "compare with",
        (NOTHING, *CELLS),
        **bound(page, "against", NOTHING),
        help="Trains the same once more with this cell, and draws both on the same axes.",
    )
    with more(page):
        others = _more(page, task)
        options = _options(page, task, own)
    made = TaskSettings(cell=cell, units=units, learning_rate=rate, epochs=epochs, **others)
    return Setup(task, options, made), against


def _more(page: str, task: str) -> dict[str, Any]:
    width = controls.steps(
        page, "embedding_dim", WIDTHS, 8, help="`output_dim` in Keras: numbers per row."
    )
    layers = controls.steps(
        page, "layers", (1, 2), 1, help="Recurrent layers, one on top of the other."
    )
    optimizer = control(
        st.selectbox,
        "optimizer",
        list(OPTIMIZERS),
        **bound(page, "optimizer", "Adam"),
        index=list(OPTIMIZERS).index("Adam"),
    )
    batch = controls.steps(
        page, "batch_size", BATCHES, 32, help="Samples of which one gradient is the mean."
    )
    clipping = controls.steps(
        page,
        "clipping",
        CLIPPINGS,
        1.0,
        help="`global_clipnorm` in Keras: a gradient that is longer is made so long. 0 clips none.",
    )
    dropout = controls.steps(
        page,
        "dropout",
        DROPOUTS,
        0.0,
        help="Share of what the layer reads that is set to 0 while it trains, each time another.",
    )
    seed = controls.seed(page, with_another(task))
    return {
        "embedding_dim": width,
        "layers": layers,
        "optimizer": optimizer,
        "batch_size": batch,
        "clipping": clipping or None,
        "dropout": dropout,
        "seed": seed,
    }


def _options(page: str, task: str, own: str) -> tuple[tuple[str, Any], ...]:
    length = controls.steps(
        page,
        "timesteps",
        LENGTHS,
        20,
        help="Length of the sequences of *first word*, *next character* and *series*.",
    )
    kind = control(st.selectbox, "kind of series", SERIES, **bound(page, "kind", SERIES[0]))
    text = ""
    if task == NEXT:
        text = control(
            st.text_area,
            "own text",
            **bound(page, "own_text", ""),
            placeholder="Learn from a text of your own: some hundred characters or more.",
        )
    if task == CSV:
        return (("file", own),)
    if task == "series":
        return (("kind", kind), ("timesteps", length))
    if task == NEXT:
        return (("timesteps", length), *((("text", text),) if text and text.strip() else ()))
    return (("timesteps", length),) if task == "first word" else ()


def layer_choice(page: str, settings: TaskSettings) -> str | None:
    """Which of two recurrent layers is shown; None for the only one."""
    if settings.layers < 2:
        return None
    first = LAYER_NAMES[settings.cell]
    names = {"upper": f"{first}_1", "lower": first}
    chosen = st.segmented_control(
        "Layer", list(names), default="upper", required=True, key=f"{page}_layer_shown"
    )
    return names[chosen or "upper"]
