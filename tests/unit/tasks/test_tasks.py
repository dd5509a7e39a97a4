"""Tasks are balanced, their parts share no sample, and each asks for what it says it does."""

from collections import Counter
from dataclasses import FrozenInstanceError

import numpy as np
import pytest

from seqviz import SeqvizError, tasks
from seqviz.tasks import names, sentiment

EVERY = [
    *((name, {}) for name in tasks.NAMES),
    ("first word", {"timesteps": 5}),
    ("first word", {"timesteps": 60}),
    ("next character", {"timesteps": 60}),
    ("next character", {"timesteps": 5}),
    (
        "next character",
        {"text": "ab c" * 30 + "一二三，四五。" * 9 + "🙂 or 🙃? not a word of it, friend."},
    ),
    ("series", {"kind": "step"}),
    ("series", {"kind": "sum", "timesteps": 10}),
]
BY_NAME = pytest.mark.parametrize(("name", "options"), EVERY, ids=str)


@BY_NAME
@pytest.mark.parametrize("seed", [0, 7])
def test_no_sample_is_in_both_parts(name, options, seed):
    task = tasks.make(name, seed=seed, **options)
    train, held_out = (
        {row.tobytes() for row in part.inputs} for part in (task.train, task.held_out)
    )
    assert not train & held_out
    assert len(held_out) > 0.9 * len(task.held_out)  # which does not repeat itself either


@BY_NAME
def test_shapes_types_and_ranges(name, options):
    task = tasks.make(name, **options)
    for part in (task.train, task.held_out):
        n, timesteps = part.inputs.shape[:2]
        assert len(part) == n == len(part.targets) == len(part.texts)
        if task.features:
            assert (part.inputs.dtype, part.targets.dtype) == (np.float32, np.float32)
            assert np.abs(part.inputs).max() <= 1
            continue
        assert part.inputs.dtype == np.int32
        assert part.inputs.min() >= 0
        assert part.inputs.max() < len(task.words)
        ended = part.inputs == 0
        assert (ended[:, 1:] >= ended[:, :-1]).all()  # nothing comes after padding
        assert not ended[:, 0].any()
        if task.per_timestep:
            assert part.targets.shape == (n, timesteps)
        assert part.targets.max() < len(task.classes)
    assert task.held_out.inputs.shape[1] == task.train.inputs.shape[1]
    assert task.words[:2] == ("[PAD]", "[UNK]")[: len(task.words)]
    assert len(set(task.words)) == len(task.words)


@BY_NAME
def test_the_same_seed_the_same_samples_and_another_seed_others(name, options):
    one, two, other = (tasks.make(name, seed=seed, **options) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one.train.inputs, two.train.inputs)
    np.testing.assert_array_equal(one.held_out.targets, two.held_out.targets)
    assert one.train.inputs.tobytes() != other.train.inputs.tobytes()


@BY_NAME
def test_texts_are_read_as_the_samples_are(name, options):
    task = tasks.make(name, **options)
    # A space at either end is no text to type; names that are hidden cannot be typed at all.
    texts = [text for text in task.held_out.texts if text == text.strip()]
    assert texts
    for text in texts[:20]:
        probe = task.encode(text)
        row = task.held_out.inputs[task.held_out.texts.index(text)]
        timesteps = probe.inputs.shape[1]
        assert len(probe.tokens) == timesteps
        np.testing.assert_allclose(probe.inputs[0], row[:timesteps], atol=0.006)
        assert not row[timesteps:].any()


def test_losses_metrics_and_last_layers():
    found = {
        name: (task.loss, task.metric, task.outputs, task.activation)
        for name in tasks.NAMES
        for task in [tasks.make(name)]
    }
    assert found == {
        "sentiment": ("binary_crossentropy", "accuracy", 1, "sigmoid"),
        "names": ("sparse_categorical_crossentropy", "accuracy", 4, "softmax"),
        "first word": ("sparse_categorical_crossentropy", "accuracy", 4, "softmax"),
        "next character": ("sparse_categorical_crossentropy", "accuracy", 28, "softmax"),
        "series": ("mean_squared_error", "mean_absolute_error", 1, "linear"),
    }


