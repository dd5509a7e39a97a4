"""The lessons: their names, titles and order."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple


@cache
def _key(path: str) -> str:
    """Of a page, by its script: asked for some twenty times in each run of any page."""
    return "home" if path == "app.py" else Path(path).stem


class Page(NamedTuple):
    """An entry of the navigation.

    Attributes:
        path: Of its script.
        title: As it stands everywhere.
        icon: Beside the title.
        idea: In a sentence.
        minutes: That a class takes for it; 0 for what is no lesson.
        needs: Keys of lessons whose words it uses.
    """

    path: str
    title: str
    icon: str
    idea: str
    minutes: int = 0
    needs: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Prefix of its parameters in the URL."""
        return _key(self.path)

    def parameters(self, state: Mapping[str, str]) -> dict[str, str]:
        """Controls, without the page's prefix, as parameters of its address."""
        return {f"{self.key}_{name}": value for name, value in state.items()}


HOME: Final = Page(
    "app.py",
    "seqviz",
    ":material/home:",
    "An Embedding turns each word into numbers; a recurrent layer reads them one after the other. Real Keras "
    "layers do it with your sentence: pick a question, and see every row, state and number.",
)


EMBEDDING: Final = Page(
    "pages/embedding.py",
    "Embedding",
    ":material/table_rows:",
    "An Embedding is a trainable table of numbers: for each id the layer copies out one row.",
    minutes=7,
)


RECURRENT: Final = Page(
    "pages/recurrent.py",
    "Recurrent layer",
    ":material/repeat:",
    "One block, used once per timestep: it reads a vector and its state of the step before, "
    "and hands a new state on.",
    minutes=8,
    needs=("embedding",),
)


GATHER: Final = Page(
    "pages/gather.py",
    "Gather or multiply?",
    ":material/compare_arrows:",
    "Looking up rows gives the same as one-hot times the matrix, without doing the product.",
    minutes=7,
    needs=("embedding",),
)


LAYER: Final = Page(
    "pages/layer.py",
    "Inside the layer",
    ":material/data_object:",
    "One matrix of weights, made once by `build`, read at every use by `call`: that is the whole layer.",
    minutes=5,
    needs=(
        "embedding",
        "gather",
    ),
)


IDS: Final = Page(
    "pages/ids.py",
    "Legal ids",
    ":material/tag:",
    "`vocab_size` (Keras's `input_dim`) must be at least your largest id + 1: an id that has no row "
    "raises an error on a CPU, but −1 or 1.7 silently reads another row.",
    minutes=6,
    needs=("embedding",),
)


PADDING: Final = Page(
    "pages/padding.py",
    "Padding and masks",
    ":material/filter_alt:",
    "A mask says which steps are padding; each layer hands it on, uses it, or loses it.",
    minutes=5,
    needs=("outputs",),
)


LEARNING: Final = Page(
    "pages/learning.py",
    "Who learns?",
    ":material/trending_down:",
    "A step of training moves the rows that were looked up: with plain SGD only those, with Adam others too.",
    minutes=7,
    needs=("embedding",),
)


MEANING: Final = Page(
    "pages/meaning.py",
    "What rows come to mean",
    ":material/scatter_plot:",
    "Rows come to mean what the loss asks for, and nothing else: another question, another map.",
    minutes=7,
    needs=("learning",),
)


PRETRAINED: Final = Page(
    "pages/pretrained.py",
    "Pretrained vectors",
    ":material/upload_file:",
    "Vectors trained elsewhere are loaded as the rows of the matrix, word by word.",
    minutes=6,
    needs=("meaning",),
)


OUTPUTS: Final = Page(
    "pages/outputs.py",
    "What comes out",
    ":material/output:",
    "The same states are computed either way: `return_sequences` and `return_state` choose which of "
    "them are returned.",
    minutes=6,
    needs=("recurrent",),
)


