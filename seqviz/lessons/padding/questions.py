"""The lesson's questions."""

from seqviz.ui.question import Question


def ask_about_masks(page: str, cell: str, *, mask_zero: bool) -> tuple[Question, ...]:
    """What a mask does to states, who loses it, and whether the side of the padding matters."""
    return (
        Question(
            name="padded_steps",
            text="A shorter sentence is filled up with id 0 at its end: padding. With `mask_zero=True`, "
            "what is the state h at those steps?",
            options={
                "zeros": "That would be `zero_output_for_mask=True`, or padding before the words.",
                "the last word's h, repeated": "The step is computed and dropped, the state carried "
                "over. The steps are still there: no row is zeroed, nothing is cut out. Padded "
                "before, h is still at its zeros.",
                "h goes on changing": "That would be without a mask: padding read like a word.",
            },
            answer="the last word's h, repeated",
            show={
                f"{page}_mask_zero": True,
                f"{page}_padding": "post",
                f"{page}_return_sequences": True,
                f"{page}_zero_output_for_mask": False,
            },
        ),
        Question(
            name="loses",
            text="Which of these layers loses the mask of a sequence?",
            options={
                f"Embedding, {cell}, Dense and Flatten all keep it": "One of them mixes the "
                "timesteps, so that no mask of timesteps can fit what it returns.",
                "Dense": "Dense works on each timestep by itself, so the mask still fits.",
                "Flatten": "Dense works on each timestep by itself and hands the mask on; Flatten "
                "mixes the timesteps, knows no masks, and all layers behind it read the padding as "
                "data.",
            },
            answer="Flatten",
            show={f"{page}_mask_zero": True, f"{page}_return_sequences": True},
        ),
        Question(
            name="side",
            text="Without a mask, does it matter on which side padding is?",
            options={
                "no: id 0 adds nothing": "That would take a row 0 of zeros and a cell without a "
                "bias; here row 0 is random.",
                "yes: the last state differs": "Row 0 is a vector like any other: padding after is "
                "read last, and changes h the most. `pad_sequences` pads before by default, "
                "`TextVectorization` after.",
            },
            answer="yes: the last state differs",
            show={f"{page}_mask_zero": False, f"{page}_padding": "post"},
            veils=not mask_zero,
        ),
    )