@pytest.mark.parametrize("seed", range(3))
def test_sentiment_is_balanced_down_to_the_words(seed):
    task = tasks.make("sentiment", seed=seed)
    for part in (task.train, task.held_out):
        praise = part.targets[:, 0]
        assert praise.mean() == 0.5
        negated = {
            s.text
            for frame in sentiment._NEGATED
            for praise_ in (False, True)
            for s in sentiment.sentences(frame, praise_)
        }
        inside = np.array([text in negated for text in part.texts])
        assert inside.mean() == pytest.approx(1 / 3)
        assert praise[inside].mean() == 0.5
        # Neither “not” nor the frame it stands in says anything by itself.
        has_not = np.array(["not" in text.split() for text in part.texts])
        assert praise[has_not].mean() == 0.5
    adjectives = {*sentiment.GOOD, *sentiment.BAD, *sentiment.NEITHER}
    for word in {w for text in task.train.texts for w in text.split()} - adjectives:
        has = np.array([word in text.split() for text in task.train.texts])
        assert abs(task.train.targets[has].mean() - 0.5) < 0.15, word


def test_praise_is_a_good_word_or_a_bad_one_after_not():
    task = tasks.make("sentiment")
    by_text = dict(zip(task.train.texts, task.train.targets[:, 0].tolist(), strict=True))
    by_text |= dict(zip(task.held_out.texts, task.held_out.targets[:, 0].tolist(), strict=True))
    assert len(by_text) == 432
    assert by_text["the film was good"] == 1
    assert by_text["the film was not good"] == 0
    assert by_text["I do not think this book is boring"] == 1
    assert by_text["the song was not long but awful"] == 0


@pytest.mark.parametrize("seed", range(3))
def test_people_places_and_things_are_equally_many(seed):
    task = tasks.make("names", seed=seed)
    for part in (task.train, task.held_out):
        counts = Counter(part.targets[part.inputs != 0].tolist())
        assert counts[1] == counts[2] == counts[3]
        assert not part.targets[part.inputs == 0].any()
    assert (len(task.train), len(task.held_out)) == (300, 60)


def test_new_names_are_only_in_held_out_sentences_and_read_as_unknown():
    task = tasks.make("names")
    new = {name for some in names.NEW_NAMES.values() for name in some}
    learned = {word for text in task.train.texts for word in text.split()}
    assert not new & learned
    assert not new & set(task.words)
    has_new = [bool(new & set(text.split())) for text in task.held_out.texts]
    assert sum(has_new) == 30
    for text, row, unknown in zip(task.held_out.texts, task.held_out.inputs, has_new, strict=True):
        ends = [k for k, word in enumerate(text.split()) if word in new]
        assert np.flatnonzero(row == 1).tolist() == ends, text
        assert len(ends) == (2 if unknown else 0)


def test_the_probe_of_groot_is_new_in_every_way():
    task = tasks.make("names")
    probe = task.encode("I am Groot")
    assert probe.tokens == ("I", "am", "Groot")
    assert probe.inputs[0, 2] == 1
    assert "“Groot”" in probe.notices[0]
    for row in task.train.inputs:
        assert row[row > 0].tolist() != probe.inputs[0].tolist()