STACKS: Final = Page(
    "pages/stacks.py",
    "Stacks and both directions",
    ":material/layers:",
    "A recurrent layer reads a sequence: whatever is below it must return one. The top layer may choose.",
    minutes=6,
    needs=("outputs",),
)


CELL: Final = Page(
    "pages/cell.py",
    "Inside the cell",
    ":material/functions:",
    "Every number in a state is a squashed sum of products, which can be written out term by term.",
    minutes=7,
    needs=("recurrent",),
)


COMPARE: Final = Page(
    "pages/compare.py",
    "Side by side",
    ":material/view_column:",
    "A SimpleRNN mixes its old state into a new one; a GRU or LSTM can keep it. Which remembers word 1?",
    minutes=5,
    needs=("cell",),
)


GRADIENTS: Final = Page(
    "pages/gradients.py",
    "What flows back",
    ":material/undo:",
    "How much does the last state depend on an early word? That can vanish, explode, or be kept by a gate.",
    minutes=5,
    needs=("compare",),
)


STATE: Final = Page(
    "pages/state.py",
    "State that stays",
    ":material/sync:",
    "A state starts at zeros unless you set it, or the layer is told to keep it.",
    minutes=3,
    needs=("recurrent",),
)


TRAINING: Final = Page(
    "pages/training.py",
    "Train and watch",
    ":material/model_training:",
    "What changes while a model learns? Training moves the weights, and so the states and the answer: play it.",
    minutes=15,
    needs=("meaning", "compare"),
)


MISCONCEPTIONS: Final = Page(
    "pages/misconceptions.py",
    "What learners get wrong",
    ":material/psychology_alt:",
    "What is often believed, what is so, and a link that opens the picture which shows it.",
)


LESSON: Final = Page(
    "pages/lesson.py",
    "A lesson",
    ":material/school:",
    "A few pages that a teacher chose, one after the other.",
)


MAKE_LESSON: Final = Page(
    "pages/compose.py",
    "Make a lesson",
    ":material/design_services:",
    "Choose pages and what students may change there; the lesson is a link.",
)


TEACHING: Final = Page(
    "pages/teaching.py",
    "Notes for teachers",
    ":material/menu_book:",
    "For each lesson: what students get wrong, what to ask, and its controls.",
)


WALL: Final = Page(
    "pages/wall.py",
    "The wall",
    ":material/co_present:",
    "What the class answers, as it answers.",
)


GLOSSARY: Final = Page(
    "pages/glossary.py",
    "Glossary",
    ":material/dictionary:",
    "Each term of the lessons in a sentence or two, under the lesson that shows it.",
)


# Two tracks of 45 minutes each, in the order in which one lesson needs another, and what needs both.
GROUPS: Final[Mapping[str, tuple[Page, ...]]] = {
    "Embedding": (EMBEDDING, IDS, GATHER, LAYER, LEARNING, MEANING, PRETRAINED),
    "Recurrent layers": (RECURRENT, OUTPUTS, STACKS, CELL, PADDING, COMPARE, GRADIENTS, STATE),
    "Both at work": (TRAINING,),
}


LESSONS: Final = tuple(page for group in GROUPS.values() for page in group)


class Place(NamedTuple):
    """Where a lesson stands in its track.

    Attributes:
        group: The track.
        number: Which lesson of it, from 1.
        of: How many it has.
        before: The lesson before it; None for the first.
        after: The lesson after it; after the last of a track, the first of the next.
    """

    group: str
    number: int
    of: int
    before: Page | None
    after: Page | None


def place_of(page: Page) -> Place | None:
    """Where a page stands, if it is a lesson."""
    for group, lessons in GROUPS.items():
        if page in lessons:
            number = lessons.index(page)
            at = LESSONS.index(page)
            after = LESSONS[at + 1] if at + 1 < len(LESSONS) else None
            before = lessons[number - 1] if number else None
            return Place(group, number + 1, len(lessons), before, after)
    return None


def page_of(key: str) -> Page:
    """The lesson of a key."""
    return next(page for page in LESSONS if page.key == key)
