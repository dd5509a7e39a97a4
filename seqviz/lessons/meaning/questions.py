"""The lesson's questions."""

from seqviz.ui.question import Question


def ask_about_rows(page: str, task: str) -> tuple[Question, ...]:
    """What each loss makes of rows, and what it leaves alone."""
    return (
        Question(
            name="cat_dog",
            text="A model learns to tell praise from blame. "
            "Do the rows of **cat** and **dog** become alike?",
            options={
                "yes, both are animals": "That would take a loss that asks what a sentence is about, "
                "such as “topic”.",
                "no, no more than by chance": "Here each animal is praised as often as it is blamed, "
                "so the loss pulls their rows nowhere: they stay in the middle, and the line between "
                "them says their cosine. “topic” is the loss that asks for animals.",
                "they become opposites": "That would be so if one were mostly praised and the other "
                "mostly blamed.",
            },
            answer="no, no more than by chance",
            show={f"{page}_task": "sentiment", f"{page}_word": "cat"},
            veils=task == "sentiment",
        ),
        Question(
            name="opposites",
            text="A model learns to guess a missing word. Where does **good** end up?",
            options={
                "near great, far from awful": "That would be the loss that tells praise from blame.",
                "near great and near awful": "Both fit the same gaps (“my soup tastes …”), so the "
                "loss treats them alike. Vectors of that kind say which words are used alike, not "
                "which mean the same.",
                "near cat": "cat and good never fit the same gap.",
            },
            answer="near great and near awful",
            show={f"{page}_task": "missing word", f"{page}_word": "good"},
            veils=task == "missing word",
        ),
        Question(
            name="unseen",
            text="**superb** has a row, but is in no sentence. Where is its row after training?",
            options={
                "near good and great": "That takes sentences with superb in them: the layer does not "
                "know what a word means.",
                "exactly where it began": "Its gradient is 0 in every epoch, so it keeps its random "
                "numbers: a word that training never saw means nothing to the model.",
                "at zero": "Nothing pulls it to 0 either: that would be a penalty on large numbers, "
                "`embeddings_regularizer`.",
            },
            answer="exactly where it began",
            show={f"{page}_task": "sentiment", f"{page}_word": "superb"},
        ),
    )
