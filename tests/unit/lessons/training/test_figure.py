"""The picture of a training: what stands where, and what each frame changes."""

import json

import numpy as np
import pytest
from numpy.testing import assert_allclose

from seqviz.errors import SeqvizError
from seqviz.figures import plot_watched_training
from seqviz.lessons.training.compute import Head, LeftOut, WatchedTraining
from seqviz.lessons.training.figure import first_letters
from seqviz.lessons.training.histories_figure import plot_histories
from seqviz.lessons.training.shares_figure import plot_shares
from seqviz.lessons.training.unit_figure import plot_unit
from seqviz.plotly_kit.palette import SHARES
from seqviz.watching.compute import LayerTraining

EPOCHS = np.array([0, 1, 2, 10])
WORDS = ("I", "am", "<Groot>")


def watched(*, timesteps=3, units=2, classes=("no", "yes"), **changes):
    """A training of random numbers, four moments of ten epochs."""
    random = np.random.default_rng(0)
    states = random.normal(size=(len(EPOCHS), timesteps, units))
    answers = random.dirichlet(np.ones(max(len(classes), 1)), size=(len(EPOCHS), timesteps))
    falling = np.linspace(1, 0.1, 10)
    layer = LayerTraining(
        epochs=EPOCHS,
        losses=np.full(len(EPOCHS), np.nan),
        layer="lstm",
        timesteps=np.arange(timesteps),
        skipped=np.zeros(timesteps, bool),
        rows=None,
        hidden_states=states,
        cell_states=2 * states,
        gates={"input": np.abs(np.tanh(states)), "forget": np.abs(np.tanh(states))},
        predictions=None,
    )
    count = len(classes)
    data = WatchedTraining(
        layer=layer,
        history={"loss": falling, "val_loss": falling, "accuracy": 1 - falling},
        answers=answers,
        classes=tuple(classes),
        confusion=np.arange(4 * count * count).reshape(4, count, count) if count else None,
        words=("I", "am", "tree"),
        path=random.normal(size=(len(EPOCHS), 3, 2)),
    )
    return data._replace(**changes)


def heatmaps(figure):
    return [trace for trace in figure.data if trace.type == "heatmap"]


def test_each_frame_has_the_numbers_of_its_moment():
    data = watched()
    figure = plot_watched_training(data, tokens=WORDS, step=1)
    assert [frame.name for frame in figure.frames] == ["0", "1", "2", "3"]
    for k, frame in enumerate(figure.frames):
        confusion, answer, hidden, cell = frame.data
        assert_allclose(answer.z, data.answers[[0, k], :, 1], atol=1e-6)  # before, and now
        assert_allclose(hidden.z, data.layer.hidden_states[k].T, atol=1e-6)
        assert_allclose(cell.z, data.layer.cell_states[k].T, atol=1e-6)
        assert [list(map(int, row)) for row in confusion.text] == data.confusion[k].tolist()
        assert [figure.data[place].type for place in frame.traces] == ["heatmap"] * 4
    opened = figure.frames[1]
    for place, part in zip(opened.traces, opened.data, strict=True):
        assert_allclose(figure.data[place].z, part.z)


def test_a_line_stands_at_the_epoch_that_is_shown():
    figure = plot_watched_training(watched(), step=2)
    for k, epoch in enumerate(EPOCHS):
        _, *shapes = figure.frames[k].layout.shapes
        assert [(line.x0, line.x1) for line in shapes[1::2]] == [(epoch, epoch)] * 2
        assert [veil.x0 for veil in shapes[::2]] == [epoch] * 2
    _, veil, line, *_ = figure.layout.shapes
    assert line.x0 == 2
    assert (veil.x0, veil.x1, veil.opacity > 0.5) == (2, 10, True)  # epochs to come are faint
    curves = [
        t for t in figure.data if t.type == "scatter" and t.mode == "lines" and None not in t.x
    ]
    assert [curve.line.dash for curve in curves] == ["solid", "dot", "solid"]
    assert all(list(curve.x) == list(range(1, 11)) for curve in curves)


def frames_of(figure):
    return [shape for shape in figure.layout.shapes if shape.yref == "paper" and shape.line.width]


