"""Vectors trained elsewhere, loaded into an Embedding, and trained on or not."""

import numpy as np
import streamlit as st

from seqviz import SeqvizError
from seqviz.app.catalogue import PRETRAINED
from seqviz.app.frame import open_page
from seqviz.app.warmup import settle
from seqviz.figures import plot_filling
from seqviz.lessons.pretrained import cached, parts
from seqviz.lessons.pretrained.fine_tuning import MAX_STEPS
from seqviz.lessons.pretrained.upload import say_about, say_error, upload_box
from seqviz.lessons.pretrained.words import filling_captions, filling_table
from seqviz.plotly_kit.html_file import to_html
from seqviz.readout.wording import counted
from seqviz.ui import code, controls, downloads, proof, table, url_state
from seqviz.ui.examples import examples
from seqviz.ui.markdown import colored, literal, note, shapes_line
from seqviz.ui.player.player import place_for_picture, show_picture, signature_of
from seqviz.ui.player.theme import THEMED
from seqviz.ui.question import ask
from seqviz.ui.sentence import read_sentence, sentence_box
from seqviz.ui.url_state import opening_step
from seqviz.vocabulary import label

PAGE = PRETRAINED.key
MAX_TOKENS = 40  # 30 training steps, twice, stay well below a second

open_page(PRETRAINED)

with st.sidebar:
    initializer = controls.embeddings_initializer(PAGE)
    seed = controls.seed(PAGE)
    trainable = st.toggle(
        "trainable",
        value=True,
        **url_state.bound(PAGE, "trainable", True),
        help="Argument of the Embedding: whether training may move its rows. True in Keras.",
    )
    steps = st.slider("training steps", 0, MAX_STEPS, 10, **url_state.bound(PAGE, "steps", 10))
    learning_rate = st.select_slider(
        "learning_rate", (0.1, 0.3, 1.0, 3.0), 0.3, **url_state.bound(PAGE, "learning_rate", 0.3)
    )

sentence, upload = st.columns([3, 1], vertical_alignment="bottom")
with sentence:
    text = sentence_box(PAGE, "Sentence")
with upload:
    loaded = upload_box(PAGE)
say_error()
encoded = read_sentence(
    text, "words", vocab_size=controls.MAX_VOCAB_SIZE, page=PAGE, most=MAX_TOKENS
)
ids = encoded.ids
words = encoded.vocabulary.entries if encoded.vocabulary else ()
entries = words[: max(ids) - 1]
place = place_for_picture(PAGE)
run = cached.fill(loaded, entries, ids, initializer, seed, trainable)
filled, data = run.filled, run.picture
size, dim = filled.matrix.shape
found, missing = len(filled.found), len(filled.missing)

signature = signature_of(loaded.digest, entries, initializer, seed)
step = opening_step(PAGE, signature, len(data.words))
show_picture(
    plot_filling(data, step=step, palette=THEMED, controls=False, height=340),
    place,
    page=PAGE,
    signature=signature,
    step=step,
    captions=filling_captions(data),
    alt=f"An embedding layer of {size} rows of {dim} numbers is filled from a file of "
    f"{counted(len(loaded.vectors), 'word')}. Found and copied: {found}. Missing, with what the "
    f"initializer put there, as for padding and the unknown word: {missing}.",
)
proof_place = st.empty()
st.markdown(
    f":material/check: **found {found}**: {literal(' '.join(map(label, filled.found))) or '–'}"
    f"   :material/close: **missing {missing}**: "
    f"{literal(' '.join(map(label, filled.missing))) or '–'}"
)
say_about(loaded)
shapes_line(
    [
        "ids " + colored((1, len(ids)), axes=("gray", "blue")),
        f"`Embedding({size}, {dim}, trainable={trainable})` {run.parameters:,} weights",
        colored((1, len(ids), dim)),
    ]
)
examples(PAGE)

st.header("Who is near to whom?", anchor=False)
neighbours = parts.neighbours(PAGE, loaded)
both = None
try:
    both = cached.tune(loaded, filled, (entries, initializer, seed), ids, learning_rate)
except SeqvizError as error:
    st.info(literal(str(error)), icon=":material/info:")
frozen, tuned = both or (None, None)
shown = tuned if trainable else frozen
rows = filled.matrix if shown is None else shown.path[steps]
places = cached.word_map(loaded, filled, rows, neighbours)
parts.show_map(PAGE, places, steps, trainable)
if tuned is not None and frozen is not None:
    parts.compare(frozen, tuned, steps, filled.words)

ask(
    f"{PAGE}_missing",
    "A word is not in the file. What does its row hold?",
    ["what the initializer put there", "zeros", "the vector of the nearest word"],
    answer="what the initializer put there",
    why="Nothing was copied, so the row starts as in any new layer, and knows nothing yet.",
    show={f"{PAGE}_text": "the xylophone is red", f"{PAGE}_initializer": "ones"},
)
ask(
    f"{PAGE}_frozen",
    "`trainable=False`, and the model trains. Which rows of the Embedding move?",
    ["none", "those that the sentence reads", "all"],
    answer="none",
    why="The loss still falls, since the Dense layer behind it learns. With `trainable=True` the "
    "rows that are read move, and with them what they were pretrained for.",
    show={f"{PAGE}_trainable": False, f"{PAGE}_steps": MAX_STEPS},
)

table.numbers(
    filling_table(filled, frozen=frozen, tuned=tuned, step=steps, widest=table.WIDEST),
    cut=dim > table.WIDEST,
)
code.code(run.code)
parts.projector_files(PAGE, loaded)
downloads.downloads(
    PAGE,
    html=lambda: to_html(
        plot_filling(data), title=f"An Embedding filled from {loaded.name}", text=PRETRAINED.idea
    ),
    table=lambda: filling_table(filled, frozen=frozen, tuned=tuned, step=steps),
    arrays=lambda: {
        "matrix": filled.matrix,
        "rows": rows,
        "ids": np.array(ids),
        "output": run.output,
    },
    source=run.code,
)
note("An uploaded file is not in the link; all other settings are.")
proof.proof(proof_place, run.difference, "Looked up by a real Embedding that holds these rows")
settle()
