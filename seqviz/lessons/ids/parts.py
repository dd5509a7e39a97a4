"""What else the page shows: words hashed into bins."""

import streamlit as st

from seqviz.lessons.ids import cached
from seqviz.lessons.ids.hashing import WordBins
from seqviz.lessons.ids.hashing_figure import plot_word_bins
from seqviz.ui import controls
from seqviz.ui.markdown import literal, note, say
from seqviz.ui.player.chart import show_chart
from seqviz.ui.player.theme import THEMED
from seqviz.ui.sentence import sentence_box
from seqviz.wording import counted


def show_bins(page: str) -> WordBins:
    """Ask for words and a number of bins, and show which of them share a bin."""
    say(
        "`Hashing(num_bins)` computes an id from a word's letters: no vocabulary, and every id legal "
        "for `Embedding(num_bins, …)`. The price: different words can share a row."
    )
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    with left:
        text = sentence_box(page)
    with right:
        num_bins = controls.number(
            page,
            "num_bins",
            low=1,
            high=controls.MAX_VOCAB_SIZE,
            default=8,
            help="Of `keras.layers.Hashing`: bins for words, and rows of the matrix that reads them.",
        )
    words = cached.words_typed(text)
    if words.notice:
        st.info(literal(words.notice), icon=":material/info:")
    bins = cached.run_bins(words.tokens, num_bins)
    if bins.words:
        show_chart(
            plot_word_bins(bins, palette=THEMED),
            key=f"{page}_bins_chart",
            alt=f"{counted(len(bins.words), 'different word')} hashed into {counted(num_bins, 'bin')}; "
            f"sharing a bin, and so a row, with another word: {int(bins.collides.sum())}.",
        )
        n = len(bins.words)
        say(
            f"Chance that {counted(n, 'word')} collide at least once in {counted(num_bins, 'bin')}: "
            f"**{bins.probability:.1%}** = 1 − (1 − 1/b)(1 − 2/b)…(1 − (w − 1)/b), with w = {n}, "
            f"b = {num_bins:,}. Pairs to expect: w(w − 1)/2b = **{bins.expected_pairs:.2g}**; "
            f"here: **{bins.pairs}**."
        )
        note(
            "The birthday problem: W. Feller, An Introduction to Probability Theory, vol. 1, II.3."
        )
    else:
        st.info("Type a word to hash.", icon=":material/info:")
    return bins