def test_of_answers_at_the_end_the_last_is_framed_at_every_moment():
    framed = plot_watched_training(watched(), at_the_end=True)
    (foot, head), (foot_of_h, _) = framed.layout.yaxis.domain, framed.layout.yaxis2.domain
    (frame,) = frames_of(framed)
    assert (frame.x0, frame.x1) == (1.5, 2.5)
    # With the state of which it is made; the upper row is of before training.
    assert (frame.y0, frame.y1) == (foot_of_h, (foot + head) / 2)
    for other in (
        plot_watched_training(watched(is_top=False), at_the_end=True),
        plot_watched_training(watched(), at_the_end=True, show="gates"),
    ):
        assert frames_of(other)[0].y0 == other.layout.yaxis.domain[0]
    (hatched,) = [trace for trace in framed.data if trace.type == "bar"]
    assert hatched.x == ("1", "2")  # of three
    each = plot_watched_training(watched())
    (_, white, *_), (_, colored, *_) = heatmaps(framed), heatmaps(each)
    assert not np.asarray(white.z)[:, :2].any()  # what was not trained has no colour
    assert_allclose(np.asarray(white.z)[:, 2], np.asarray(colored.z)[:, 2])
    assert [row[:2] for row in white.text] == [["", ""]] * 2
    assert [row[2] for row in white.text] == [row[2] for row in colored.text]
    assert white.hovertext == colored.text  # a pointer is told all the same
    assert np.asarray(colored.z).any()
    assert not frames_of(each)
    assert not [trace for trace in each.data if trace.type == "bar"]


def test_of_two_classes_there_is_a_row_before_training_and_one_now():
    data = watched()
    figure = plot_watched_training(data, tokens=WORDS)
    assert figure.layout.yaxis.ticktext == ("yes, before", "<b>yes, now</b>")
    rows = np.asarray(heatmaps(figure)[1].z)
    assert_allclose(rows, [data.answers[0, :, 1], data.answers[-1, :, 1]])


def head_of(units=2):
    random = np.random.default_rng(1)
    return Head(random.normal(size=(len(EPOCHS), units)), random.normal(size=len(EPOCHS)))


def heads_drawn(figure):
    """Whether the columns of terms are named."""
    return "<b>h × w</b>" in [words.text for words in figure.layout.annotations]


@pytest.mark.parametrize("classes", [("no", "yes"), ()])
@pytest.mark.parametrize(("timesteps", "left_out"), [(3, True), (3, False), (1, False)])
def test_what_a_state_adds_to_the_answer_stands_beside_it(timesteps, left_out, classes):
    data = watched(timesteps=timesteps, classes=classes, head=head_of())
    answers = data.answers if classes else data.answers[..., :1]
    if left_out:
        shorter = data.layer._replace(hidden_states=data.layer.hidden_states[:, 1:] / 2)
        data = data._replace(left_out=LeftOut(1, answers[:, 1:], shorter))
    data = data._replace(answers=answers)
    figure = plot_watched_training(data, tokens=WORDS[:timesteps], at_the_end=True)
    places = {timesteps: data.layer}
    if left_out:
        places[timesteps + 3] = data.left_out.layer
    columns = max(places) + 1
    assert len(figure.layout.xaxis.categoryarray) == columns
    (terms,) = [trace for trace in heatmaps(figure) if "h × w" in (trace.hovertemplate or "")]
    assert (terms.yaxis, len(terms.x)) == ("y2", columns)
    largest = 0
    for k, frame in enumerate(figure.frames):
        drawn = list(frame.data)[-2 if classes else -1 :]
        shown = np.asarray(drawn[0].z)
        for place, layer in places.items():
            expected = layer.hidden_states[k, -1] * data.head.kernel[k]
            assert_allclose(shown[:, place], expected, atol=1e-6)
            largest = max(largest, np.abs(expected).max())
            if classes:
                total = expected.sum() + data.head.bias[k]
                text = drawn[1].text[1][place]
                assert float(text.removeprefix("sum ").replace("−", "-")) == pytest.approx(
                    total, rel=0.01
                )
        assert np.isnan(np.delete(shown, list(places), axis=1)).all()
        for other in frame.data[1 if classes else 0 : -len(drawn)]:  # nothing else is there
            assert np.isnan(np.asarray(other.z)[:, list(places)]).all()
    assert terms.zmax == pytest.approx(largest)
    assert [(f.x0, f.x1) for f in frames_of(figure)] == [(p - 1.5, p + 0.5) for p in places]
    assert heads_drawn(figure)


