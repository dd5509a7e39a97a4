"""The frame of every page: its settings, its warm-up, its navigation."""

from collections.abc import Mapping
from pathlib import Path
from textwrap import shorten
from typing import Final, NamedTuple

import streamlit as st
from streamlit.errors import StreamlitAPIException

from seqviz.app import warmup
from seqviz.plotly_kit.figure import leave_unchecked
from seqviz.ui.note import note
from seqviz.ui.player.player import have_preview_sent
from seqviz.ui.sentence import literal, sentence_parameters
from seqviz.ui.server.turns import take_turn

# A file of our own: Streamlit's icons as favicons come from a host that may be out of reach.
_FAVICON: Final = str(Path(__file__).parent / "favicon.svg")


class Page(NamedTuple):
    """An entry of the navigation."""

    path: str
    title: str
    icon: str
    idea: str

    @property
    def key(self) -> str:
        """Prefix of its parameters in the URL."""
        return Path(self.path).stem


HOME: Final = Page(
    "app.py",
    "seqviz",
    ":material/home:",
    "Pick a lesson and type a sentence: real Keras 3 layers work on it.  \n"
    "See every row, state and number, step by step.  \n"
    "Each picture is a link, and comes with its Keras code.",
)
EMBEDDING: Final = Page(
    "pages/embedding.py",
    "Embedding",
    ":material/table_rows:",
    "An Embedding is a trainable table of numbers: each id copies one row of it.",
)
RECURRENT: Final = Page(
    "pages/recurrent.py",
    "Recurrent layer",
    ":material/repeat:",
    "One block, used once per timestep: it reads a vector and its own last state, "
    "and hands a new state on.",
)
GATHER: Final = Page(
    "pages/gather.py",
    "Gather or multiply?",
    ":material/compare_arrows:",
    "Looking up rows gives the same as one-hot times the matrix, without doing the product.",
)
LAYER: Final = Page(
    "pages/layer.py",
    "Inside the layer",
    ":material/data_object:",
    "One matrix of weights, made by build, read by call: that is the whole layer.",
)
IDS: Final = Page(
    "pages/ids.py",
    "Legal ids",
    ":material/tag:",
    "`input_dim` is the largest id + 1: an id of `input_dim` or more raises, but −1 or 1.7 silently "
    "gives another row.",
)
PADDING: Final = Page(
    "pages/padding.py",
    "Padding and masks",
    ":material/filter_alt:",
    "A mask says which steps are padding; each layer hands it on, uses it, or loses it.",
)
LEARNING: Final = Page(
    "pages/learning.py",
    "Who learns?",
    ":material/trending_down:",
    "A gradient step moves the rows that were looked up, and, with some optimizers, more.",
)
MEANING: Final = Page(
    "pages/meaning.py",
    "What rows come to mean",
    ":material/scatter_plot:",
    "Rows come to mean what the loss asks for, and nothing else.",
)
PRETRAINED: Final = Page(
    "pages/pretrained.py",
    "Pretrained vectors",
    ":material/upload_file:",
    "Vectors trained elsewhere are loaded as the rows of the matrix, word by word.",
)
OUTPUTS: Final = Page(
    "pages/outputs.py",
    "What comes out",
    ":material/output:",
    "The same states are computed either way: two arguments choose which of them are returned.",
)
STACKS: Final = Page(
    "pages/stacks.py",
    "Stacks and both directions",
    ":material/layers:",
    "A recurrent layer reads a sequence: whatever is below it must return one.",
)
CELL: Final = Page(
    "pages/cell.py",
    "Inside the cell",
    ":material/functions:",
    "Every number in a state is a sum that can be written out, term by term.",
)
COMPARE: Final = Page(
    "pages/compare.py",
    "Side by side",
    ":material/view_column:",
    "SimpleRNN, GRU and LSTM read the same sentence, and each forgets its first word at its own pace.",
)
GRADIENTS: Final = Page(
    "pages/gradients.py",
    "What flows back",
    ":material/undo:",
    "The gradient passes the same matrix once a timestep: it vanishes, explodes, or is gated.",
)
STATE: Final = Page(
    "pages/state.py",
    "State that stays",
    ":material/sync:",
    "A state starts at zeros unless you set it, or the layer is told to keep it.",
)

