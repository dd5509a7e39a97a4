"""Where a recurrent layer's first state comes from, and what dropout leaves of it."""

import streamlit as st

from seqviz import ModelConfig
from seqviz.app.catalogue import PADDING, STATE
from seqviz.app.frame import link_to, open_page
from seqviz.app.warmup import settle
from seqviz.lessons.state.parts import part_choice, part_controls, show_part
from seqviz.lessons.state.questions import ask_about
from seqviz.plotly_kit.html_file import to_html
from seqviz.ui import code, controls, downloads, proof, table
from seqviz.ui.examples import examples
from seqviz.ui.markdown import note, shapes_line
from seqviz.ui.player.player import place_for_picture, show_picture, signature_of
from seqviz.ui.player.theme import THEMED
from seqviz.ui.sentence import level_choice, read_sentence, sentence_box
from seqviz.ui.url_state import opening_step

PAGE = STATE.key

open_page(STATE)

part = part_choice(PAGE)
with st.sidebar:
    cell = controls.cell(PAGE)
    units = controls.units(PAGE)
    chosen = part_controls(PAGE, part, cell, units)
    embedding_dim = controls.embedding_dim(PAGE, default=4)
    vocab_size = controls.vocab_size(PAGE)
    seed = controls.seed(PAGE)
    level = level_choice(PAGE)

encoded = read_sentence(sentence_box(PAGE), level, vocab_size, page=PAGE)
config = ModelConfig(
    vocab_size=vocab_size,
    embedding_dim=embedding_dim,
    cell=cell,
    units=(units,),
    return_sequences=True,
    mask_zero=chosen.get("mask_zero", False),
    seed=seed,
)
place = place_for_picture(PAGE)
shown = show_part(part, chosen, config, encoded)

signature = signature_of(part, chosen, config, encoded)
step = opening_step(PAGE, signature, len(shown.captions) - 1)
show_picture(
    shown.draw(step=step, palette=THEMED, controls=False, height=380),
    place,
    page=PAGE,
    signature=signature,
    step=step,
    captions=shown.captions,
    alt=shown.alt,
)
proof.proof(st.empty(), shown.difference, shown.what)
shapes_line(shown.shapes)

examples(PAGE)
for text in shown.notes:
    note(text)
if part == "stateful":
    note(
        "Chunks of equal length need padding at the end of the text. With mask_zero the state waits "
        "while padding is read (a call that begins with padding returns zeros there, and still "
        "keeps its state). Where a mask goes, and where it gets lost, has a page of its own:"
    )
    link_to(PADDING, here=STATE)

ask_about(PAGE, part, cell)

table.numbers(
    shown.table(table.NARROW),
    cut=max(units, embedding_dim if part == "dropout" else 0) > table.NARROW,
    widest=table.NARROW,
)
code.code(shown.code)
downloads.downloads(
    PAGE,
    html=lambda: to_html(
        shown.draw(height=480),
        title=f"{part}: what {cell}({units}) does with “{' '.join(encoded.tokens[:12])}”",
        text=STATE.idea,
    ),
    table=lambda: shown.table(None),
    arrays=shown.arrays,
    source=shown.code,
)
settle()