@pytest.mark.parametrize(
    ("changes", "options"),
    [
        ({}, {"at_the_end": False}),
        ({}, {"difference": True}),
        ({}, {"show": "gates"}),
        ({"is_top": False}, {}),
        ({"head": None}, {}),
        ({"timesteps": 15}, {}),
        ({"units": 400}, {}),
    ],
)
def test_no_terms_stand_where_they_are_of_nothing_that_is_drawn_or_have_no_room(changes, options):
    data = watched(**{"head": head_of(changes.get("units", 2)), **changes})
    figure = plot_watched_training(data, **{"at_the_end": True, **options})
    assert not heads_drawn(figure)
    assert len(figure.layout.xaxis.categoryarray) == len(data.layer.timesteps)


def test_a_sum_that_is_no_number_is_not_written():
    head = head_of()
    head.kernel[1] = np.nan
    figure = plot_watched_training(watched(head=head), at_the_end=True)
    texts = [frame.data[-1].text[1][-1] for frame in figure.frames]
    assert [bool(text) for text in texts] == [True, False, True, True]


@pytest.mark.parametrize("difference", [False, True])
def test_what_comes_of_it_without_a_word_is_one_more_column_with_a_frame_of_its_own(difference):
    data = watched()
    layer = data.layer._replace(hidden_states=data.layer.hidden_states[:, 1:] / 2)
    other = LeftOut(1, data.answers[:, :2], layer)
    data = data._replace(left_out=other)
    figure = plot_watched_training(data, tokens=WORDS, at_the_end=True, difference=difference)
    answers, states = (np.asarray(trace.z) for trace in heatmaps(figure)[1:3])
    assert_allclose(answers[:, 4], [data.answers[0, 1, 1], data.answers[-1, 1, 1]])
    now, before = layer.hidden_states[-1, -1], layer.hidden_states[0, -1]
    assert np.isnan(states[:, 3]).all()
    assert_allclose(states[:, 4], now - before if difference else now, atol=1e-6)
    assert [frame.x0 for frame in frames_of(figure)] == [1.5, 3.5]
    assert "<b>without “am”</b>" in [words.text for words in figure.layout.annotations]
    names = figure.layout.xaxis.labelalias
    assert [names["4"], names["5"]] == ["", f"… {names['3']}"]
    # It is not drawn where each timestep has an answer of its own.
    assert np.shape(heatmaps(plot_watched_training(data, tokens=WORDS))[1].z)[1] == 3


@pytest.mark.parametrize(
    ("words", "place", "heading", "below"),
    [
        (["I", "am", "not"], 2, "without “not”", "… am"),
        (["not", "so", "Not"], 0, "without 1st “not”", "… Not"),
        (["not", "so"], 0, "without “not”", "so"),
    ],
)
def test_over_the_other_column_stands_what_is_left_out_and_below_it_the_last_that_is_read(
    words, place, heading, below
):
    data, count = watched(), len(words)
    layer = data.layer._replace(
        hidden_states=data.layer.hidden_states[:, :count],
        cell_states=None,
        timesteps=np.arange(count),
        skipped=np.zeros(count, bool),
    )
    less = layer._replace(hidden_states=layer.hidden_states[:, 1:])
    answers = data.answers[:, :count]
    data = data._replace(
        layer=layer, answers=answers, left_out=LeftOut(place, answers[:, 1:], less)
    )
    figure = plot_watched_training(data, tokens=words, at_the_end=True)
    assert f"<b>{heading}</b>" in [words.text for words in figure.layout.annotations]
    assert figure.layout.xaxis.labelalias[str(count + 2)] == below


def test_hatched_answers_say_that_they_are_not_asked_for_where_there_is_room():
    def said(at_the_end, timesteps):
        data = watched()
        layer = data.layer._replace(
            hidden_states=data.layer.hidden_states.repeat(2, axis=1)[:, :timesteps],
            cell_states=None,
            timesteps=np.arange(timesteps),
            skipped=np.zeros(timesteps, bool),
        )
        data = data._replace(layer=layer, answers=data.answers.repeat(2, axis=1)[:, :timesteps])
        figure = plot_watched_training(data, at_the_end=at_the_end)
        return "not asked here" in [words.text for words in figure.layout.annotations]

    assert said(at_the_end=True, timesteps=4)
    assert not said(at_the_end=True, timesteps=3)
    assert not said(at_the_end=False, timesteps=4)


