"""The lessons: their names, titles and order."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple


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
