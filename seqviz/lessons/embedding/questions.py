"""The lesson's questions."""

from seqviz.ui.question import ask


def ask_about_lookup(page: str, vocab_size: int) -> None:
    """Which ids there are, and what a mask does to the row of id 0."""
    ask(
        f"{page}_largest_id",
        f"`vocab_size` is {vocab_size}. What is the largest id the layer can look up?",
        [str(vocab_size - 1), str(vocab_size), str(vocab_size + 1)],
        answer=str(vocab_size - 1),
        why=f"Rows count from 0, so {vocab_size} rows end at {vocab_size - 1}; "
        "`input_dim` is the largest id + 1.",
        show={f"{page}_text": f"0 1 {vocab_size - 1}", f"{page}_read_as": "ids"},
    )
    ask(
        f"{page}_masked_row",
        "Switch `mask_zero` on and look up id 0. What comes out?",
        ["row 0 as it is", "zeros", "nothing: the step is left out"],
        answer="row 0 as it is",
        why="The mask is a note to later layers that the step is padding. The lookup itself is the "
        "same, and row 0 holds numbers like any other.",
        show={f"{page}_text": "2 3 0 0", f"{page}_read_as": "ids", f"{page}_mask_zero": True},
    )