def test_one_scale_for_all_moments_and_none_of_signs_for_what_is_likely():
    data = watched()
    _, answer, hidden, cell = heatmaps(plot_watched_training(data))
    assert (answer.zmin, answer.zmax, *answer.colorscale) == (0, 1, *SHARES)
    assert hidden.colorscale != answer.colorscale
    for trace, values in ((hidden, data.layer.hidden_states), (cell, data.layer.cell_states)):
        assert trace.zmax == -trace.zmin == pytest.approx(np.abs(values).max())


def test_of_too_many_classes_to_name_it_is_said_how_many_there_are_and_of_what_scale():
    data = watched(classes=tuple("abcdefghi"))
    (said,) = plot_watched_training(data).layout.yaxis.ticktext
    assert said == "answer so far<br>9 classes<br>0 to 1"


def test_the_change_from_before_training_begins_at_zero():
    data = watched()
    figure = plot_watched_training(data, difference=True)
    assert not np.any(figure.frames[0].data[2].z)
    change = data.layer.hidden_states[3] - data.layer.hidden_states[0]
    assert_allclose(figure.frames[3].data[2].z, change.T, atol=1e-6)


def test_gates_and_the_map_of_rows_take_the_place_of_the_states():
    gates = heatmaps(plot_watched_training(watched(), show="gates"))
    assert len(gates) == 4  # confusion, answer, two gates
    data = watched()
    figure = plot_watched_training(data, show="rows", tokens=WORDS)
    for k, frame in enumerate(figure.frames):
        for rows in frame.data[-2:]:
            assert_allclose(np.c_[rows.x, rows.y], data.path[k], atol=1e-4)
    points, more = figure.data[-2:]
    assert list(points.hovertext) == ["I", "am", "tree"]
    either = [one or other for one, other in zip(points.text, more.text, strict=True)]
    assert either == ["<b>I</b>", "<b>am</b>", "tree"]
    assert not any(one and other for one, other in zip(points.text, more.text, strict=True))


def test_curves_say_where_they_begin_and_end_and_columns_what_they_count():
    figure = plot_watched_training(watched(classes=("place", "person", "plan")))
    said = [note.text for note in figure.layout.annotations]
    assert said[:6] == ["<b>loss</b>", "0", "1", "0", "epoch", "10"]
    assert all(note.font.size >= 11 for note in figure.layout.annotations)
    assert "— training<br>⋯ held out" in said
    words = [t.text for t in figure.data if t.type == "scatter" and t.mode == "text"]
    assert sum(words, ()) == (
        "place",
        "person",
        "plan",
        "plac",
        "pers",
        "plan",
        "<b>true</b>",
        "36 held out:",
    )


def test_of_a_training_without_held_out_samples_there_is_no_key():
    figure = plot_watched_training(watched(history={"loss": np.ones(10)}))
    assert not [note for note in figure.layout.annotations if "held out" in note.text]


def test_letters_tell_names_apart():
    assert first_letters(["blame", "praise"], 3) == ["bla", "pra"]
    assert first_letters(["a", "ab", "b"], 3) == ["a", "ab", "b"]
    assert first_letters(["same", "same"], 3) == ["sam", "sam"]


def test_several_classes_have_a_row_each_and_numbers_one():
    three = watched(classes=("a", "b", "c"))
    figure = plot_watched_training(three)
    assert list(figure.layout.yaxis.ticktext) == ["a", "b", "c"]
    assert heatmaps(figure)[1].z.shape == (3, 3)
    number = plot_watched_training(watched(classes=()))
    assert len(heatmaps(number)) == 3  # there is no confusion of numbers
    assert heatmaps(number)[0].z.shape == (1, 3)


def test_what_is_large_is_sent_as_colours_and_stays_small():
    data = watched(timesteps=60, units=64, classes=tuple("abcdefghijkl"))
    figure = plot_watched_training(data)
    hidden = heatmaps(figure)[2]
    assert hidden.z.dtype == np.int8
    assert (hidden.zmin, hidden.zmax) == (-127, 127)
    limit = np.abs(data.layer.hidden_states).max()
    assert_allclose(hidden.z / 127 * limit, data.layer.hidden_states[-1].T, atol=limit / 127)
    assert len(figure.to_json()) < 120_000


