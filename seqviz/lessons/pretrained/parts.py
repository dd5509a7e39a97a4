"""Parts of the page on pretrained vectors: neighbours, the map, training, the projector's files."""

from collections.abc import Callable

import numpy as np
import streamlit as st

from seqviz.errors import SeqvizError
from seqviz.lessons.pretrained.cached import WordMap, near
from seqviz.lessons.pretrained.fine_tuning import MAX_STEPS, BothWays
from seqviz.lessons.pretrained.map_figure import plot_map
from seqviz.lessons.pretrained.upload import Loaded
from seqviz.segmentation import label
from seqviz.ui import controls, url_state
from seqviz.ui.control import control
from seqviz.ui.markdown import literal, note, say, typed
from seqviz.ui.player.chart import show_chart
from seqviz.ui.player.theme import THEMED
from seqviz.vectors.neighbours import Neighbours
from seqviz.vectors.projector import export_projector
from seqviz.vectors.record import FilledEmbedding
from seqviz.wording import counted

_QUERY = "cat"
_SHOWN = 40  # characters of a word in a list


def neighbours(page: str, loaded: Loaded) -> Neighbours | None:
    """Ask for a word of the file, and list its neighbours; None if there is no such word."""
    left, right = st.columns([3, 1])
    with left:
        query = control(
            st.text_input,
            "A word of the file",
            _QUERY,
            **url_state.bound(page, "query", _QUERY),
            max_chars=100,
        )
    with right:
        k = controls.number(
            page,
            "k",
            low=1,
            high=20,
            default=5,
            help="How many neighbours, nearest first by cosine.",
        )
    words = [word for word in (query, query.lower()) if word in loaded.vectors]
    if not words:
        some = ", ".join(word[:_SHOWN] for word in loaded.vectors.words[:5])
        st.info(
            literal(f"“{query}” is not in the file. Words that are: {some}"), icon=":material/info:"
        )
        return None
    word = words[0]
    try:
        found = near(loaded, word, k)
    except SeqvizError as error:
        st.info(literal(str(error)), icon=":material/info:")
        return None
    listed = " · ".join(
        f"{typed(name[:_SHOWN])} {cosine:z.2f}"
        for name, cosine in zip(found.words, found.similarities.tolist(), strict=True)
    )
    say(f"Nearest to **{typed(word)}** by cosine: {listed}")
    return found


def show_places(page: str, places: WordMap) -> None:
    """Show the file's words and the layer's rows on a map, and who is near to whom."""
    _show_map(
        f"{page}_map_chart",
        places,
        "Large points are the rows of the layer; a star and squares are the word asked for and its "
        "neighbours.",
    )
    note(
        "Small points: words of the file. Large: the rows of the layer. Star and squares: the word "
        "asked for and its neighbours. A flat map cannot keep all distances; neighbours are found in "
        "all dimensions."
    )


def training_controls(page: str) -> tuple[int, float]:
    """Ask for the training steps and the learning rate."""
    left, right = st.columns(2)
    with left:
        steps = control(
            st.slider,
            "training steps",
            0,
            MAX_STEPS,
            10,
            **url_state.bound(page, "steps", 10, within=(0, MAX_STEPS)),
        )
    with right:
        learning_rate = controls.steps(page, "learning_rate", (0.1, 0.3, 1.0, 3.0), 0.3)
    return steps, learning_rate


def show_moves(page: str, places: WordMap, steps: int, trainable: bool) -> None:
    """Show on the same map how training moved the layer's rows."""
    frozen = "" if trainable else ": not at all, since the layer is frozen"
    _show_map(
        f"{page}_moves_chart",
        places,
        "Large points are the rows of the layer; arrows show how far "
        f"{counted(steps, 'training step')} moved them{frozen}.",
    )
    note(
        f"Large points: the rows of the layer. Arrows: how training moved them{frozen}. `trainable` is "
        "among the settings of the layer."
    )


def _show_map(key: str, places: WordMap, takeaway: str) -> None:
    show_chart(
        plot_map(
            places.data,
            words=places.words,
            colors=places.colors,
            before=places.before,
            query=places.query,
            neighbours=places.neighbours,
            marked=places.marked,
            palette=THEMED,
            height=400,
        ),
        key=key,
        alt=f"A map of {counted(len(places.words), 'word')} by principal components. {takeaway}",
    )


def compare(both: BothWays, steps: int, words: tuple[str, ...]) -> None:
    """Say what the same training did to a frozen layer, and to one that is not."""
    frozen, tuned = both
    moved = tuned.moved(steps)
    if not np.isfinite([*frozen.losses, *tuned.losses, *moved]).all():
        st.warning(
            "These vectors are so large that training with them overflows float32: the loss is nan, "
            "not a number. Hint: divide the numbers of the file, so that most are between -1 and 1."
        )
        return
    most = int(moved.argmax())
    say(
        f"Learning to name the next word of the sentence, {counted(steps, 'step')} of SGD:\n"
        f"- **frozen** (`trainable=False`): loss {frozen.losses[0]:.3f} → "
        f"{frozen.losses[steps]:.3f}, no row moved (farthest: {frozen.moved(steps).max():.3f})\n"
        f"- **fine-tuned** (`trainable=True`): loss {tuned.losses[0]:.3f} → "
        f"{tuned.losses[steps]:.3f}, {int((moved > 0).sum())} of {len(moved)} rows moved "
        f"(farthest: “{literal(words[most][:_SHOWN])}”, {moved.max():.3f}); a row that no input "
        "reads stays"
    )


def projector_files(page: str, loaded: Loaded) -> None:
    """Offer the vectors in use as the two files of the Embedding Projector."""
    note(
        "The vectors in use, as two files: the script under **The same in Keras** reads them beside it. They "
        "also open in TensorFlow's Embedding Projector (projector.tensorflow.org), and here again: upload "
        "both together."
    )
    makers: dict[str, Callable[[], str]] = {
        "vectors": lambda: export_projector(loaded.vectors).vectors,
        "metadata": lambda: export_projector(loaded.vectors).metadata,
    }
    with st.container(horizontal=True):
        for name, make in makers.items():
            st.download_button(
                f"{name}.tsv",
                make,
                file_name=f"{name}.tsv",
                mime="text/tab-separated-values",
                icon=":material/scatter_plot:",
                key=f"{page}_download_{name}",
                on_click="ignore",
            )


def say_what_was_found(filled: FilledEmbedding) -> None:
    """Which words the file has, and which it has not."""
    found, missing = len(filled.found), len(filled.missing)
    say(
        f":material/check: **found {found}**: {typed(' '.join(map(label, filled.found))) or '–'}"
        f"   :material/close: **missing {missing}**: "
        f"{typed(' '.join(map(label, filled.missing))) or '–'}"
    )
