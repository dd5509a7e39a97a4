"""What comes out of a recurrent layer: which of its states it returns, and what a head makes of them."""

from dataclasses import replace

import streamlit as st

from seqviz import ModelConfig
from seqviz.app.catalogue import OUTPUTS
from seqviz.app.frame import open_page
from seqviz.app.warmup import settle
from seqviz.figures import plot_outputs
from seqviz.lessons.outputs import cached as outputs_cached
from seqviz.lessons.outputs.compute import compute_outputs
from seqviz.lessons.outputs.figure import is_readable
from seqviz.lessons.outputs.parts import (
    HEADS,
    ask_all,
    explain_refusal,
    settings_table,
    what_keras_says,
)
from seqviz.lessons.outputs.words import outputs_captions, outputs_table
from seqviz.plotly_kit.html_file import to_html
from seqviz.readout.wording import counted
from seqviz.ui import code, controls, downloads, proof, table, url_state
from seqviz.ui.controls import EMBEDDINGS_INITIALIZER
from seqviz.ui.examples import examples
from seqviz.ui.markdown import colored, note, shapes_line
from seqviz.ui.player.player import place_for_picture, show_picture, signature_of
from seqviz.ui.player.theme import THEMED
from seqviz.ui.sentence import level_choice, read_sentence, sentence_box
from seqviz.ui.server import cached_models
from seqviz.ui.url_state import opening_step

PAGE = OUTPUTS.key

open_page(OUTPUTS)

with st.sidebar:
    cell = controls.cell(PAGE)
    units = controls.units(PAGE)
    return_sequences = controls.toggle(
        PAGE, "return_sequences", "Return the state after every timestep, not only the last one."
    )
    return_state = controls.toggle(
        PAGE, "return_state", "Return the last state as well: h_T, and for an LSTM c_T."
    )
    head = HEADS[
        st.selectbox(
            "layer on top",
            list(HEADS),
            **url_state.bound(PAGE, "head", next(iter(HEADS))),
            help="What is given the layer's first result.",
        )
    ]
    classes = controls.number(
        PAGE,
        "classes",
        low=1,
        high=8,
        default=4,
        help="`units` of the Dense layer. 1: sigmoid, one probability; more: softmax.",
    )
    embedding_dim = controls.embedding_dim(PAGE, default=2)
    vocab_size = controls.vocab_size(PAGE)
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
    classes=classes,
    head_activation="sigmoid" if classes == 1 else "softmax",
    seed=seed,
    embeddings_initializer=EMBEDDINGS_INITIALIZER,
)
if head == "time_distributed" and not return_sequences:
    explain_refusal(PAGE, config)
else:
    config = replace(config, head=head)

place = place_for_picture(PAGE)
run = cached_models.run_model(config, encoded.ids, encoded.tokens)
data = compute_outputs(run.trace)
count, signature = len(encoded.ids), signature_of(config, encoded)
last = count + bool(data.head) if is_readable(data) else count
step = opening_step(PAGE, signature, last)
returned = " and ".join(result.name for result in data.results)
show_picture(
    plot_outputs(
        data,
        tokens=encoded.tokens,
        ids=encoded.ids,
        step=step,
        palette=THEMED,
        controls=False,
        height=380 if data.head else 320,
    ),
    place,
    page=PAGE,
    signature=signature,
    step=step,
    captions=outputs_captions(data, encoded.tokens)[: last + 1],
    alt=f"{cell} with {counted(units, 'unit')} over {counted(count, 'timestep')} returns {returned}"
    + ("" if return_sequences and return_state else "; what is hatched is computed all the same")
    + (f", and {data.head} makes {classes} scores of what it is given." if data.head else "."),
)
proof_place = st.empty()
shapes_line(
    [
        "ids " + colored((1, count), axes=("gray", "blue")),
        "`Embedding`",
        colored((1, *data.states.inputs.shape)),
        f"`{cell}({units})`",
        ", ".join(f"`{r.name}` {colored(r.shape)}" for r in data.results),
        *(
            [f"`{data.head}`", colored((1, *data.scores.shape)[0 if data.return_sequences else 1 :])]
            if data.scores is not None
            else []
        ),
    ]
)  # fmt: skip
examples(PAGE)
if not is_readable(data):
    note("Too many steps or units for boxes, so the same numbers are drawn as heatmaps.")
if data.head and classes > 1:
    note("Nothing is trained yet, so every class is about as probable as the next.")

settings = outputs_cached.compare_settings(
    replace(config, head="none", return_sequences=False, return_state=False),
    encoded.ids,
    config,
    run,
)
settings_table(cell, units, settings, (return_sequences, return_state))
what_keras_says(config, data, settings, encoded.ids)
ask_all(PAGE, cell, units)

table.numbers(
    outputs_table(data, encoded.tokens, encoded.ids, widest=table.WIDEST),
    cut=max(units, embedding_dim) > table.WIDEST,
)
code.code(run.code)
downloads.downloads(
    PAGE,
    html=lambda: to_html(
        plot_outputs(data, tokens=encoded.tokens, ids=encoded.ids),
        title=f"What comes out of {cell}({units})",
        text=OUTPUTS.idea,
    ),
    table=lambda: outputs_table(data, encoded.tokens, encoded.ids),
    arrays=lambda: (
        downloads.arrays_of(run.recurrent)
        | ({} if data.scores is None else {"scores": data.scores})
    ),
    source=run.code,
    model=lambda: cached_models.model_of(config),
)
proof.proof(proof_place, cached_models.verify_model(config, encoded.ids, encoded.tokens))
settle()
