"""The lesson's questions."""

from seqviz.ui.question import Question


def ask_about_training(page: str, task: str, *, compares: bool) -> tuple[Question, ...]:
    """What learning changes, and what it cannot.

    Args:
        page: Prefix of keys.
        task: That is shown.
        compares: Whether two cells are on the page.
    """
    return (
        Question(
            name="before",
            text="A model is to learn to tell praise (1) from blame (0). **Before** training, what does it answer "
            "to “the film was not great”?",
            options={
                "near 0: blame": "It would have to know what “great” means, and knows nothing yet.",
                "near 0.5: neither": "Random rows make a small random state, and the head makes of "
                "any of them a number near the middle. All that the picture shows later, the loss "
                "has put there.",
                "near 1: praise, for the word great": "Nothing means anything yet: “great” is as random as “film”.",
            },
            answer="near 0.5: neither",
            show={
                f"{page}_task": "sentiment",
                f"{page}_probe": "",
                f"{page}_show": "states",
                f"{page}_difference": False,
                f"{page}_cell": "LSTM",
                f"{page}_step": 0,
            },
            veils=task == "sentiment",
        ),
        Question(
            name="first_word",
            text="Which word came **first**, 40 words ago? Both layers have 16 units and the same 20 "
            "epochs. Which one learns to tell?",
            options={
                "both": "They are as wide, but do not keep a number in the same way.",
                "the LSTM": "Its cell state is kept by a gate, step by step. A SimpleRNN multiplies "
                "its state by the same matrix at every step, and what was first fades before the "
                "gradient can find it.",
                "the SimpleRNN, it has fewer weights": "Fewer numbers learn faster only if they "
                "can hold what is asked.",
            },
            answer="the LSTM",
            show={
                f"{page}_task": "first word",
                f"{page}_timesteps": 40,
                f"{page}_cell": "LSTM",
                f"{page}_against": "SimpleRNN",
            },
            veils=task == "first word" and compares,
        ),
        Question(
            name="disagree",
            text="Leave **not** out of “the film was not great”, or ask the gradients what it did: "
            "the two do not agree. Which of them is wrong?",
            options={
                "leave-one-out": "It says truly what happens if the word is missing.",
                "integrated gradients": "Their shares add up to all that the answer moved.",
                "neither: they were asked different things": "One asks what changes without this "
                "word while all others stay; the other shares the whole change out among words "
                "that act together. Where two words need each other, these must differ.",
            },
            answer="neither: they were asked different things",
            show={
                f"{page}_task": "sentiment",
                f"{page}_probe": "",
                f"{page}_show": "states",
                f"{page}_shares": True,
            },
            veils=task == "sentiment",
        ),
    )
