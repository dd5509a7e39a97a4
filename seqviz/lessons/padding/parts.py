"""What else the page shows: what the mask changes in the states."""

from collections.abc import Sequence

from seqviz.lessons.padding.compute import Padding, PaddingConfig
from seqviz.lessons.padding.figure import plot_masked_states
from seqviz.readout.numbers import scientific
from seqviz.ui.markdown import note, say
from seqviz.ui.player.chart import show_chart
from seqviz.ui.player.theme import THEMED
from seqviz.wording import counted


def show_masked_states(
    page: str, config: PaddingConfig, data: Padding, tokens: Sequence[Sequence[str]]
) -> None:
    """H after every step, with the mask and without, and how far each is from no padding."""
    say(
        "The same weights twice, with a mask and without: h after every step"
        + (", and what `return_sequences=True` returns." if config.zero_output_for_mask else ".")
    )
    show_chart(
        plot_masked_states(data, tokens=tokens, palette=THEMED),
        key=f"{page}_states_chart",
        alt=f"h of {config.cell} over {counted(data.ids.shape[1], 'step')}. At a masked step h stays what it was before, "
        "zeros at the start; without a mask padding changes it."
        + (" The layer returns zeros at masked steps." if config.zero_output_for_mask else ""),
    )
    say(
        "How far the last h is from that of the sentence alone, unpadded: "
        f"with the mask **{scientific(data.error_with_mask)}**, "
        f"without **{data.error_without_mask:.2g}**."
    )
    if (
        config.zero_output_for_mask
        and not config.return_sequences
        and config.padding == "post"
        and (data.ids == 0).any()
    ):
        note("With both, a sentence padded after returns zeros: its last step is padding.")
