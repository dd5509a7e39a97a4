"""What to predict on the pages on legal ids, and on padding and masks."""

from seqviz.ui.question import ask


def ask_about_masks(page: str, cell: str) -> None:
    """What a mask does to states, who loses it, and whether the side of the padding matters."""
    ask(
        f"{page}_padded_steps",
        "`mask_zero=True`, padded after. What is h at the padded steps?",
        ["zeros", "the last word's h, repeated", "h goes on changing"],
        answer="the last word's h, repeated",
        why="The step is computed and dropped, the state carried over. The steps are still there: "
        "no row is zeroed, nothing is cut out. Padded before, h is still at its zeros.",
        show={f"{page}_mask_zero": True, f"{page}_padding": "post", f"{page}_return_sequences": True,
              f"{page}_zero_output_for_mask": False},
    )  # fmt: skip
    ask(
        f"{page}_loses",
        "Which of these layers loses the mask of a sequence?",
        [f"Embedding, {cell}, Dense and Flatten all keep it", "Dense", "Flatten"],
        answer="Flatten",
        why="Dense works on each timestep by itself and hands the mask on; Flatten mixes the "
        "timesteps, knows no masks, and all layers behind it read the padding as data.",
        show={f"{page}_mask_zero": True, f"{page}_return_sequences": True},
    )
    ask(
        f"{page}_side",
        "Without a mask, does it matter on which side padding is?",
        ["no: id 0 adds nothing", "yes: the last state differs"],
        answer="yes: the last state differs",
        why="Row 0 is a vector like any other: padding after is read last, and changes h the most. "
        "`pad_sequences` pads before by default, `TextVectorization` after.",
        show={f"{page}_mask_zero": False, f"{page}_padding": "post"},
    )
