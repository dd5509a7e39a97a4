"""Pictures of whatever they are given: whole traces, odd tokens, cells with outputs of their own."""

import warnings
from dataclasses import replace

import numpy as np
import pytest

import seqviz
from seqviz import SeqvizError, figures
from seqviz.figures import plot_embedding_lookup, plot_gates, plot_states, plot_unrolled
from seqviz.lessons.recurrent.figure import MAX_BOXES
from seqviz.lessons.recurrent.words import unrolled_captions, unrolled_table
from seqviz.plotly_kit.bands import state_bands
from seqviz.plotly_kit.palette import LIGHT
from seqviz.readout.unrolled import compute_unrolled
from seqviz.trace import LayerTrace, Trace
from tests.unit.samples import embedding, recurrent

WHOLE = Trace({"embedding": embedding(), "lstm": recurrent(3)})
TWO = Trace({"simple_rnn": recurrent(3, cell="SimpleRNN"), "gru": recurrent(3, cell="GRU")})
PLOTS = [plot_unrolled, plot_states, plot_gates, plot_embedding_lookup]


@pytest.mark.parametrize("plot", PLOTS)
def test_the_only_fitting_record_of_a_trace_is_drawn(plot):
    key = "embedding" if plot is plot_embedding_lookup else "lstm"
    assert plot(WHOLE).to_json() == plot(WHOLE[key]).to_json()


def test_only_gated_cells_fit_the_picture_of_gates():
    assert plot_gates(TWO).to_json() == plot_gates(TWO["gru"]).to_json()


@pytest.mark.parametrize("plot", [plot_unrolled, plot_states])
def test_several_records_are_named(plot):
    with pytest.raises(SeqvizError, match=r"2 records.*\['simple_rnn', 'gru'\].*trace\['simple_"):
        plot(TWO)


@pytest.mark.parametrize("plot", PLOTS)
def test_a_trace_without_such_a_record_says_so(plot):
    with pytest.raises(SeqvizError, match=r"no record .*\['dense'\]"):
        plot(Trace({"dense": LayerTrace(np.ones(1), np.ones(1))}))


@pytest.mark.parametrize("plot", PLOTS)
def test_a_record_of_another_kind_says_so(plot):
    with pytest.raises(SeqvizError, match="LayerTrace of 'dense'"):
        plot(LayerTrace(np.ones(1), np.ones(1), "dense"))


@pytest.mark.parametrize("plot", PLOTS)
def test_tokens_that_are_no_text_are_written_out(plot):
    assert plot(WHOLE, tokens=[7, None, 2.5]).to_json() == (
        plot(WHOLE, tokens=["7", "None", "2.5"]).to_json()
    )


def test_too_few_ids_are_said():
    with pytest.raises(SeqvizError, match=r"2 ids .* 3 timesteps"):
        plot_unrolled(WHOLE, ids=[2, 3])


@pytest.mark.parametrize("height", [20, 52, 60])
@pytest.mark.parametrize("plot", PLOTS)
def test_low_pictures(plot, height):
    assert plot(WHOLE, height=height).layout.height == height


def custom(timesteps=4, outputs=2, **arguments):
    """A cell that puts out something else than its state."""
    trace = recurrent(timesteps, 2, "SimpleRNN", return_sequences=True, **arguments)
    output = np.resize(2 * trace.hidden_states, (1, timesteps, outputs))
    return replace(trace, output=output, cell="Doubling")


def drawn(figure):
    values = [np.array(t.z, float) for t in figure.data if t.type == "heatmap"]
    return [z[~np.isnan(z)] for z in values]


def has(figure, values):
    wanted = np.sort(np.ravel(values).astype(float))
    return any(z.size == wanted.size and np.allclose(np.sort(z), wanted) for z in drawn(figure))


@pytest.mark.parametrize("outputs", [1, 2, 3])
@pytest.mark.parametrize("timesteps", [4, MAX_BOXES + 1])
def test_what_is_drawn_as_returned_is_what_the_layer_returned(timesteps, outputs):
    trace = custom(timesteps, outputs)
    data = compute_unrolled(trace)
    np.testing.assert_array_equal(data.outputs, trace.output[0])
    assert data.returned.all()
    assert has(plot_unrolled(trace), trace.output)
    assert has(plot_states(trace), trace.output)
    assert state_bands(data, LIGHT)[0].values.shape == (outputs, timesteps + 1)
    table = unrolled_table(data, ["a"] * timesteps, [2] * timesteps)
    np.testing.assert_allclose(table["y[0]"][1:], trace.output[0, :, 0])
    assert "y₁ is returned" in unrolled_captions(data, ["a"] * timesteps, [2] * timesteps)[1]


