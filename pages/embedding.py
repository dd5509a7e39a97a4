"""What an Embedding layer does: each id copies one row of a matrix."""

import streamlit as st

from seqviz import ModelConfig
from seqviz.app.catalogue import EMBEDDING
from seqviz.app.frame import open_page
from seqviz.app.warmup import settle
from seqviz.figures import plot_embedding_lookup
from seqviz.lessons.embedding.compute import compute_embedding_lookup
from seqviz.lessons.embedding.figure import left_out_of
from seqviz.lessons.embedding.words import lookup_captions, lookup_table
from seqviz.plotly_kit.html_file import to_html
from seqviz.readout.wording import counted
from seqviz.ui import code, controls, downloads, proof, table
from seqviz.ui.examples import examples
from seqviz.ui.markdown import colored, say_left_out, shapes_line
from seqviz.ui.player.player import place_for_picture, show_picture, signature_of
from seqviz.ui.player.theme import THEMED
from seqviz.ui.question import ask
from seqviz.ui.sentence import level_choice, read_sentence, sentence_box
from seqviz.ui.server import cached_models
from seqviz.ui.url_state import opening_step

PAGE = EMBEDDING.key

open_page(EMBEDDING)

with st.sidebar:
    vocab_size = controls.vocab_size(PAGE)
    embedding_dim = controls.embedding_dim(PAGE, default=2)
    initializer = controls.embeddings_initializer(PAGE)
    mask_zero = controls.toggle(
        PAGE, "mask_zero", "Tell the layers behind that id 0 is padding. Row 0 is not made zero."
    )
    seed = controls.seed(PAGE)
    level = level_choice(PAGE)

encoded = read_sentence(sentence_box(PAGE), level, vocab_size, page=PAGE)
config = ModelConfig(
    vocab_size=vocab_size,
    embedding_dim=embedding_dim,
    mask_zero=mask_zero,
    embeddings_initializer=initializer,
    seed=seed,
)
place = place_for_picture(PAGE)
run = cached_models.run_embedding(config, encoded.ids, encoded.tokens)
data = compute_embedding_lookup(run.trace)
count = len(encoded.ids)

signature = signature_of(config, encoded)
step = opening_step(PAGE, signature, count)
show_picture(
    plot_embedding_lookup(
        data, tokens=encoded.tokens, step=step, palette=THEMED, controls=False, height=380
    ),
    place,
    page=PAGE,
    signature=signature,
    step=step,
    captions=lookup_captions(data, encoded.tokens),
    alt=f"{counted(count, 'id')}: each copies its row of the {vocab_size} by {embedding_dim} "
    f"embedding matrix into one row of the output, unchanged.",
)
proof_place = st.empty()
shapes_line(
    [
        "ids " + colored((1, count), axes=("gray", "blue")),
        f"`Embedding({vocab_size}, {embedding_dim})` {run.parameters:,} weights",
        colored((1, count, embedding_dim)),
    ]
)

examples(PAGE)
say_left_out(left_out_of(data))
ask(
    f"{PAGE}_largest_id",
    f"`vocab_size` is {vocab_size}. What is the largest id the layer can look up?",
    [str(vocab_size - 1), str(vocab_size), str(vocab_size + 1)],
    answer=str(vocab_size - 1),
    why=f"Rows count from 0, so {vocab_size} rows end at {vocab_size - 1}; "
    "`input_dim` is the largest id + 1.",
    show={f"{PAGE}_text": f"0 1 {vocab_size - 1}", f"{PAGE}_read_as": "ids"},
)
ask(
    f"{PAGE}_masked_row",
    "Switch `mask_zero` on and look up id 0. What comes out?",
    ["row 0 as it is", "zeros", "nothing: the step is left out"],
    answer="row 0 as it is",
    why="The mask is a note to later layers that the step is padding. The lookup itself is the "
    "same, and row 0 holds numbers like any other.",
    show={f"{PAGE}_text": "2 3 0 0", f"{PAGE}_read_as": "ids", f"{PAGE}_mask_zero": True},
)

table.numbers(
    lookup_table(data, encoded.tokens, widest=table.WIDEST), cut=embedding_dim > table.WIDEST
)
code.code(run.code)
downloads.downloads(
    PAGE,
    html=lambda: to_html(
        plot_embedding_lookup(data, tokens=encoded.tokens),
        title=f"What Embedding({vocab_size}, {embedding_dim}) does with “{' '.join(encoded.tokens[:12])}”",
        text=EMBEDDING.idea,
    ),
    table=lambda: lookup_table(data, encoded.tokens),
    arrays=lambda: downloads.arrays_of(run.trace),
    source=run.code,
)
proof.proof(
    proof_place,
    cached_models.verify_embedding(config, encoded.ids, encoded.tokens),
    "Looked up by a real Embedding",
)
settle()