def test_each_word_comes_first_equally_often():
    task = tasks.make("first word", timesteps=60)
    for part in (task.train, task.held_out):
        assert np.unique(part.targets, return_counts=True)[1].tolist() == [len(part) // 4] * 4
        np.testing.assert_array_equal(part.inputs[:, 0] - 2, part.targets)
    lengths = (task.train.inputs != 0).sum(axis=1)
    assert {lengths.min(), lengths.max()} == {2, 60}
    assert (task.held_out.inputs != 0).all()


def test_the_next_character_is_the_next_one():
    task = tasks.make("next character", timesteps=8)
    for part in (task.train, task.held_out):
        np.testing.assert_array_equal(part.targets[:, :-1] + 1, part.inputs[:, 1:])
    assert (
        "".join(task.classes[t] for t in task.held_out.targets[0, :-1])
        == (task.held_out.texts[0][1:])
    )


def test_a_text_of_ones_own():
    text = "Öl und Bär, dann der Däne? " + "one fish, two fish, red fish. " * 2 + "and who is it? "
    task = tasks.make("next character", text=text, timesteps=6)
    assert {"ä", "Ö", "?", "D"} <= set(task.words)
    assert "d" in task.words  # another character than D
    assert task.encode("xä").inputs.tolist() == [[1, task.words.index("ä")]]
    many = np.random.default_rng(0).integers(0x4E00, 0x4F00, 30_000)
    long = tasks.make("next character", text="".join(map(chr, many)))
    assert len(long.words) == 102
    assert (len(long.train), len(long.held_out) > 100) == (500, True)
    assert "Only the first 20,000 of 30,000 characters" in long.notices[0]
    assert "100 most frequent" in long.notices[1]


def test_series_by_hand():
    sums = tasks.make("series", kind="sum").train
    np.testing.assert_allclose(sums.targets[:, 0], sums.inputs[:, :, 0].sum(axis=1), atol=1e-5)
    steps = tasks.make("series", kind="step", timesteps=24).train
    height = np.abs(steps.inputs[:, :, 0])
    np.testing.assert_allclose(height, height[:, :1].repeat(24, axis=1))
    np.testing.assert_allclose(np.abs(steps.targets), height[:, :1])
    assert {len(set(row)) for row in steps.inputs[:, :, 0].tolist()} == {2}
    # A sine obeys x[t + 1] = 2 cos(w) x[t] - x[t - 1], with the same w all along.
    wave = tasks.make("series", kind="wave").train
    x = np.concatenate([wave.inputs[:, :, 0], wave.targets], axis=1).astype(float)
    two_cos = ((x[:, 2:] + x[:, :-2]) * x[:, 1:-1]).sum(1) / (x[:, 1:-1] ** 2).sum(1)
    np.testing.assert_allclose(x[:, 2:] + x[:, :-2], two_cos[:, None] * x[:, 1:-1], atol=1e-5)
    assert (np.arccos(two_cos / 2) >= 2 * np.pi / 16 - 1e-6).all()


def test_what_is_typed_is_read_and_what_is_unknown_is_said():
    task = tasks.make("sentiment")
    probe = task.encode("The  FILM was zorky, not good!")
    assert probe.tokens == ("The", "FILM", "was", "zorky", "not", "good")
    assert (probe.inputs == 1).tolist() == [[False, False, False, True, False, False]]
    assert len(probe.notices) == 1
    assert "“zorky”" in probe.notices[0]
    assert probe.inputs.dtype == np.int32
    long = task.encode("good " * 300)
    assert long.inputs.shape == (1, 200)
    assert "first 200 of 300" in long.notices[0]
    numbers = tasks.make("series").encode("0.5, -1 −0.25;.5")
    assert numbers.inputs.ravel().tolist() == [0.5, -1, -0.25, 0.5]
    assert numbers.inputs.shape == (1, 4, 1)


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("sentiment", "", "There are no words"),
        ("sentiment", "?!", "Type for example: the film was not great"),
        ("series", " ", "There are no numbers"),
        ("series", "1 two 3", "“two” at place 2"),
        ("series", "1 nan", "“nan” at place 2"),
        ("series", "1 9e99", "at place 2"),
        ("names", 3, "Text must be a str"),
    ],
)
def test_what_cannot_be_read_is_said(name, text, says):
    with pytest.raises(SeqvizError, match=says):
        tasks.make(name).encode(text)


@pytest.mark.parametrize(
    ("name", "options", "says"),
    [
        ("sentimental", {}, "must be one of 'sentiment'.*from_csv"),
        (None, {}, "must be one of"),
        ("sentiment", {"timesteps": 3}, "given timesteps, but it has none but seed"),
        ("series", {"lenght": 3}, "its options are kind, timesteps"),
        ("series", {"kind": "square"}, "must be one of 'wave', 'step', 'sum'"),
        ("series", {"kind": ["wave"]}, "must be one of 'wave', 'step', 'sum'"),
        ("first word", {"timesteps": 4}, "timesteps is 4, but it must be from 5 to 60"),
        ("first word", {"timesteps": 5.5}, "must be a whole number"),
        ("next character", {"text": "short"}, "has 5 characters.*120 or more"),
        ("next character", {"text": "a" * 500}, "of which 1 differ"),
        ("next character", {"text": "ab" * 500}, "only repeats what was before"),
        ("sentiment", {"seed": -1}, "seed is -1"),
        ("sentiment", {"seed": "0"}, "seed must be a whole number"),
    ],
)
def test_what_cannot_be_made_is_said(name, options, says):
    with pytest.raises(SeqvizError, match=f"(?s){says}"):
        tasks.make(name, **options)


def test_a_task_is_what_it_was_made():
    task = tasks.make("sentiment")
    with pytest.raises(FrozenInstanceError):
        task.name = "other"
    assert len(repr(task).splitlines()) <= 12
    with pytest.raises(SeqvizError, match="reads numbers"):
        _ = tasks.make("series").vocabulary
