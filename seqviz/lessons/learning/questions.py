"""The lesson's questions."""

from seqviz.ui.question import Question


def ask_about_steps(page: str, second: str) -> tuple[Question, ...]:
    """Which rows a step changes: with SGD, with Adam where they are absent, and of an id read twice."""
    adam = {f"{page}_optimizer": "Adam", f"{page}_trainable": True, f"{page}_steps_on_B": 2.0}
    adam |= {f"{page}_text": "I am Groot", f"{page}_batch_b": second, f"{page}_read_as": "auto"}
    return (
        Question(
            name="looked_up",
            text="A model reads “I am Groot” and takes one step of plain training (SGD). Which rows change?",
            options={
                "all, each a little": "A row that was not read has no part in the answer, so a change "
                "of it would make the answer neither better nor worse.",
                "only the three that were read": "The answer was made of these three rows alone: they "
                "have a gradient, and all others have gradient 0.",
                "the three, and rows of like words": "The layer knows nothing of like words: rows have "
                "nothing to do with each other.",
            },
            answer="only the three that were read",
            show={
                **adam,
                f"{page}_optimizer": "SGD",
                f"{page}_steps_on_A": 1.0,
                f"{page}_steps_on_B": 0.0,
            },
        ),
        Question(
            name="absent",
            text="SGD moves a row only while it is read. **Adam** takes one step on “I am Groot”, then two on "
            "“you are Rocket”. What do the rows of “I am Groot” do in those two?",
            options={
                "they stay": "That would be plain SGD: its step is the gradient of this batch alone.",
                "they move on": "Adam steps along a running mean of gradients. A row that is absent "
                "now has gradient 0, but its mean still remembers the first step. With plain SGD it "
                "would stay, bit for bit.",
                "they move back": "The mean of the gradients shrinks, but keeps its sign.",
            },
            answer="they move on",
            show=adam,
            veils=False,
        ),
        Question(
            name="repeated",
            text="In “Groot am Groot” one id comes twice. What gradient does its row get with SGD?",
            options={
                "that of its last use": "No use overwrites another: each adds its part to the loss.",
                "their mean": "That would be half of it; the loss is a sum over both uses.",
                "their sum": "TensorFlow lists the id twice, and lines of the same id are added: here "
                "Groot's row moves twice as far as that of “am”.",
            },
            answer="their sum",
            show={
                **adam,
                f"{page}_optimizer": "SGD",
                f"{page}_text": "Groot am Groot",
                f"{page}_gradient": True,
            },
        ),
    )
