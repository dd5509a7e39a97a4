"""States that are kept, given or dropped: every number is compared with Keras's own calls."""

import json
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

import seqviz
from seqviz import ModelConfig, SeqvizError
from seqviz.config import CELLS
from seqviz.figures import plot_dropout, plot_runs
from seqviz.lessons.state.code import dropout_code, initial_state_code, stateful_code
from seqviz.lessons.state.compute import last_columns
from seqviz.lessons.state.dropout_with_keras import compute_dropout
from seqviz.lessons.state.with_keras import (
    compute_initial_state,
    compute_stateful,
    difference_from_keras,
    old_tutorial_messages,
)
from seqviz.lessons.state.words import dropped_captions, dropped_table, runs_captions, runs_table
from seqviz.models.build import build_embedding, build_recurrent
from tests.unit.drawn import words as words_of

# The same examples in every run, however slow the machine.
STEADY = settings(deadline=None, database=None, derandomize=True, max_examples=10)
IDS = (2, 3, 4, 5, 2, 6, 7)
TOKENS = ("I", "am", "Groot", "and", "I", "<b>", "%{y}")
CLOSE = 1e-6


def layer_of(cell="SimpleRNN", units=3, **arguments):
    return build_recurrent(ModelConfig(cell=cell, units=units, embedding_dim=2, **arguments))


def words(count=7, scale=1.0):
    return scale * np.random.default_rng(0).normal(size=(count, 2)).astype(np.float32)


def keras_layer(layer, **arguments):
    """The same layer, built anew by nothing but Keras."""
    config = layer.get_config() | {"return_sequences": True, "return_state": False} | arguments
    copy = type(layer).from_config(config)
    copy.build((1, None, 2))
    copy.cell.set_weights(layer.cell.get_weights())
    return copy


def steps(data, run):
    """The states after each timestep, without those that calls start from."""
    return data.hidden[run][data.timesteps >= 0]


@pytest.mark.parametrize("cell", CELLS)
def test_chunks_give_what_keras_gives_for_them(cell):
    layer, x = layer_of(cell), words()
    data = compute_stateful(layer, x, chunk_length=3)
    chunks = [x[None, k : k + 3] for k in (0, 3, 6)]
    keeping, forgetting = keras_layer(layer, stateful=True), keras_layer(layer)
    for run, keras in enumerate((keeping, forgetting)):
        theirs = np.concatenate([np.array(keras(chunk))[0] for chunk in chunks])
        assert np.abs(steps(data, run) - theirs).max() < CLOSE
    # Kept, the chunks are as good as one call on all; else from the second chunk on they are not.
    assert np.abs(steps(data, 0) - np.array(forgetting(x[None]))[0]).max() < CLOSE
    assert data.distances[0].max() < CLOSE
    assert (data.distances[1, data.calls == 0] == 0).all()
    assert (data.distances[1, data.calls == 1] > 1e-3).all()
    assert difference_from_keras(layer, x, data) < CLOSE


def test_columns_begin_each_call_with_the_state_it_starts_from():
    data = compute_stateful(layer_of("LSTM"), words(5), chunk_length=2, resets=[2])
    assert data.timesteps.tolist() == [-1, 0, 1, -1, 2, 3, -1, 4]
    assert data.calls.tolist() == [0, 0, 0, 1, 1, 1, 2, 2]
    assert data.starts == (("zeros", "kept", "reset"), ("zeros", "zeros", "zeros"))
    for states in (data.hidden, data.cell_states):
        assert np.abs(states[0, 3] - states[0, 2]).max() < CLOSE  # as Keras kept it
        assert states[0, 2].any()
        assert not states[:, [0, 6]].any()
        assert not states[1, 3].any()
        assert (states[0, 6:] == states[1, 6:]).all()  # reset: both read the last chunk alike
    assert data.distances[0, 6] > 0


