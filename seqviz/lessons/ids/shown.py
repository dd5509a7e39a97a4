"""What the lesson shows of some ids and one matrix."""

from dataclasses import replace

from seqviz.lessons.ids.code import id_code
from seqviz.lessons.ids.compute import IdTrace, Numbers
from seqviz.lessons.ids.figure import plot_ids
from seqviz.lessons.ids.hashing import WordBins, word_bins_code
from seqviz.lessons.ids.words import id_captions, id_table
from seqviz.ui.markdown import colored
from seqviz.ui.shown import Shown
from seqviz.wording import counted


def show_ids(numbers: Numbers, vocab_size: int, trace: IdTrace) -> Shown:
    """Where each id lands among the rows of a matrix, or that it raises."""
    count = len(trace.labels)
    silent = sum(kind in ("cut", "wrapped", "cast") for kind in trace.kinds)
    return Shown(
        of=(numbers, vocab_size),
        draw=lambda **options: plot_ids(trace, **options),
        height=max(220, 90 + 30 * count),
        captions=id_captions(trace),
        alt=f"Where {counted(count, 'id')} would land among rows 0 to {vocab_size - 1} of an "
        f"Embedding: legal, with a row of its own: {trace.kinds.count('legal')}; not legal, and "
        f"silently given another row: {silent}; raising an error: {trace.kinds.count('raises')}.",
        shapes=[
            "one id " + colored((1, 1), axes=("gray", "blue")),
            f"`Embedding({vocab_size}, …)` rows 0 to {vocab_size - 1:,}",
            "row or error",
        ],
        table=lambda _: id_table(trace),
        arrays=lambda: {"integers": trace.integers, "rows": trace.rows},
        code=id_code(trace),
        first="A filled square is the row that comes out, a hollow point the id as it was given, ✕ an error.",
        title=f"Where ids land in Embedding({vocab_size}, …)",
    )


def with_bins(shown: Shown, bins: WordBins) -> Shown:
    """The same, with the bins of some words in the script and the arrays."""
    script = word_bins_code(bins).removeprefix("import keras\n\n") if bins.words else ""
    return replace(
        shown,
        code=shown.code + ("\n" + script if bins.words else ""),
        arrays=lambda: {**shown.arrays(), "bins": bins.bins},
    )
