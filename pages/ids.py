"""Which ids are legal, what an Embedding does with the others, and hashing words into bins."""

import streamlit as st

from seqviz import SeqvizError
from seqviz.app.catalogue import IDS
from seqviz.app.frame import open_page
from seqviz.app.warmup import settle
from seqviz.figures import plot_ids, plot_word_bins
from seqviz.lessons.ids import cached
from seqviz.lessons.ids.code import id_code
from seqviz.lessons.ids.hashing import word_bins_code, word_bins_table
from seqviz.lessons.ids.questions import ask_about_ids
from seqviz.lessons.ids.words import id_captions, id_table
from seqviz.plotly_kit.html_file import to_html
from seqviz.readout.wording import counted
from seqviz.ui import code, controls, downloads, table, url_state
from seqviz.ui.examples import examples
from seqviz.ui.markdown import colored, literal, note, shapes_line
from seqviz.ui.player.chart import show_chart
from seqviz.ui.player.player import place_for_picture, show_picture, signature_of
from seqviz.ui.player.theme import THEMED
from seqviz.ui.sentence import sentence_box
from seqviz.ui.url_state import opening_step

PAGE = IDS.key
DEFAULT_IDS = "0 3 9 10 -1 1.7"

open_page(IDS)

with st.sidebar:
    vocab_size = controls.number(
        PAGE,
        "vocab_size",
        low=2,
        high=controls.MAX_VOCAB_SIZE,
        default=10,
        help="`input_dim` in Keras: rows of the matrix, the largest id + 1.",
    )
    num_bins = controls.number(
        PAGE,
        "num_bins",
        low=1,
        high=controls.MAX_VOCAB_SIZE,
        default=8,
        help="Of `keras.layers.Hashing`, further down: bins for words, and rows of the matrix "
        "that reads them.",
    )

typed = (
    st.text_input(
        "Ids, legal or not: also -1, 1.7, 1e9, nan",
        value=DEFAULT_IDS,
        **url_state.bound(PAGE, "ids", DEFAULT_IDS),
        placeholder=DEFAULT_IDS,
    )
    or ""
)
try:
    numbers = cached.ids_typed(typed)
except SeqvizError as error:
    st.error(literal(str(error)), icon=":material/edit:")
    st.stop()
for notice in numbers.notices:
    st.info(literal(notice), icon=":material/info:")
if not numbers.values:
    st.stop()

place = place_for_picture(PAGE)
trace = cached.run_ids(numbers, vocab_size)
count = len(trace.labels)
signature = signature_of(numbers, vocab_size)
step = opening_step(PAGE, signature, count)
silent = sum(kind in ("cut", "wrapped", "cast") for kind in trace.kinds)
raising = trace.kinds.count("raises")
show_picture(
    plot_ids(trace, step=step, palette=THEMED, controls=False, height=max(220, 90 + 30 * count)),
    place,
    page=PAGE,
    signature=signature,
    step=step,
    captions=id_captions(trace),
    alt=f"Where {counted(count, 'id')} would land among rows 0 to {vocab_size - 1} of an "
    f"Embedding: legal, with a row of its own: {trace.kinds.count('legal')}; not legal, and silently "
    f"given another row: {silent}; raising an error: {raising}.",
)
shapes_line(
    [
        "one id " + colored((1, 1), axes=("gray", "blue")),
        f"`Embedding({vocab_size}, …)` rows 0 to {vocab_size - 1:,}",
        "row or error",
    ]
)
examples(PAGE)
note(
    "Each id went through a real Embedding on its own, by TensorFlow on this server's CPU. On a "
    "GPU TensorFlow's documentation (`tf.gather`) promises zeros, not an error, for an id "
    "outside. What nan, inf and numbers beyond int32 are cast to is up to the processor."
)

ask_about_ids(PAGE)

st.header("Bins instead of a vocabulary", anchor=False)
st.markdown(
    "`Hashing(num_bins)` computes an id from a word's letters: no vocabulary, and every id legal "
    "for `Embedding(num_bins, …)`. The price: different words can share a row."
)
words = cached.words_typed(sentence_box(PAGE))
if words.notice:
    st.info(literal(words.notice), icon=":material/info:")
bins = cached.run_bins(words.tokens, num_bins)
if bins.words:
    show_chart(
        plot_word_bins(bins, palette=THEMED),
        key=f"{PAGE}_bins_chart",
        alt=f"{counted(len(bins.words), 'different word')} hashed into {counted(num_bins, 'bin')}; "
        f"sharing a bin, and so a row, with another word: {int(bins.collides.sum())}.",
    )
    n = len(bins.words)
    st.markdown(
        f"Chance that {n} words collide at least once in {num_bins:,} bins: "
        f"**{bins.probability:.1%}** = 1 − (1 − 1/b)(1 − 2/b)…(1 − (w − 1)/b), with w = {n}, "
        f"b = {num_bins:,}. Pairs to expect: w(w − 1)/2b = **{bins.expected_pairs:.2g}**; "
        f"here: **{bins.pairs}**."
    )
    note("The birthday problem: W. Feller, An Introduction to Probability Theory, vol. 1, II.3.")
else:
    st.info("Type a word to hash.", icon=":material/info:")

table.numbers(id_table(trace), cut=False)
if bins.words:
    table.show_table(word_bins_table(bins), alt="The bin of each word")
source = id_code(trace) + (
    "\n" + word_bins_code(bins).removeprefix("import keras\n\n") if bins.words else ""
)
code.code(source)
downloads.downloads(
    PAGE,
    html=lambda: to_html(
        plot_ids(trace), title=f"Where ids land in Embedding({vocab_size}, …)", text=IDS.idea
    ),
    table=lambda: id_table(trace),
    arrays=lambda: {"integers": trace.integers, "rows": trace.rows, "bins": bins.bins},
    source=source,
)
settle()