@STEADY
@given(
    count=st.integers(1, 7),
    chunk_length=st.integers(1, 9),
    mask=st.lists(st.booleans(), min_size=7, max_size=7),
)
def test_where_a_sentence_is_cut_makes_no_difference_to_a_kept_state(count, chunk_length, mask):
    mask = np.array(mask[:count])
    data = compute_stateful(LAYER, words(count), chunk_length=chunk_length, mask=mask)
    assert data.distances[0].max() < CLOSE
    assert difference_from_keras(LAYER, words(count), data, mask=mask) < CLOSE
    whole = seqviz.capture(LAYER, words(count)[None], mask=mask[None])[LAYER.name]
    assert np.abs(steps(data, 0) - whole.hidden_states[0]).max() < CLOSE
    # Padding leaves the state as it was, also over a border.
    kept = data.hidden[0]
    for column in np.flatnonzero(data.skipped):
        assert np.abs(kept[column] - kept[column - 1]).max() < CLOSE
    ends = last_columns(data, by_call=True)
    assert len(ends) == 1 + -(-count // chunk_length)
    assert set(ends[1:]) <= set(last_columns(data, by_call=False))


LAYER = layer_of("GRU")


def test_the_layer_itself_is_left_alone():
    layer = layer_of("LSTM", units=2)
    stateful = keras_layer(layer, stateful=True)
    stateful(words(2)[None])
    before = [np.asarray(state.value) for state in stateful.states]
    weights = [w.copy() for w in stateful.cell.get_weights()]
    data = compute_stateful(stateful, words(4), chunk_length=2)
    compute_initial_state(stateful, words(4), [np.ones(2), np.ones(2)])
    compute_dropout(stateful, words(4), dropout=0.5, recurrent_dropout=0.5)
    assert all(
        (np.asarray(s.value) == b).all() for s, b in zip(stateful.states, before, strict=True)
    )
    assert all((w == b).all() for w, b in zip(stateful.cell.get_weights(), weights, strict=True))
    assert not data.hidden[:, 0].any()  # and its state is not what the runs start from


@pytest.mark.parametrize("cell", CELLS)
def test_a_given_state_is_what_keras_starts_from(cell):
    layer, x = layer_of(cell), words(20, scale=0.1)
    given_states = [np.array([1, -1, 0.5])] * (2 if cell == "LSTM" else 1)
    data = compute_initial_state(layer, x, given_states)
    keras = keras_layer(layer)
    theirs = np.array(keras(x[None], initial_state=[s[None].astype("f") for s in given_states]))[0]
    assert np.abs(steps(data, 0) - theirs).max() < CLOSE
    assert np.abs(steps(data, 1) - np.array(keras(x[None]))[0]).max() < CLOSE
    assert data.hidden[0, 0].tolist() == [1, -1, 0.5]
    assert data.starts == (("given",), ("zeros",))
    assert data.distances[0, 0] == 1
    assert not data.distances[1].any()
    if cell != "SimpleRNN":  # whose orthogonal recurrent kernel keeps lengths
        assert data.distances[0, -1] < 0.2


@pytest.mark.parametrize("cell", CELLS)
def test_old_tutorials_are_answered_by_keras_itself(cell):
    unknown, dynamic = old_tutorial_messages(cell)
    assert unknown.startswith("Unrecognized keyword arguments")
    assert "batch_input_shape" in unknown
    assert "the batch size must be static" in dynamic


def by_hand(layer, x, data):
    """Training mode worked out with nothing but the masks, gate by gate."""
    kernel, recurrent, *bias = layer.cell.get_weights()
    gates = {"SimpleRNN": 1, "GRU": 3, "LSTM": 4}[type(layer).__name__]
    units = layer.units
    bias = np.atleast_2d(bias[0])
    rows = [np.broadcast_to(m, (gates, m.shape[1])) for m in (data.input_masks, data.state_masks)]

    def part(vector, masks, weights, bias):
        return [
            (vector * masks[g]) @ weights[:, g * units : (g + 1) * units]
            + bias[g * units : (g + 1) * units]
            for g in range(gates)
        ]

    def sigmoid(z):
        return 1 / (1 + np.exp(-z))

    h = c = np.zeros(units)
    for vector in x.astype(float):
        a = part(vector, rows[0], kernel, bias[0])
        b = part(h, rows[1], recurrent, bias[1] if len(bias) > 1 else np.zeros(gates * units))
        if gates == 1:
            h = np.tanh(a[0] + b[0])
        elif gates == 3:
            z, r = sigmoid(a[0] + b[0]), sigmoid(a[1] + b[1])
            h = z * h + (1 - z) * np.tanh(a[2] + r * b[2])
        else:
            i, f, g, o = (s + t for s, t in zip(a, b, strict=True))
            c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
            h = sigmoid(o) * np.tanh(c)
        yield h


@pytest.mark.parametrize("rates", [(0.5, 0.5), (0.5, 0.0), (0.0, 0.5), (0.0, 0.0)])
@pytest.mark.parametrize("cell", CELLS)
def test_the_masks_shown_are_those_that_keras_used(cell, rates):
    layer, x = layer_of(cell, units=6), words()
    arguments = {"dropout": rates[0], "recurrent_dropout": rates[1], "seed": 3}
    data = compute_dropout(layer, x, **arguments, call=2)
    # A layer of its own, called twice as anybody would, which nobody asked for its masks.
    keras = keras_layer(layer, **arguments)
    keras(x[None], training=True)
    theirs = np.array(keras(x[None], training=True))[0]
    assert np.abs(data.training[1:] - theirs).max() < CLOSE
    assert np.abs(list(by_hand(layer, x, data)) - theirs).max() < CLOSE
    assert np.abs(data.inference[1:] - np.array(keras(x[None]))[0]).max() < CLOSE
    assert data.keras_difference < CLOSE
    for masks, rate in ((data.input_masks, rates[0]), (data.state_masks, rates[1])):
        assert set(masks.ravel().tolist()) <= {0.0, 1 / (1 - rate)} if rate else (masks == 1).all()
    # Keras draws a mask for each gate only where recurrent_dropout is set.
    assert len(data.gates) == ({"GRU": 3, "LSTM": 4}.get(cell, 1) if rates[1] else 1)
    assert np.allclose(data.training, data.inference, atol=CLOSE) == (rates == (0, 0))


def test_each_call_in_training_draws_other_masks():
    masks = {
        compute_dropout(
            layer_of(units=8), words(), dropout=0, recurrent_dropout=0.5, call=call
        ).state_masks.tobytes()
        for call in range(1, 6)
    }
    assert len(masks) == 5


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: compute_stateful(LAYER, words(), chunk_length=0), "chunk_length"),
        (lambda: compute_stateful(LAYER, words()[None], chunk_length=2), "timesteps, features"),
        (lambda: compute_stateful(LAYER, words(0), chunk_length=2), "timesteps, features"),
        (lambda: compute_stateful(build_embedding(ModelConfig()), words(), chunk_length=2), "LSTM"),
        (
            lambda: compute_stateful(layer_of(go_backwards=True), words(), chunk_length=2),
            "backwards",
        ),
        (lambda: compute_stateful(LAYER, words(), chunk_length=2, mask=np.ones(3)), "mask"),
        (lambda: compute_initial_state(LAYER, words(), [np.ones(4)]), "needs 1 of (3,)"),
        (lambda: compute_initial_state(layer_of("LSTM"), words(), [np.ones(3)]), "h and c"),
        (lambda: old_tutorial_messages("Dense"), "SimpleRNN"),
        (lambda: compute_dropout(LAYER, words(), dropout=1, recurrent_dropout=0), "below 1"),
        (lambda: compute_dropout(LAYER, words()[0], dropout=0, recurrent_dropout=0), "inputs"),
        (
            lambda: compute_dropout(LAYER, words(), dropout=0, recurrent_dropout=0, call=0),
            "from 1",
        ),
        (lambda: plot_runs(RUNS, tokens=["one"]), "1 token for 7"),
        (lambda: plot_dropout(DROPPED, ids=[1]), "1 id for 7"),
        (lambda: plot_dropout(DROPPED, gate=4), "gate is 4"),
    ],
)
def test_what_cannot_be_done_is_said(call, said):
    with pytest.raises(SeqvizError, match=r"Hint|must be") as error:
        call()
    assert said in str(error.value)


