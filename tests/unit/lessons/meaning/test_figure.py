"""The map of what rows come to mean, and who is near whom."""

import json
from itertools import combinations

import numpy as np
import pytest

from seqviz import SeqvizError
from seqviz.figures import plot_journey
from seqviz.lessons.meaning.cached import Job
from seqviz.lessons.meaning.compute import compute_journey, compute_neighbours, group_cosines
from seqviz.lessons.meaning.shown import show_journey
from seqviz.lessons.meaning.words import (
    alike,
    companion,
    joined_by_lines,
    journey_captions,
    journey_table,
    takeaway,
)
from seqviz.tasks.word_meaning import TASKS, WORDS, make_task
from seqviz.training.record import Training


def spec(figure):
    return json.loads(figure.to_json())


def written(figure, kind="text"):
    return [str(t) for trace in figure.data for t in (trace[kind] if trace[kind] else ())]


def training(moments=5, count=6, dim=4, seed=0):
    random = np.random.default_rng(seed)
    start, end = random.normal(size=(2, count + 2, dim))
    end[-1] = start[-1]
    weights = np.stack([start + (end - start) * k / (moments - 1) for k in range(moments)])
    weights[:, -1] = start[-1]
    losses = np.linspace(1, 0.1, moments)
    return Training(weights.astype(np.float32), np.arange(moments) * 4, losses)


NAMES = ("good", "great", "bad", "cat", "dog", "unseen")


def test_a_journey_keeps_one_map_and_the_distances_of_two_dimensions():
    data = compute_journey(training(dim=2), NAMES, first_row=2)
    assert data.path.shape == (5, 6, 2)
    # In two dimensions nothing is lost: the map only turns.
    for k, table in enumerate(training(dim=2).weights[:, 2:]):
        for i, j in combinations(range(6), 2):
            expected = np.linalg.norm(table[i] - table[j])
            assert np.linalg.norm(data.path[k, i] - data.path[k, j]) == pytest.approx(expected)
    assert data.moved.tolist() == [True] * 5 + [False]
    assert data.distances[-1] == 0
    assert (data.path[:, -1] == data.path[0, -1]).all()


def test_neighbours_before_and_after():
    weights = np.array([[[1, 0], [0, 1], [1, 0.1]], [[1, 0], [2, 0], [0, 1]]], np.float32)
    data = compute_journey(Training(weights, np.array([0, 9]), np.array([1, 0])), ["a", "b", "c"])
    before, after = (compute_neighbours(data, "a", moment, k=1) for moment in (0, 1))
    assert (before.words, after.words) == (("c",), ("b",))
    assert group_cosines(data, ["a", "b"]) == pytest.approx((0, 1))
    table = journey_table(data, k=1)
    assert table["nearest after"][0] == "b 1.00"
    assert journey_captions(data)[-1] == "After 9 epochs: loss 0.000."
    # Each says what is so at its own moment, not what comes of it.
    said = journey_captions(data, "a")
    assert [
        "Nearest to a by cosine (1: the same way): c 1.00, b 0.00." in said[0],
        "Nearest to a by cosine (1: the same way): b 1.00, c 0.00." in said[1],
    ] == [
        True,
        True,
    ]
    with pytest.raises(SeqvizError):
        group_cosines(data, ["a"])
    with pytest.raises(SeqvizError):
        compute_neighbours(data, "d", 0)


@pytest.mark.parametrize("words", [[], ["w"] * 9])
def test_a_journey_needs_a_row_for_each_word(words):
    with pytest.raises(SeqvizError, match="one word for each row"):
        compute_journey(training(), words)


def test_labels_never_cover_each_other():
    data = compute_journey(training(count=24), [f"word{i}" for i in range(24)], first_row=2)
    data = data._replace(path=data.path * [1, 0.05])  # nearly on one line
    height = 380
    for k in range(5):
        figure = plot_journey(data, step=k, controls=False, height=height)
        low, high = figure.layout.yaxis.range
        left, right = figure.layout.xaxis.range
        tall = height - 4 - 42
        boxes = []
        for shape in figure.layout.shapes:
            if not shape.label.text:
                continue
            y = (shape.yanchor - low) / (high - low) * tall + shape.y1
            x = (shape.xanchor - left) / (right - left) * 340 + shape.x1
            wide = 6.8 * len(shape.label.text)
            boxes.append((x if shape.label.xanchor == "left" else x - wide, y, wide))
        assert len(boxes) == 24
        for (x, y, wide), (x2, y2, wide2) in combinations(boxes, 2):
            assert abs(y - y2) > 12 or x + wide <= x2 or x2 + wide2 <= x


def test_a_journey_opens_where_asked_with_the_marked_word_in_bold():
    data = compute_journey(training(), NAMES, first_row=2)
    for k in range(5):
        figure = plot_journey(data, step=k, marked=["cat"], labels={"unseen": "never"})
        words = [s.label.text for s in figure.layout.shapes if s.label.text]
        assert words == ["good", "great", "bad", "<b>cat</b>", "dog", "never"]
        assert len(figure.frames) == 5
        points = [s for s in figure.layout.shapes if s.type == "circle"]
        np.testing.assert_allclose(
            [(p.xanchor, p.yanchor) for p in points], data.path[k], atol=1e-4
        )


def test_where_nothing_is_to_be_written_there_is_no_line_to_it():
    data = compute_journey(training(), NAMES, first_row=2)
    figure = plot_journey(data, labels={"dog": "", "bad": ""})
    words = [s.label.text for s in figure.layout.shapes if s.label.text]
    assert words == ["good", "great", "cat", "unseen"]
    lines = [s.line.width for s in figure.layout.shapes if s.label.textposition == "end"]
    assert lines == [1, 1, 0, 1, 0, 1]
    assert "dog, before training" in figure.data[0].hovertext