def test_the_most_that_the_page_offers_fits_into_what_a_page_may_send():
    """60 timesteps, four gates of 64 units, and the 21 moments that are kept of 100 epochs."""
    data = watched(timesteps=60, units=64, classes=tuple("abcdefghijklmnopqrst"))

    def more(values):
        return np.tile(values, (6, *[1] * (values.ndim - 1)))[:21]

    gates = {
        name: more(data.layer.gates["input"]) for name in ("input", "forget", "candidate", "output")
    }
    layer = data.layer._replace(epochs=np.arange(21), gates=gates)
    many = data._replace(
        layer=layer,
        history={name: np.linspace(1, 0, 100) for name in data.history},
        answers=more(data.answers),
        confusion=more(data.confusion),
    )
    figure = plot_watched_training(many, show="gates", tokens=["word"] * 60, controls=False)
    assert len(figure.frames) == 21
    assert len(figure.to_json()) < 570_000


def test_one_epoch_that_exploded_flattens_no_other_and_nothing_breaks_where_none_is_a_number():
    jump = np.array([1.0, 0.9, 500.0, 0.8])
    figure = plot_watched_training(watched(history={"loss": jump}))
    assert figure.layout.yaxis7.range[1] < 4
    data = watched()
    nothing = np.full_like(data.layer.hidden_states, np.nan)
    layer = data.layer._replace(hidden_states=nothing, cell_states=nothing)
    lost = data._replace(layer=layer, history={"loss": np.array([np.nan])}, path=data.path * np.nan)
    for show in ("states", "rows"):
        json.loads(plot_watched_training(lost, show=show).to_json())


def test_what_is_not_there_is_said():
    with pytest.raises(SeqvizError, match="'states', 'gates', 'rows'"):
        plot_watched_training(watched(), show="cells")
    data = watched()
    no_gates = data._replace(layer=data.layer._replace(gates={}))
    with pytest.raises(SeqvizError, match="SimpleRNN has no gates"):
        plot_watched_training(no_gates, show="gates")
    with pytest.raises(SeqvizError, match="no map of rows"):
        plot_watched_training(data._replace(words=()), show="rows")


def test_shares_are_drawn_on_one_scale_under_their_words():
    figure = plot_shares(np.array([0.1, -0.5]), np.array([0.2, 0.25]), tokens=["not", "good"])
    gradients, left_out = figure.data
    assert_allclose(gradients.z, [[0.1, -0.5]], atol=1e-7)
    assert gradients.zmax == left_out.zmax == 0.5


def test_a_unit_is_drawn_as_far_as_each_sequence_goes():
    values = np.array([[0.1, 0.2, 0.3], [0.4, 0.5, 0.6]])
    figure = plot_unit(values, [["a", "b", "c"], ["<b>", "d"]], labels=["no", "yes"])
    (trace,) = figure.data
    assert_allclose(trace.z, [[0.1, 0.2, 0.3], [0.4, 0.5, np.nan]], atol=1e-7)
    assert list(trace.text[1]) == ["&lt;b&gt;", "d", ""]


def test_runs_have_a_colour_each_and_stay_on_the_axes():
    runs = [{"loss": np.array([1.0, 90.0])}, {"loss": np.array([0.9]), "val_loss": np.array([0.8])}]
    figure = plot_histories(runs, names=["one", "<two>"])
    named = [trace for trace in figure.data if trace.showlegend]
    assert [trace.name for trace in named] == ["one", "&lt;two&gt;"]
    assert named[0].line.color != named[1].line.color
    assert max(y for trace in figure.data for y in trace.y) <= figure.layout.yaxis.range[1]


def test_column_names_are_cut_only_where_a_phone_has_no_room():
    def columns(*classes):
        drawn = plot_watched_training(watched(classes=classes)).data
        texts = sum((t.text for t in drawn if t.type == "scatter" and t.mode == "text"), ())
        return texts[len(classes) : 2 * len(classes)]

    assert columns("blame", "praise") == ("blame", "praise")
    assert columns("other", "person", "place", "thing") == ("oth", "per", "pla", "thi")


def test_without_names_it_says_beside_the_counts_which_way_is_true():
    figure = plot_watched_training(watched(classes=tuple("abcdefghij")))
    (true,) = [note for note in figure.layout.annotations if note.text == "<b>true</b>"]
    assert true.textangle == -90