def test_a_layer_without_weights_is_said_to_have_none():
    import keras

    with pytest.raises(SeqvizError, match="no weights yet"):
        compute_stateful(keras.layers.GRU(2, name="gru"), words(), chunk_length=2)


@pytest.mark.parametrize(
    "compute",
    [
        lambda layer: compute_stateful(layer, words(), chunk_length=2),
        lambda layer: compute_initial_state(layer, words(), [np.zeros(2)]),
        lambda layer: compute_dropout(layer, words(), dropout=0.5, recurrent_dropout=0, seed=1),
    ],
)
def test_mixed_precision_is_said_to_be_too_much(compute):
    import keras

    layer = keras.layers.GRU(2, name="gru", dtype="mixed_float16")
    layer.build((1, None, words().shape[-1]))
    with pytest.raises(SeqvizError, match=r"float16.*Hint: build it with dtype='float32'"):
        compute(layer)


RUNS = compute_stateful(layer_of("LSTM"), words(), chunk_length=3, resets=[1])
DROPPED = compute_dropout(layer_of("LSTM"), words(), dropout=0.5, recurrent_dropout=0.5, seed=1)


def run(source):
    namespace = {"__name__": "__main__"}
    exec(compile(source, "script.py", "exec"), namespace)
    return np.array(namespace["output"])[0]


