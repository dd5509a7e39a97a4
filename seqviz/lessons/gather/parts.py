"""What else the page shows: what a lookup and a product cost, worked out and measured."""

import streamlit as st

from seqviz.lessons.gather import cached
from seqviz.lessons.gather.costs import compute_lookup_costs, growth, times_in_words
from seqviz.lessons.gather.costs_figure import plot_lookup_costs
from seqviz.ui.markdown import say
from seqviz.ui.player.chart import show_chart
from seqviz.ui.player.theme import THEMED
from seqviz.ui.server.turns import give_turn_back
from seqviz.wording import counted


def show_costs(page: str, count: int, embedding_dim: int) -> None:
    """Draw the costs over the size of the vocabulary, and measure them if asked."""
    costs = compute_lookup_costs(count, embedding_dim)
    timed = (cached.TIMED_IDS, embedding_dim)
    if st.button("Measure here and now", key=f"{page}_measure", icon=":material/timer:"):
        give_turn_back()
        st.session_state[f"{page}_times"] = cached.measure(*timed)
    times = st.session_state.get(f"{page}_times")
    if times is not None and (times.timesteps, times.embedding_dim) != timed:
        times = None  # of another width: measure again
    show_chart(
        plot_lookup_costs(costs, times, palette=THEMED),
        key=f"{page}_costs_chart",
        alt="On logarithmic axes multiply-adds and bytes of input grow with vocab_size for the "
        "product, while for the lookup they stay the same.",
    )
    words = [
        "**Multiply:** 10 times the rows are 10 times as many multiply-adds, and bytes to read. "
        "**Gather:** just as many copies as before, for it never looks at the other rows."
    ]
    if times is not None:
        # The last two sizes: below them the time goes into calling Keras at all.
        multiply, gather = (
            growth(times.vocab_sizes[-2:], s[-2:])
            for s in (times.product_seconds, times.gather_seconds)
        )
        ratio = times.product_seconds[-1] / times.gather_seconds[-1]
        words.append(
            f"**Measured** on this server, {timed[0]} ids at once, {counted(timed[1], 'feature')}: from "
            f"10,000 to 100,000 rows the product takes {times_in_words(multiply)}, the lookup "
            f"{times_in_words(gather)}. Time grows less than work: every call of Keras takes a moment "
            "of its own, whatever it computes. At 100,000 rows the product takes "
            f"{ratio:,.0f} times as long as the lookup."
        )
    say("  \n".join([*words, "**This is why the layer exists.**"]))
