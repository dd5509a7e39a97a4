"""Gather or multiply: a lookup gives what one-hot times the matrix gives, for next to nothing."""

import streamlit as st

from seqviz import ModelConfig
from seqviz.app.catalogue import GATHER
from seqviz.app.frame import open_page
from seqviz.app.warmup import settle
from seqviz.figures import plot_gather_or_multiply, plot_lookup_costs
from seqviz.lessons.gather import cached
from seqviz.lessons.gather.costs import compute_lookup_costs, growth, growth_in_words
from seqviz.lessons.gather.words import gather_captions, gather_table
from seqviz.plotly_kit.html_file import to_html
from seqviz.plotly_kit.matrix import left_out
from seqviz.readout.wording import counted
from seqviz.ui import code, controls, downloads, proof, table
from seqviz.ui.examples import examples
from seqviz.ui.markdown import colored, say_left_out, shapes_line
from seqviz.ui.player.chart import show_chart
from seqviz.ui.player.player import place_for_picture, show_picture, signature_of
from seqviz.ui.player.theme import THEMED
from seqviz.ui.question import ask
from seqviz.ui.sentence import level_choice, read_sentence, sentence_box
from seqviz.ui.server.turns import give_turn_back
from seqviz.ui.url_state import opening_step

PAGE = GATHER.key
MAX_VOCAB_SIZE = 1_000

open_page(GATHER)

with st.sidebar:
    vocab_size = controls.number(
        PAGE,
        "vocab_size",
        low=2,
        high=MAX_VOCAB_SIZE,
        default=10,
        help="`input_dim` in Keras: rows of the matrix, and the length of each one-hot row.",
    )
    embedding_dim = controls.embedding_dim(PAGE, default=3, widest=cached.WIDEST)
    seed = controls.seed(PAGE)
    level = level_choice(PAGE)

encoded = read_sentence(sentence_box(PAGE), level, vocab_size, page=PAGE)
config = ModelConfig(
    vocab_size=vocab_size,
    embedding_dim=embedding_dim,
    embeddings_initializer="glorot_uniform",
    seed=seed,
)
place = place_for_picture(PAGE)
run = cached.run_gather(config, encoded.ids, encoded.tokens)
data = run.data
count = len(encoded.ids)

signature = signature_of(config, encoded)
step = opening_step(PAGE, signature, count)
show_picture(
    plot_gather_or_multiply(
        data, tokens=encoded.tokens, step=step, palette=THEMED, controls=False, height=380
    ),
    place,
    page=PAGE,
    signature=signature,
    step=step,
    captions=gather_captions(data, encoded.tokens),
    alt=f"Left: {counted(count, 'lookup')} in a {vocab_size} by {embedding_dim} matrix. "
    f"Right: one-hot rows times the matrix; all but one of {vocab_size} rows are "
    f"multiplied by zero each time. The outputs are the same.",
)
proof_place = st.empty()
out = colored((1, count, embedding_dim))
ids = "ids " + colored((1, count), axes=("gray", "blue"))
shapes_line(
    [ids, "`one_hot`", colored((1, count, vocab_size)), "`@ W`", out + f", where {ids}",
     f"`Embedding({vocab_size}, {embedding_dim})`", out]
)  # fmt: skip

examples(PAGE)
say_left_out(left_out(data.rows.tolist(), vocab_size, encoded.ids))
ask(
    f"{PAGE}_what_it_does",
    "What does the Embedding layer do with an id?",
    ["it copies one row", "it multiplies a one-hot row with W", "it runs word2vec"],
    answer="it copies one row",
    why=f"The product gives the same numbers (largest difference {run.difference:g}), but spends "
    f"{data.one_hot.size * embedding_dim:,} multiply-adds, nearly all of them times 0.",
    show={f"{PAGE}_text": "3 7 7 0", f"{PAGE}_read_as": "ids", f"{PAGE}_vocab_size": 8.0},
)
ask(
    f"{PAGE}_meaning",
    "Before any training, what is in the row of a word?",
    ["its meaning, as in word2vec", "a compressed one-hot, as in an autoencoder", "random numbers"],
    answer="random numbers",
    why="The matrix starts from its initializer, and then learns what the loss of your model asks "
    "for. Another seed, other rows: the words had no say in it.",
    show={f"{PAGE}_seed": 1.0 if seed != 1 else 2.0},
)

st.header("What each costs", anchor=False)
costs = compute_lookup_costs(count, embedding_dim)
timed = (cached.TIMED_IDS, embedding_dim)
if st.button("Measure here and now", key=f"{PAGE}_measure", icon=":material/timer:"):
    give_turn_back()
    st.session_state[f"{PAGE}_times"] = cached.measure(*timed)
times = st.session_state.get(f"{PAGE}_times")
if times is not None and (times.timesteps, times.embedding_dim) != timed:
    times = None  # of another width: measure again
show_chart(
    plot_lookup_costs(costs, times, palette=THEMED),
    key=f"{PAGE}_costs_chart",
    alt="On logarithmic axes multiply-adds and bytes of input grow with vocab_size for the "
    "product, while for the lookup they stay the same.",
)
slope = growth(costs.vocab_sizes, costs.product_multiply_adds)
words = [
    f"**Multiply:** work and input grow with slope {slope:.0f}: {growth_in_words(slope)}. "
    "**Gather:** slope 0, for it never looks at the other rows."
]
if times is not None:
    # The last two sizes: below them the time goes into calling Keras at all.
    multiply, gather = (
        growth(times.vocab_sizes[-2:], s[-2:])
        for s in (times.product_seconds, times.gather_seconds)
    )
    ratio = times.product_seconds[-1] / times.gather_seconds[-1]
    words.append(
        f"**Measured** on this server, {timed[0]} ids at once, {timed[1]} features: from 10,000 to 100,000 "
        f"rows the product's time has slope {multiply:.2f} ({growth_in_words(multiply)}), the "
        f"lookup's {gather:.2f} ({growth_in_words(gather)}). At 100,000 rows the product takes "
        f"{ratio:,.0f} times as long."
    )
st.markdown("  \n".join([*words, "**This is why the layer exists.**"]))

table.numbers(
    gather_table(data, encoded.tokens, widest=table.WIDEST), cut=embedding_dim > table.WIDEST
)
code.code(run.code)
downloads.downloads(
    PAGE,
    html=lambda: to_html(
        plot_gather_or_multiply(data, tokens=encoded.tokens),
        title=f"Gather or multiply: “{' '.join(encoded.tokens[:12])}”",
        text=GATHER.idea,
    ),
    table=lambda: gather_table(data, encoded.tokens),
    arrays=lambda: {name: getattr(data, name) for name in data._fields if name != "difference"},
    source=run.code,
)
proof.proof(
    proof_place,
    run.difference,
    f"Three outputs of real Keras, largest difference {run.difference:g}",
)
settle()
