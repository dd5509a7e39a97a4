"""What a recurrent layer does: one block, used once a timestep."""

import streamlit as st

from seqviz import ModelConfig
from seqviz.app.catalogue import RECURRENT
from seqviz.app.frame import open_page
from seqviz.app.warmup import settle
from seqviz.figures import plot_unrolled
from seqviz.lessons.recurrent.figure import is_boxes
from seqviz.lessons.recurrent.words import unrolled_captions, unrolled_table
from seqviz.plotly_kit.html_file import to_html
from seqviz.readout.unrolled import compute_unrolled
from seqviz.readout.wording import counted
from seqviz.ui import code, controls, downloads, proof, table
from seqviz.ui.examples import examples
from seqviz.ui.markdown import colored, note, shapes_line
from seqviz.ui.player.player import place_for_picture, show_picture, signature_of
from seqviz.ui.player.theme import THEMED
from seqviz.ui.question import ask
from seqviz.ui.sentence import level_choice, read_sentence, sentence_box
from seqviz.ui.server import cached_models
from seqviz.ui.url_state import opening_step

PAGE = RECURRENT.key

open_page(RECURRENT)

with st.sidebar:
    cell = controls.cell(PAGE)
    units = controls.units(PAGE)
    return_sequences = controls.toggle(
        PAGE, "return_sequences", "Return the state after every timestep, not only the last one."
    )
    return_state = controls.toggle(
        PAGE, "return_state", "Return the last state as well: h, and for an LSTM c."
    )
    go_backwards = controls.toggle(PAGE, "go_backwards", "Read the sentence from its end.")
    embedding_dim = controls.embedding_dim(PAGE, default=2)
    vocab_size = controls.vocab_size(PAGE)
    mask_zero = controls.toggle(
        PAGE, "mask_zero", "Pass over steps whose id is 0, such as in the ids 2 3 4 0 0."
    )
    seed = controls.seed(PAGE)
    level = level_choice(PAGE)

encoded = read_sentence(sentence_box(PAGE), level, vocab_size, page=PAGE)
config = ModelConfig(
    vocab_size=vocab_size,
    embedding_dim=embedding_dim,
    cell=cell,
    units=(units,),
    return_sequences=return_sequences,
    return_state=return_state,
    go_backwards=go_backwards,
    mask_zero=mask_zero,
    seed=seed,
)
place = place_for_picture(PAGE)
run = cached_models.run_model(config, encoded.ids, encoded.tokens)
trace = run.recurrent
data = compute_unrolled(trace)
count = len(encoded.ids)
output = trace.main_output

signature = signature_of(config, encoded)
step = opening_step(PAGE, signature, count)
show_picture(
    plot_unrolled(
        data,
        tokens=encoded.tokens,
        ids=encoded.ids,
        step=step,
        palette=THEMED,
        controls=False,
        height=380,
    ),
    place,
    page=PAGE,
    signature=signature,
    step=step,
    captions=unrolled_captions(data, encoded.tokens, encoded.ids),
    alt=f"{cell} with {counted(units, 'unit')} unrolled over {counted(count, 'timestep')}: the same "
    f"block reads each word's vector of {counted(embedding_dim, 'feature')} and its last state, starting from "
    "zeros, and returns "
    + ("the state after every step." if return_sequences else "the last state only.")
    + (" It reads the last word first." if go_backwards else "")
    + (" Steps that are padding are passed over." if data.skipped.any() else ""),
)
proof_place = st.empty()
shapes_line(
    [
        "ids " + colored((1, count), axes=("gray", "blue")),
        "`Embedding`",
        colored(trace.inputs.shape),
        f"`{cell}({units})` {run.parameters:,} weights",
        colored(output.shape),
        *(["states " + ", ".join(colored(s.shape) for s in trace.returned_states)]
          if return_state else []),
    ]
)  # fmt: skip

examples(PAGE)
if not is_boxes(data):
    note("Too many steps or units for boxes, so the same numbers are drawn as heatmaps.")
if mask_zero and not data.skipped.any():
    note("No id is 0 here, so the mask changes nothing. Type ids that end in 0, such as 2 3 4 0 0.")

every = f"(1, {count}, {units})"
if not return_sequences or st.session_state.get(f"{PAGE}_output_shape"):
    ask(
        f"{PAGE}_output_shape",
        "What shape does the layer return with `return_sequences=True`?",
        list(dict.fromkeys([f"(1, {units})", every, f"({count}, {units})"])),
        answer=every,
        why="The layer computes the same states either way: it returns all of them, or the last.",
        show={f"{PAGE}_return_sequences": True},
    )
ask(
    f"{PAGE}_more_words",
    "Make the sentence longer. What grows?",
    ["the number of weights", "how often the block is used", "the length of h"],
    answer="how often the block is used",
    why=f"One set of {run.parameters:,} weights serves every timestep, and h keeps its "
    f"{units} units.",
    show={f"{PAGE}_text": "I am Groot and you are Rocket", f"{PAGE}_read_as": "auto"},
)

table.numbers(
    unrolled_table(data, encoded.tokens, encoded.ids, widest=table.WIDEST),
    cut=max(units, embedding_dim) > table.WIDEST,
)
code.code(run.code)
downloads.downloads(
    PAGE,
    html=lambda: to_html(
        plot_unrolled(data, tokens=encoded.tokens, ids=encoded.ids),
        title=f"What {cell}({units}) does with “{' '.join(encoded.tokens[:12])}”",
        text=RECURRENT.idea,
    ),
    table=lambda: unrolled_table(data, encoded.tokens, encoded.ids),
    arrays=lambda: downloads.arrays_of(trace),
    source=run.code,
    model=lambda: cached_models.model_of(config),
)
proof.proof(
    proof_place,
    cached_models.verify_model(config, encoded.ids, encoded.tokens),
    largest=proof.largest_of([trace]),
)
settle()
