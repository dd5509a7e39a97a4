"""The lesson's questions."""

from seqviz.ui.question import Question


def ask_about_lookup(page: str, vocab_size: int, *, mask_zero: bool) -> tuple[Question, ...]:
    """What a lookup is, which ids there are, and what a mask does to the row of id 0."""
    return (
        Question(
            name="which_row",
            text="“I am Groot” has become the ids 2, 3 and 4. What comes out for id 4?",
            options={
                "row 4 of the matrix, copied": "Nothing is computed. The numbers of that row are the "
                "vector of Groot, and training changes them.",
                "4 times as much as for id 1": "An id is a name, not a size: id 4 is not more than "
                "id 1.",
                "zeros with a 1 at place 4": "That is one-hot. Times the matrix it would give the same "
                "row, but the layer goes there at once.",
            },
            answer="row 4 of the matrix, copied",
            show={f"{page}_text": "I am Groot", f"{page}_read_as": "auto"},
        ),
        Question(
            name="largest_id",
            text=f"`vocab_size` is {vocab_size}. What is the largest id the layer can look up?",
            options={
                str(vocab_size - 1): f"Rows count from 0, so {vocab_size} rows end at "
                f"{vocab_size - 1}; `input_dim` is the largest id + 1.",
                str(vocab_size): "That would be rows counted from 1.",
                str(vocab_size + 1): "Padding and unknown words need rows too, but those are among "
                f"the {vocab_size}: 0 and 1.",
            },
            answer=str(vocab_size - 1),
            show={f"{page}_text": f"0 1 {vocab_size - 1}", f"{page}_read_as": "ids"},
        ),
        Question(
            name="masked_row",
            text="Switch `mask_zero` on and look up id 0. What comes out?",
            options={
                "row 0 as it is": "The mask is a note to later layers that the step is padding. The "
                "lookup itself is the same, and row 0 holds numbers like any other.",
                "zeros": "`mask_zero` says which id is masked; it sets no number to 0.",
                "nothing: the step is left out": "Then the output would be shorter: but it has a row "
                "for each id, padding included.",
            },
            answer="row 0 as it is",
            show={f"{page}_text": "2 3 0 0", f"{page}_read_as": "ids", f"{page}_mask_zero": True},
            veils=mask_zero,
        ),
    )