MISCONCEPTIONS: Final = Page(
    "pages/misconceptions.py",
    "What learners get wrong",
    ":material/psychology_alt:",
    "What is often believed, what is so, and a link that opens the picture which shows it.",
)

# As the navigation groups them.
GROUPS: Final[Mapping[str, tuple[Page, ...]]] = {
    "Embedding": (EMBEDDING, GATHER, LAYER, IDS, PADDING, LEARNING, MEANING, PRETRAINED),
    "Recurrent layers": (RECURRENT, OUTPUTS, STACKS, CELL, COMPARE, GRADIENTS, STATE),
}
LESSONS: Final = tuple(page for group in GROUPS.values() for page in group)


def open_page(page: Page, *, needs_keras: bool = True) -> None:
    """Set up `page`: title, navigation, and (lessons) Keras loaded.

    Each page calls this first and can so be opened by a deep link on a server that has just
    started. Where Keras cannot be loaded, says so and stops the page. While many others compute,
    the page waits for its turn.
    """
    st.set_page_config(
        page_title=page.title if page is HOME else f"{page.title} · seqviz",
        page_icon=_FAVICON,
        layout="wide",
    )
    leave_unchecked()
    _start_anew(page)
    _navigation(page)
    st.title(page.title, anchor=False)
    st.markdown(page.idea)
    if not needs_keras:
        return
    try:
        if not warmup.is_warm():
            with st.spinner("Waking Keras up: once per server, some seconds …"):
                warmup.warm_up()
    except ImportError as error:
        st.error(
            f"Keras could not be loaded on this server ({literal(_shortened(error))}). "
            "The lessons need it. "
            "Whoever runs this server can mend it with `pip install -r requirements.txt`."
        )
        st.stop()
    take_turn()


def _start_anew(page: Page) -> None:
    """Let a link of the list of misconceptions say all of a lesson's state.

    What somebody chose there before stays with the session, weighs more than the link, and may
    contradict the list. The sentence stays, unless the link has one.
    """
    came_from, st.session_state["_at"] = st.session_state.get("_at"), page.key
    if came_from != MISCONCEPTIONS.key:
        return
    sentence = {f"{page.key}_text", f"{page.key}_read_as"}
    asked = {name for name in st.query_params if name.startswith(f"{page.key}_")}
    if not asked - sentence:
        return
    for key in set(st.session_state) - (sentence - asked):
        if str(key).startswith(f"{page.key}_"):
            del st.session_state[key]


def _shortened(error: Exception) -> str:
    # TensorFlow's own message can be a page long.
    return shorten(str(error), 200, placeholder=" …") or type(error).__name__


def _navigation(here: Page) -> None:
    with st.sidebar:
        with st.container(gap=None):
            link_to(HOME, here=here)
            have_preview_sent()
        if here is HOME:
            _links(here)
            return
        # Closed, so that the controls of the page are in sight, and empty until it is opened: the
        # links would cost a tenth of what the server does for a change of a control.
        lessons = st.expander(
            "Lessons", icon=":material/menu_book:", key=f"{here.key}_lessons", on_change="rerun"
        )
        if lessons.open:
            with lessons:
                _links(here)


def _links(here: Page) -> None:
    for group, lessons in GROUPS.items():
        note(group)
        for lesson in lessons:
            link_to(lesson, here=here)
    note("For teachers")
    link_to(MISCONCEPTIONS, here=here)


def link_to(page: Page, *, here: Page, plain: bool = True) -> None:
    """Link from page `here` to `page`, taking the sentence along.

    Args:
        page: Where to.
        here: Where from.
        plain: Like an entry of a menu; else it is to be told from the text around it.
    """
    parameters = sentence_parameters(here.key, page.key) if page in LESSONS else {}
    link_to_state(page, parameters, plain=plain)


def link_to_state(page: Page, parameters: Mapping[str, str], *, plain: bool = False) -> None:
    """Link to `page` with its controls set by `parameters` of the address."""
    label = page.title if plain else f":blue[**{page.title}**]"
    try:
        st.page_link(page.path, label=label, icon=page.icon, query_params=dict(parameters))
    except StreamlitAPIException:
        # A page was started as the main script: the others are not beside it.
        note(page.title)
