"""The lesson's questions."""

from seqviz.ui.question import Question


def ask_about_steps(page: str, second: str) -> tuple[Question, ...]:
    """What Adam does with rows that are absent, and with an id that comes twice."""
    adam = {f"{page}_optimizer": "Adam", f"{page}_trainable": True, f"{page}_steps_on_B": 2.0}
    adam |= {f"{page}_text": "I am Groot", f"{page}_batch_b": second, f"{page}_read_as": "auto"}
    return (
        Question(
            name="absent",
            text="**Adam** takes one step on “I am Groot”, then two on “you are Rocket”. "
            "What do the rows of “I am Groot” do in those two?",
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