@pytest.mark.parametrize("cell", CELLS)
def test_code_runs_as_shown_and_gives_the_numbers_of_the_picture(cell, capsys):
    config = ModelConfig(cell=cell, units=3, mask_zero=cell == "GRU")
    embedding, layer = build_embedding(config), build_recurrent(config)
    ids = (*IDS[:5], 0, 0)
    x = np.array(embedding.get_weights()[0])[list(ids)]
    mask = np.array(ids) != 0 if config.mask_zero else None

    source = stateful_code(embedding, layer, ids, TOKENS, chunk_length=3, resets=[1, 9])
    data = compute_stateful(layer, x, chunk_length=3, resets=[1, 9], mask=mask)
    output, read = run(source), np.ones(7, bool)
    if mask is not None:
        # The last call reads nothing but padding: Keras returns zeros, and keeps the state.
        assert not output[6].any()
        assert steps(data, 0)[6].any()
        read[6] = False
    assert np.abs(output - steps(data, 0))[read].max() < CLOSE
    assert "batch_shape=(1, None)" in source
    assert "    if call in [1]:\n        layer.reset_state()" in source

    given_states = [[1.0, -0.5, 0.0]] * (2 if cell == "LSTM" else 1)
    source = initial_state_code(embedding, layer, ids, TOKENS, given_states)
    data = compute_initial_state(layer, x, given_states, mask=mask)
    assert np.abs(run(source) - steps(data, 0)).max() < CLOSE
    if mask is not None:  # Keras 3.15 loses the embedding's mask beside initial_state
        unmasked = run(source.replace(", mask=embedding.compute_mask(ids)", ""))
        assert np.abs(unmasked - steps(data, 0))[5:].min() > 1e-4

    embedding = build_embedding(ModelConfig(cell=cell))
    arguments = {"dropout": 0.5, "recurrent_dropout": 0.3, "seed": 4, "call": 2}
    source = dropout_code(embedding, layer, ids, TOKENS, **arguments)
    data = compute_dropout(layer, x, **arguments)
    assert np.abs(run(source) - data.training[1:]).max() < CLOSE
    assert capsys.readouterr().out


@pytest.mark.parametrize("by_call", [False, True])
def test_picture_of_runs_is_played_to_where_it_says(by_call):
    figure = plot_runs(RUNS, tokens=TOKENS, ids=IDS, by_call=by_call, step=1)
    captions = runs_captions(RUNS, TOKENS, by_call=by_call)
    assert len(figure.frames) == len(captions) == (4 if by_call else 8)
    veils = [frame.layout.shapes[0].x0 for frame in figure.frames]
    assert veils == sorted(set(veils))
    assert figure.layout.shapes[0].x0 == veils[1]
    # Values are drawn for both runs, h and c, gaps between calls left empty.
    maps = [trace for trace in figure.data if trace.type == "heatmap"]
    assert len(maps) == 4
    drawn = np.asarray(maps[1].z)
    assert np.allclose(drawn[:, ~np.isnan(drawn).any(axis=0)], RUNS.cell_states[0].T)
    assert drawn.shape[1] == len(RUNS.calls) + 2
    text = [word for trace in figure.data if trace.type == "scatter" for word in trace.text or []]
    assert [text.count(f"<b>{word}</b>") for word in ("kept", "reset: 0", "zeros")] == [1, 1, 4]
    assert "<b>&lt;b&gt;</b>" in text
    assert json.loads(figure.to_json()) == json.loads(
        plot_runs(RUNS, tokens=TOKENS, ids=IDS, by_call=by_call, step=1).to_json()
    )


