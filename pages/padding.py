"""Sentences of different length in one batch: the padding, the mask, and who loses it."""

import streamlit as st

from seqviz import PaddingConfig, SeqvizError
from seqviz.app.catalogue import PADDING
from seqviz.app.frame import open_page
from seqviz.app.warmup import settle
from seqviz.config import CELLS
from seqviz.figures import plot_mask_flow, plot_masked_states
from seqviz.lessons.padding import cached
from seqviz.lessons.padding.code import padding_code
from seqviz.lessons.padding.compute import PADDINGS, padding_arrays
from seqviz.lessons.padding.questions import ask_about_masks
from seqviz.lessons.padding.words import padding_captions, padding_table
from seqviz.plotly_kit.html_file import to_html
from seqviz.readout.wording import counted, scientific
from seqviz.ui import code, controls, downloads, proof, table, url_state
from seqviz.ui.examples import examples
from seqviz.ui.markdown import colored, literal, note, shapes_line
from seqviz.ui.player.chart import show_chart
from seqviz.ui.player.player import place_for_picture, show_picture, signature_of
from seqviz.ui.player.theme import THEMED
from seqviz.ui.url_state import opening_step

PAGE = PADDING.key
DEFAULT_LINES = "I am Groot and you\nI am Groot\nGroot"

open_page(PADDING)

with st.sidebar:
    padding = st.selectbox(
        "padding",
        PADDINGS,
        **url_state.bound(PAGE, "padding", PADDINGS[0]),
        help="Of `keras.utils.pad_sequences`, whose default is 'pre'. `TextVectorization` and "
        "`RaggedTensor.to_tensor` always pad after, 'post'.",
    )
    mask_zero = st.toggle(
        "mask_zero",
        True,
        **url_state.bound(PAGE, "mask_zero", True),
        help="Of the Embedding: whether it makes a mask, False where the id is 0.",
    )
    cell = st.selectbox("cell", CELLS, 2, **url_state.bound(PAGE, "cell", CELLS[2]))
    units = controls.number(
        PAGE, "units", low=1, high=16, default=3, help="Length of the hidden state h."
    )
    return_sequences = st.toggle(
        "return_sequences",
        True,
        **url_state.bound(PAGE, "return_sequences", True),
        help="Return the state after every timestep, not only the last one.",
    )
    zero_output_for_mask = controls.toggle(
        PAGE, "zero_output_for_mask", "Return zeros at padded steps, not the state carried over."
    )
    seed = controls.seed(PAGE)

text = st.text_area(
    "Sentences, one a line",
    DEFAULT_LINES,
    height=122,
    **url_state.bound(PAGE, "lines", DEFAULT_LINES),
)
try:
    read = cached.sentences_typed(text or "")
except SeqvizError as error:
    st.error(literal(str(error)), icon=":material/edit:")
    st.stop()
for notice in read.notices:
    st.info(literal(notice), icon=":material/info:")
if not read.ids:
    st.stop()

config = PaddingConfig(
    vocab_size=read.vocab_size,
    padding=padding,
    cell=cell,
    units=units,
    return_sequences=return_sequences,
    mask_zero=mask_zero,
    zero_output_for_mask=zero_output_for_mask,
    seed=seed,
)
place = place_for_picture(PAGE)
data = cached.run_padding(read.ids, config)
batch, count = data.ids.shape
lost = [stage for stage in data.stages if stage.fate == "lost"]

signature = signature_of(config, read)
step = opening_step(PAGE, signature, len(data.stages))
show_picture(
    plot_mask_flow(
        data, tokens=read.tokens, step=step, palette=THEMED, controls=False, height=130 + 65 * batch
    ),
    place,
    page=PAGE,
    signature=signature,
    step=step,
    captions=padding_captions(data),
    alt=f"A batch of {counted(batch, 'sentence')}, padded to {counted(count, 'timestep')}, on its way "
    f"through Embedding, {cell}, Dense and Flatten. The mask: "
    + ", ".join(f"{s.fate} at {s.name}" for s in data.stages)
    + ".",
)
proof_place = st.empty()
shapes_line(
    [
        "ids " + colored(data.ids.shape, axes=("gray", "blue")),
        *(f"`{stage.layer}` → {colored(stage.values.shape)}" for stage in data.stages),
    ]
)
for stage in lost:
    st.warning(f"Keras warns: {literal(stage.warning)}", icon=":material/warning:")
examples(PAGE)
if not (data.ids == 0).any():
    note("All sentences have the same length, so nothing is padded. Make one of them shorter.")

ask_about_masks(PAGE, cell)

st.header("What the mask changes in the states", anchor=False)
st.markdown(
    "The same weights twice, with a mask and without: h after every step"
    + (", and what `return_sequences=True` returns." if zero_output_for_mask else ".")
)
show_chart(
    plot_masked_states(data, tokens=read.tokens, palette=THEMED),
    key=f"{PAGE}_states_chart",
    alt=f"h of {cell} over {counted(count, 'step')}. At a masked step h stays what it was before, "
    "zeros at the start; without a mask padding changes it."
    + (" The layer returns zeros at masked steps." if zero_output_for_mask else ""),
)
st.markdown(
    "How far the last h is from that of the sentence alone, unpadded: "
    f"with the mask **{scientific(data.error_with_mask) if data.error_with_mask else 0}**, "
    f"without **{data.error_without_mask:.2g}**."
)
if zero_output_for_mask and not return_sequences and padding == "post" and (data.ids == 0).any():
    note("With both, a sentence padded after returns zeros: its last step is padding.")

table.numbers(padding_table(data, read.tokens, widest=table.WIDEST), cut=units > table.WIDEST)
source = padding_code(read.ids, config)
code.code(source)
downloads.downloads(
    PAGE,
    html=lambda: to_html(
        plot_mask_flow(data, tokens=read.tokens),
        title=f"Where the mask goes: Embedding, {cell}, Dense, Flatten",
        text=PADDING.idea,
    ),
    table=lambda: padding_table(data, read.tokens),
    arrays=lambda: padding_arrays(data),
    source=source,
    model=lambda: cached.padding_model(config, count),
)
proof.proof(proof_place, data.difference, "Run by real Keras layers, states opened by seqviz")
settle()
