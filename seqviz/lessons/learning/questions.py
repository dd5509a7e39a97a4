"""The lesson's questions."""

from seqviz.ui.question import ask


def ask_about_steps(page: str, second: str) -> None:
    """What Adam does with rows that are absent, and with an id that comes twice."""
    adam = {f"{page}_optimizer": "Adam", f"{page}_trainable": True, f"{page}_steps_on_B": 2.0}
    adam |= {f"{page}_text": "I am Groot", f"{page}_batch_b": second, f"{page}_read_as": "auto"}
    ask(
        f"{page}_absent",
        "One step on “I am Groot” with **Adam**, then two on “you are Rocket”. "
        "What do the rows of “I am Groot” do in those two?",
        ["they stay", "they move on", "they move back"],
        answer="they move on",
        why="Adam steps along a running mean of gradients. A row that is absent now has gradient 0, "
        "but its mean still remembers the first step. With plain SGD it would stay, bit for bit.",
        show=adam,
    )
    ask(
        f"{page}_repeated",
        "In “Groot am Groot” one id comes twice. What gradient does its row get with SGD?",
        ["that of its last use", "their mean", "their sum"],
        answer="their sum",
        why="TensorFlow lists the id twice, and lines of the same id are added: here Groot's row moves "
        "twice as far as that of “am”.",
        show={**adam, f"{page}_optimizer": "SGD", f"{page}_text": "Groot am Groot"},
    )