def test_frames_of_many_calls_do_not_cover_the_states():
    layer = build_recurrent(ModelConfig(cell="GRU", units=(3,), embedding_dim=2))
    x = np.random.default_rng(0).normal(size=(30, 2)).astype(np.float32)
    for length, framed in ((3, True), (1, False)):
        data = compute_stateful(layer, x, chunk_length=length)
        figure = plot_runs(data)
        lines = [t for t in figure.data if t.type == "scatter" and t.mode == "lines"]
        assert any(line.line.dash == "dot" for line in lines) is framed
        assert min(line.line.width for line in lines) == (1 if framed else 0.5)
        text = [word for t in figure.data if t.type == "scatter" for word in t.text or []]
        calls = [word for word in text if "call" in word]
        # Of many each fifth; the last would be cut.
        assert len(calls) == (10 if framed else 5)
        assert text.count("<b>kept</b>") == (9 if framed else 1)
    assert calls[-1] == "<b>call 25</b>"
    data = compute_stateful(layer, x, chunk_length=1, resets=[4])
    starts = [w for w in words_of(plot_runs(data)) if w.text in ("<b>kept</b>", "<b>reset: 0</b>")]
    room = starts[0].style[2][0]
    # No word is wider than it is to the next: zeros, kept, reset, kept.
    assert room <= min(b.x - a.x for a, b in pairwise(starts))


def test_captions_say_where_each_call_starts_from():
    captions = runs_captions(RUNS, TOKENS, by_call=False)
    assert captions[0] == "Before the first word: both start from zeros."
    assert "call 2: stateful=True starts from zeros, after reset_state()" in captions[4]
    assert "call 3: stateful=True starts from the state it kept" in captions[7]
    assert captions[5].startswith("Step 5 of 7: “I” is read. Difference from one call: stateful")
    assert ", stateful=False up to 0." in captions[5]
    assert "timestep 7 is read" in runs_captions(RUNS, TOKENS, by_call=True)[3]


def test_picture_of_dropout_hatches_the_same_rows_at_every_step():
    figure = plot_dropout(DROPPED, tokens=TOKENS, ids=IDS, gate=2, step=3)
    maps = [np.asarray(trace.z) for trace in figure.data if trace.type == "heatmap"]
    for values, mask in ((maps[0], DROPPED.input_masks[2]), (maps[1], DROPPED.state_masks[2])):
        assert (np.isnan(values) == (mask == 0)[:, None]).all()
    assert np.allclose(maps[2], DROPPED.training[1:].T)
    assert np.allclose(maps[3], DROPPED.inference[1:].T)
    assert "for the candidate" in figure.layout.yaxis.ticktext[0]
    captions = dropped_captions(DROPPED, TOKENS, gate=2)
    assert len(figure.frames) == len(captions) == 8
    for what, mask in (("feature", DROPPED.input_masks[2]), ("unit", DROPPED.state_masks[2])):
        gone = np.flatnonzero(mask == 0)
        assert all((f"{what}" in caption) == bool(len(gone)) for caption in captions[1:])


def test_tables_hold_every_number():
    table = runs_table(RUNS, TOKENS, IDS)
    assert table["token"][:5] == ["", "I", "am", "Groot", ""]
    assert table["id"][:5] == [None, 2, 3, 4, None]
    assert table["stateful=False: c[2]"] == RUNS.cell_states[1, :, 2].tolist()
    assert table["stateful=True: difference"] == RUNS.distances[0].tolist()
    narrow = runs_table(RUNS, TOKENS, IDS, widest=1)
    assert [name for name in narrow if "[" in name] == [
        f"stateful={kept}: {symbol}[0]" for kept in (True, False) for symbol in "hc"
    ]
    table = dropped_table(DROPPED, TOKENS, IDS, gate=1)
    assert table["training: h[1]"] == DROPPED.training[:, 1].tolist()
    assert np.isnan(table["x·mask[0]"][0])
    expected = DROPPED.inputs[:, 0] * DROPPED.input_masks[1, 0]
    assert table["x·mask[0]"][1:] == expected.tolist()


@pytest.mark.parametrize("cell", ["GRU", "LSTM"])
def test_pictures_of_the_largest_settings_stay_small(cell):
    layer = build_recurrent(ModelConfig(cell=cell, units=128, embedding_dim=128))
    x = np.zeros((200, 128), np.float32)
    runs = compute_stateful(layer, x, chunk_length=25)
    dropped = compute_dropout(layer, x, dropout=0.5, recurrent_dropout=0.5)
    tokens = ["w" * 30] * 200
    assert len(plot_runs(runs, tokens=tokens, controls=False).to_json()) < 580_000
    assert len(plot_dropout(dropped, tokens=tokens, controls=False).to_json()) < 580_000
