"""What the lesson shows of one padded batch on its way through the layers."""

from seqviz.lessons.padding.cached import padding_model
from seqviz.lessons.padding.code import padding_code
from seqviz.lessons.padding.compute import Padding, PaddingConfig, Sentences, padding_arrays
from seqviz.lessons.padding.figure import BOXED, plot_mask_flow
from seqviz.lessons.padding.words import padding_captions, padding_table
from seqviz.ui.markdown import RANDOM, colored
from seqviz.ui.proof import equal_to_keras
from seqviz.ui.shown import Shown
from seqviz.wording import counted


def _what_a_mask_does(config: PaddingConfig, batch: int) -> str:
    if not config.mask_zero:
        return "Without `mask_zero` there is no **mask**: every layer reads padding as if it were words."
    boxes = ": the blue boxes below each panel, filled for a word, dotted for padding"
    return (
        "`Embedding(…, mask_zero=True)` makes a **mask** of the ids. It says which steps are padding"
        f"{boxes if batch <= BOXED else ''}.\n\nA recurrent layer, here {config.cell}, skips these steps and "
        "carries its last state on, so that padding does not change it. An Embedding and a Dense compute them "
        "all the same, and hand the mask on. A layer that does not know masks, such as Flatten, loses it: "
        "what was made of padding then counts as what was made of words."
    )


def show_mask_flow(config: PaddingConfig, read: Sentences, data: Padding) -> Shown:
    """The batch, and at each layer what becomes of the mask."""
    batch, count = data.ids.shape
    return Shown(
        of=(config, read),
        draw=lambda **options: plot_mask_flow(data, tokens=read.tokens, **options),
        height=130 + 65 * batch if batch <= BOXED else 370,
        captions=padding_captions(data),
        alt=f"A batch of {counted(batch, 'sentence')}, padded to {counted(count, 'timestep')}, on "
        f"its way through Embedding, {config.cell}, Dense and Flatten. The mask: "
        + ", ".join(f"{s.fate} at {s.name}" for s in data.stages)
        + ".",
        shapes=[
            "ids " + colored(data.ids.shape, axes=("gray", "blue")),
            *(f"`{stage.layer}` → {colored(stage.values.shape)}" for stage in data.stages),
        ],
        table=lambda widest: padding_table(data, read.tokens, widest=widest),
        vector=config.units,
        arrays=lambda: padding_arrays(data),
        code=padding_code(read.ids, config),
        title=f"Where the mask goes: Embedding, {config.cell}, Dense, Flatten",
        first="All sentences of a batch must have one length, so the shorter ones are filled up with id 0: "
        f"**padding**. {_what_a_mask_does(config, batch)}\n\n"
        f"{RANDOM} The Embedding's are drawn from −1 to 1.",
        proof=equal_to_keras(data.difference, "Run by real Keras layers, states opened by seqviz"),
        model=lambda: padding_model(config, count),
    )
