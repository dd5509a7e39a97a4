"""What the lesson about training says, in words and numbers."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np

from seqviz.lessons.training.words import (
    answer_text,
    how_it_answers,
    how_it_learns,
    really_shown,
    shares_text,
    training_captions,
    true_answer,
    what_answers_are,
    what_bands_are,
    what_came_of_it,
    what_can_be_typed,
    what_curves_are,
    what_is_learned,
    with_another,
    words_known,
)
from seqviz.tasks import make
from seqviz.training.task_settings import TaskSettings


def test_a_minus_is_a_minus():
    assert shares_text(-0.7861, 0.5) == (
        "the words' shares add up to **−0.786**; the prediction moved by **0.500**."
    )


def test_answers_are_explained_as_they_are_drawn():
    said = what_answers_are(SimpleNamespace(classes=("blame", "*praise*")), make("sentiment"), 2)
    assert r"how likely “\*praise\*” is" in said
    assert "whole sentences only, so it answers at the end. Hatched: no answer" in said
    assert said.endswith("All were padded to 8 timesteps; padding is not drawn.")
    tags = SimpleNamespace(classes=("a", "b", "c"))
    assert what_answers_are(tags, make("names"), 2).startswith("All were padded to 10 timesteps")
    number = SimpleNamespace(classes=())
    said = what_answers_are(number, make("series"), 1)
    assert said.startswith("The model was trained on whole")
    assert "Hatched" not in said  # there is but one answer


def test_what_is_reached_is_said_without_how_it_was_tried():
    assert with_another("sentiment").endswith("at least 95% were right with each that was tried.")


def test_a_caption_says_what_is_answered_without_the_word_that_turns_it():
    answers = np.array([[[0.9, 0.1]]])
    data = SimpleNamespace(
        epochs=np.array([0]), history={}, answers=answers, classes=("blame", "praise"),
        left_out=SimpleNamespace(timestep=0, answers=1 - answers),
    )  # fmt: skip
    assert training_captions(data, ["not"]) == [
        "Before training: praise 0.10, so “blame”; without “not” 0.90."
    ]
    (several,) = training_captions(data, ["not", "so", "not"])
    assert several.endswith("; without the first “not” 0.90.")
    data.left_out.answers = answers * np.nan
    assert training_captions(data, ["not"]) == ["Before training: praise 0.10, so “blame”."]
    data.left_out = None
    assert training_captions(data, ["not"], true=1) == [
        "Before training: praise 0.10, so “blame” (wrong)."
    ]
    assert training_captions(data, ["not"], true=0) == [
        "Before training: praise 0.10, so “blame” (right)."
    ]


def test_the_right_answer_is_known_of_samples_only():
    task = make("sentiment")
    for samples in (task.train, task.held_out):
        for text, target in list(zip(samples.texts, samples.targets[:, 0], strict=True))[:5]:
            assert true_answer(task, task.encode(text)) == target
    assert true_answer(task, task.encode("the song")) is None
    names = make("names")
    assert true_answer(names, names.encode(names.held_out.texts[0])) is None


def test_an_answer_near_a_half_is_none_yet():
    def said(p):
        answers = np.array([[[1 - p, p]]])
        return answer_text(SimpleNamespace(answers=answers, classes=("blame", "praise")), 0)

    assert said(0.51) == "praise 0.51, hardly above 0.5"
    assert said(0.49) == "praise 0.49, hardly below 0.5"
    assert said(0.7) == "praise 0.70, so “praise”"
    assert said(0.01) == "praise 0.01, so “blame”"


def test_loss_and_metric_are_explained():
    def said(classes, confusion=None):
        return what_curves_are(SimpleNamespace(classes=classes, confusion=confusion))

    assert "0.69" in said(("a", "b"))
    assert "0.69" not in said(("a", "b", "c"))
    assert "square" in said(())
    assert "table" not in said(())
    assert "The **table** counts these" in said(("a", "b"), np.eye(2))


def test_the_question_is_answered_before_and_after_the_training():
    task = make("sentiment")
    answers = np.array([[[0.5, 0.5]], [[0.9, 0.1]]])
    data = SimpleNamespace(
        epochs=np.array([0, 20]), history={}, answers=answers, classes=task.classes,
        left_out=SimpleNamespace(timestep=0, answers=1 - answers),
    )  # fmt: skip
    probe = task.encode(task.probe)
    assert what_came_of_it(data, task, probe) == (
        "**Is this sentence praise?** The answer is a number from 0 (blame) to 1 (praise): above 0.5 counts as "
        "praise. Before training: praise 0.50, hardly below 0.5. After 20 epochs: praise 0.10, so “blame” (right). Leave “the” out, "
        "and it says 0.90: here that word turns it."
    )
    data.left_out.answers = answers
    assert what_came_of_it(data, task, probe).endswith(" Leave “the” out, and it says 0.10.")
    twice = task.encode("the film and the plot")
    assert "Leave the first “the” out" in what_came_of_it(data, task, twice)
    data.left_out.answers = answers * np.nan
    assert "Leave" not in what_came_of_it(data, task, probe)
    data.epochs = np.array([0])
    assert "After" not in what_came_of_it(data, task, probe)


def test_where_each_word_is_answered_it_is_said_of_which_the_answer_is():
    task = make("names")
    answers = np.array([[[0.7, 0.1, 0.1, 0.1]], [[0.1, 0.1, 0.1, 0.7]]])
    data = SimpleNamespace(
        epochs=np.array([0, 20]), history={"loss": np.full(20, 0.5)}, answers=answers,
        classes=task.classes, left_out=None,
    )  # fmt: skip
    said = what_came_of_it(data, task, task.encode("I am Groot"))
    assert "Of the last word, “Groot”, before training: “" in said
    letters = make("next character")
    said = what_came_of_it(data, letters, letters.encode("ab"))
    assert "Of the last character, “b”, before training: “" in said
    before, after = training_captions(data, ["I", "am", "Groot"], per_timestep=True)
    assert before.startswith("Before training, “Groot”: “")
    assert after.startswith("After 20 epochs, training loss 0.500. “Groot”: “")


def test_a_question_made_of_a_files_heading_is_no_markup():
    task = replace(make("sentiment"), question="Which *a* [b] is it?")
    data = SimpleNamespace(
        epochs=np.array([0]), answers=np.array([[[0.5, 0.5]]]), classes=task.classes, left_out=None
    )
    said = what_came_of_it(data, task, task.encode(task.probe))
    assert said.startswith(r"**Which \*a\* \[b\] is it?**")


def made_of(classes, answer, left_out=None, state=0.1):
    """A training whose answers and states are the same before and after it."""
    layer = SimpleNamespace(hidden_states=np.full((2, 1, 4), state), cell_states=None)
    answers = np.array([[answer], [answer]])
    return SimpleNamespace(
        classes=classes, left_out=left_out, layer=layer, answers=answers, epochs=np.array([0, 20])
    )


def test_it_is_said_of_what_the_framed_answer_is_made():
    def said(*data, tokens=("*not*",), terms=True, **more):
        return how_it_answers(made_of(*data, **more), tokens, terms=terms)

    number = said((), [0.05])
    assert (
        "of its own: **h × w**. These and a bias add up to the answer. In **h × w** red" in number
    )
    assert "red raises it and blue lowers it." in number
    assert number.endswith(
        "Before training **h** is near 0 and the bias 0, so the answer is near 0."
    )
    random = "Before training the weights are random, and so is the answer."
    assert said((), [0.3]).endswith(random)
    two = said(
        ("a*", "b"), [0.5, 0.5], SimpleNamespace(timestep=0, answers=np.array([[[0.1, 0.9]]]))
    )
    assert r"red speaks for b and blue for a\*." in two
    assert two.endswith("and the bias 0, so the answer is near sigmoid(0) = 0.5.")
    assert said(("a", "b"), [0.5, 0.5], state=-0.7).endswith(random)
    assert said(("a", "b"), [0.3, 0.7]).endswith(random)
    assert r"the same without “\*not\*”: another **h**, and so another answer." in two
    alike = SimpleNamespace(timestep=0, answers=np.array([[[0.5, 0.5]]]))
    assert r"the first “\*not\*”: another **h**." in said(
        ("a", "b"), [0.5, 0.5], alike, tokens=("*not*", "*not*")
    )
    three = said(("a", "b", "c"), [0.3, 0.3, 0.4], terms=False)
    assert "softmax" in three
    assert "each class is about as probable as the next" in three
    assert "On the right" not in three
    assert "h × w" not in three
    assert "are signs, no votes: those weights are not drawn." in three
    assert "**c**" not in three


def test_it_is_said_after_what_the_weights_are_moved():
    def said(data, task="sentiment"):
        settings = TaskSettings(batch_size=1024, optimizer="SGD")
        return how_it_learns(data, make(task), ("not", "bad"), settings)

    number = said(made_of((), [0.05]))
    assert "after each batch of 324 sentences the optimizer (SGD) moves all weights" in number
    assert number.endswith("and with them the answer.")
    assert "sequences the optimizer" in said(made_of((), [0.05]), "series")


def test_it_is_said_until_when_a_word_that_turns_the_answer_made_little_difference():
    def said(answers, without):
        answers, without = (np.array([[[1 - p, p]] for p in of]) for of in (answers, without))
        data = made_of(("a", "b"), [0, 0], SimpleNamespace(timestep=0, answers=without))
        data.answers, data.epochs = answers, np.array([0, 3, 5, 20])
        return how_it_learns(data, make("sentiment"), ("not", "bad"), TaskSettings())

    turned = said((0.5, 0.7, 0.4, 0.1), (0.5, 0.72, 0.8, 0.9))
    assert turned.endswith(
        " After 3 epochs “not” made little difference yet: 0.70 with it, 0.72 without."
    )
    # They meet again: they had parted all the same.
    assert said((0.5, 0.1, 0.8, 0.1), (0.5, 0.72, 0.8, 0.9)).endswith("with them the answer.")
    assert said((0.5, 0.7, 0.4, 0.5), (0.5, 0.72, 0.8, 0.9)).endswith("with them the answer.")
    assert said((0.5, 0.7, 0.4, 0.5), (0.5, 0.72, 0.8, np.nan)).endswith("with them the answer.")


def test_the_words_that_the_model_knows_are_said():
    assert "knows 28 words" in what_can_be_typed(make("sentiment"))
    said = words_known(make("sentiment"))
    assert "knows 28 words" in said
    assert ": not, a, lovely, " in said
    assert said.endswith("its Embedding has 30 rows.")


def test_what_cannot_be_shown_is_states():
    data = SimpleNamespace(layer=SimpleNamespace(gates={}), words=())
    assert [really_shown(show, data) for show in ("states", "gates", "rows")] == ["states"] * 3
    data = SimpleNamespace(layer=SimpleNamespace(gates={"input": 0}), words=("a",))
    shown = ("states", "gates", "rows")
    assert tuple(really_shown(show, data) for show in shown) == shown


def test_rows_of_the_picture_are_explained_as_they_are_drawn():
    layer = SimpleNamespace(hidden_states=np.zeros((2, 3, 16)), cell_states=None)
    data = SimpleNamespace(layer=layer, classes=("a", "b"))
    said = what_bands_are(data, difference=False)
    assert "its value after each timestep" in said
    assert "**c**" not in said
    layer.cell_states = layer.hidden_states
    said = what_bands_are(data, difference=True)
    assert "how far its value is from before training, after each timestep" in said
    assert "**c**" in said


def test_it_is_said_from_what_is_learned_and_whether_the_watched_one_is_among_it():
    task = make("sentiment")
    said = what_is_learned(task, task.encode(task.probe))
    answer = task.classes[int(task.train.targets[0, 0])]
    assert (
        f"324 sentences, such as “{task.train.texts[0]}”: {answer}. It never saw this one" in said
    )
    assert said.endswith("which is among 108 **held out**: sentences that only test it.")
    known = task.train.texts[5]
    assert ", and from this one. There are 108" in what_is_learned(task, task.encode(known))
    tested = task.held_out.texts[2]
    assert "It never saw this one" in what_is_learned(task, task.encode(tested))
    neither = what_is_learned(task, task.encode(" ".join([known] * 9)))
    assert "this one" not in neither
    assert "There are 108 **held out**" in neither
    series = make("series")
    said = what_is_learned(series, series.encode(series.probe))
    assert "such as" not in said
    assert "sequences that only test it" in said
