"""The lesson's questions."""

from seqviz.ui.question import ask


def ask_about_rows(page: str) -> None:
    """What each loss makes of rows, and what it leaves alone."""
    ask(
        f"{page}_cat_dog",
        "A model learns to tell praise from blame. Do the rows of **cat** and **dog** become alike?",
        ["yes, both are animals", "no, no more than by chance", "they become opposites"],
        answer="no, no more than by chance",
        why="Here each animal is praised as often as it is blamed, so the loss pulls their rows "
        "nowhere. The layer has no idea of animals; “topic” is the loss that asks for it.",
        show={f"{page}_task": "sentiment", f"{page}_word": "cat"},
    )
    ask(
        f"{page}_opposites",
        "A model learns to guess a missing word. Where does **good** end up?",
        ["near great, far from awful", "near great and near awful", "near cat"],
        answer="near great and near awful",
        why="Both fit the same gaps (“my soup tastes …”), so the loss treats them alike. "
        "Vectors of that kind say which words are used alike, not which mean the same.",
        show={f"{page}_task": "missing word", f"{page}_word": "good"},
    )
    ask(
        f"{page}_unseen",
        "**superb** has a row, but is in no sentence. Where is its row after training?",
        ["near good and great", "exactly where it began", "at zero"],
        answer="exactly where it began",
        why="Its gradient is 0 in every epoch, so it keeps its random numbers: a word that training "
        "never saw means nothing to the model.",
        show={f"{page}_task": "sentiment", f"{page}_word": "superb"},
    )