def test_lines_lead_to_the_nearest_of_each_moment():
    data = compute_journey(training(), NAMES, first_row=2)
    for k in range(5):
        figure = plot_journey(data, step=k, marked=["cat"])
        lines = [s for s in figure.layout.shapes if s.type == "line" and s.line.dash == "dot"]
        near = [NAMES.index(word) for word in compute_neighbours(data, "cat", k).words]
        np.testing.assert_allclose([(s.x1, s.y1) for s in lines], data.path[k, near], atol=1e-4)
        assert {(s.x0, s.y0) for s in lines} == {tuple(data.path[k, 3].round(4).tolist())}


def test_the_map_says_what_it_leaves_out():
    wide, flat = (
        plot_journey(compute_journey(training(dim=dim), NAMES, first_row=2)).layout.annotations[0]
        for dim in (4, 2)
    )
    assert "is in 2 other directions, not on this map" in wide.text
    assert "not on this map" not in flat.text


def test_the_same_journey_is_the_same_picture():
    data = compute_journey(training(), NAMES, first_row=2)
    assert plot_journey(data).to_json() == plot_journey(data).to_json()


def test_rows_in_one_spot_are_drawn():
    weights = np.ones((2, 3, 2), np.float32)
    data = compute_journey(Training(weights, np.array([0, 1]), np.zeros(2)), ["a", "b", "c"])
    low, high = plot_journey(data).layout.xaxis.range
    assert low < high


def test_a_line_joins_two_words_and_says_their_cosine_at_each_moment():
    data = compute_journey(training(), NAMES, first_row=2)
    for k, cosine in enumerate(group_cosines(data, ("cat", "dog")).tolist()):
        figure = plot_journey(data, step=k, joined=[("cat", "dog")])
        line, said = figure.layout.shapes[1:3]
        np.testing.assert_allclose(
            [(line.x0, line.y0), (line.x1, line.y1)], data.path[k, 3:5], atol=1e-4
        )
        written = f"cosine cat–dog {cosine:z.2f}, {alike(cosine)}".replace("-", "−")
        assert said.label.text == written
        assert said.xref != "paper"  # else Plotly would not write it anew at a step
        assert figure.frames[k].layout.shapes[2].label.text == written


def test_a_cosine_is_said_in_a_word():
    said = [alike(cosine) for cosine in (0.9, 0.5, 0.1, -0.29, -0.31, -0.96)]
    assert said == [
        "alike",
        "somewhat alike",
        "unrelated",
        "unrelated",
        "somewhat opposite",
        "opposite",
    ]


def test_several_pairs_have_a_line_each():
    data = compute_journey(training(), NAMES, first_row=2)
    pairs = [("good", "bad"), ("cat", "dog")]
    figure = plot_journey(data, joined=pairs)
    for line, pair in zip(figure.layout.shapes[1:3], pairs, strict=True):
        first = NAMES.index(pair[0])
        np.testing.assert_allclose((line.x0, line.y0), data.path[-1, first], atol=1e-4)
    cosines = [group_cosines(data, pair)[-1] for pair in pairs]
    good, cat = (f"{cosine:z.2f}, {alike(cosine)}".replace("-", "−") for cosine in cosines)
    said = figure.layout.shapes[3].label.text
    assert said == f"cosine good–bad {good}; cat–dog {cat}"
    assert plot_journey(data, joined=("cat", "dog")) == plot_journey(data, joined=pairs[1:])
    assert joined_by_lines("horse") == [("horse", "cat"), ("cat", "dog")]
    assert joined_by_lines("dog") == [("dog", "cat")]


def test_colours_are_explained_and_faint_words_are_small():
    data = compute_journey(training(), NAMES, first_row=2)
    figure = plot_journey(data, kinds={"praise": "#cc3311", "blame": "#0077bb"}, faint=["bad"])
    said = [note.text for note in figure.layout.annotations]
    assert '<span style="color:#cc3311">●</span> praise' in said
    assert '<span style="color:#0077bb">●</span> blame' in said
    sizes = {s.label.text: s.label.font.size for s in figure.layout.shapes if s.label.text}
    assert sizes["bad"] < sizes["good"]


def test_every_word_has_a_companion_and_what_is_said_of_words_is_computed():
    assert [companion(word) for word in ("good", "nasty", "cat", "dog", "zebra")] == [
        "awful", "good", "dog", "cat", "superb",
    ]  # fmt: skip
    data = compute_journey(training(count=len(WORDS)), WORDS, first_row=2)
    before, after = group_cosines(data, ("cat", "dog"))[[0, -1]]
    expected = f"was {before:z.2f} and is **{after:z.2f}**".replace("-", "−")
    assert expected in takeaway(data, "sentiment")
    assert all(takeaway(data, task) for task in TASKS)


def test_a_training_that_was_stopped_is_another_picture_than_one_that_was_not():
    # 40 epochs keep as many moments as 37, and what is shown at each differs.
    whole, stopped = training(moments=9), training(moments=9)
    stopped = stopped._replace(epochs=np.array([*whole.epochs[:-1], whole.epochs[-1] - 3]))
    job, task = Job("sentiment", 4, 32, 0), make_task("sentiment")
    of = [
        show_journey(job, task, "good", compute_journey(one, NAMES, first_row=2)).of
        for one in (whole, stopped)
    ]
    assert of[0] != of[1]