def test_what_is_not_returned_is_the_state_if_that_is_as_wide():
    trace = custom()
    last = replace(trace, output=trace.output[:, -1], return_sequences=False)
    data = compute_unrolled(last)
    assert data.returned.tolist() == [False, False, False, True]
    assert np.isnan(data.outputs[:3]).all()
    top = np.vstack([trace.hidden_states[0, :3], trace.output[0, 3:]])
    assert has(plot_unrolled(last), top)
    wide = replace(last, output=np.full((1, 3), 0.5))
    assert has(plot_unrolled(wide), np.full(3, 0.5))


def test_a_skipped_step_that_repeats_the_last_output_is_returned():
    trace = custom(mask=[True, False, True, True])
    repeated = trace.output.copy()
    repeated[:, 1] = repeated[:, 0]
    assert compute_unrolled(replace(trace, output=repeated)).returned.all()
    zeroed = trace.output.copy()
    zeroed[:, 1] = 0
    data = compute_unrolled(replace(trace, output=zeroed))
    assert data.returned.tolist() == [True, False, True, True]


def test_outputs_that_are_the_states_are_not_held_twice():
    assert compute_unrolled(recurrent(return_sequences=True)).outputs is None
    assert compute_unrolled(recurrent()).outputs is None


def test_the_state_is_found_in_a_record_that_was_copied():
    trace = recurrent(3, 2, "GRU")
    lower, start = np.zeros((1, 3, 5)), np.full((1, 2), 0.25)
    stacked = replace(
        trace,
        states=(lower, trace.hidden_states),
        initial_state=(lower[:, 0], start),
        hidden_states=trace.hidden_states.copy(),
        hidden_index=1,
    )
    np.testing.assert_array_equal(compute_unrolled(stacked).hidden[0], start[0])


@pytest.fixture(scope="module")
def batch():
    model = seqviz.build_model(seqviz.ModelConfig(cell="LSTM", return_sequences=True, head="none"))
    return seqviz.capture(model, [[2, 3, 4], [5, 6, 7]])


WITH_A_SAMPLE = {
    "unrolled": (figures.plot_unrolled, lambda t: t["lstm"], seqviz.compute_unrolled),
    "states": (figures.plot_states, lambda t: t["lstm"], seqviz.compute_unrolled),
    "gates": (figures.plot_gates, lambda t: t["lstm"], seqviz.compute_gates),
    "lookup": (
        figures.plot_embedding_lookup,
        lambda t: t["embedding"],
        seqviz.compute_embedding_lookup,
    ),
    "outputs": (figures.plot_outputs, lambda t: t, seqviz.compute_outputs),
    "stack": (figures.plot_stack, lambda t: t, seqviz.compute_stack),
}


@pytest.mark.parametrize(("plot", "of", "compute"), WITH_A_SAMPLE.values(), ids=WITH_A_SAMPLE)
def test_a_picture_of_a_batch_says_which_sample_it_draws(batch, plot, of, compute):
    with pytest.warns(UserWarning, match=r"Sample 0 of a batch of 2 is drawn\. Give sample="):
        first = plot(of(batch))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert plot(of(batch), sample=0) == first
        second = plot(of(batch), sample=1)
        assert second == plot(compute(of(batch), sample=1)) != first
    with pytest.raises(SeqvizError, match="no sample 2 in this trace: it holds 2"):
        plot(of(batch), sample=2)
    with pytest.raises(SeqvizError, match="holds one sample already"):
        plot(compute(of(batch)), sample=1)


def test_both_directions_take_a_sample():
    model = seqviz.build_model(seqviz.ModelConfig(bidirectional=True))
    trace = seqviz.capture(model, [[2, 3, 4], [5, 6, 7]])
    drawn = figures.plot_bidirectional(trace, sample=1)
    assert drawn == figures.plot_bidirectional(seqviz.compute_bidirectional(trace, sample=1))
