"""The page that trains a task and shows what learning does."""

import io
import json
import random
import re
from base64 import b64decode

import numpy as np
import pytest

from seqviz.lessons.training import cached, with_keras
from seqviz.lessons.training.examples import EXAMPLES
from seqviz.ui.server.trainings import Trainings
from tests.app.conftest import choose, texts
from tests.app.contract import Contract

PAGE = "training"
CONTRACTS = (
    Contract(
        defaults={
            "task": "sentiment",
            "probe": "",
            "show": "states",
            "difference": False,
            "cell": "LSTM",
            "units": 16,
            "learning_rate": 0.01,
            "epochs": 20,
            "against": "nothing",
            "embedding_dim": 8,
            "layers": 1,
            "optimizer": "Adam",
            "batch_size": 32,
            "clipping": 1.0,
            "dropout": 0.0,
            "seed": 0,
            "timesteps": 20,
            "kind": "wave",
        },
        frames=14,
        questions={
            "before": "near 0.5: neither",
            "first_word": "the LSTM",
            "disagree": "neither: they were asked different things",
        },
        unveiled={"first_word": "it opens with another task and one cell"},
        smallest=({"units": "1", "embedding_dim": "1", "epochs": "1", "batch_size": "128"}, 2),
        refused=None,
        examples=len(EXAMPLES),
        has_model=True,
    ),
)


def frames(at):
    return json.loads(at.get("plotly_chart")[0].proto.spec)["frames"]


def epoch_shown(at):
    """Where the line over the curves stands."""
    return json.loads(at.get("plotly_chart")[0].proto.spec)["layout"]["shapes"][1]["x0"]


def warnings(at):
    return "\n".join(warning.value for warning in at.warning)


def test_a_negation_is_learned_and_the_words_that_did_it_are_named(open_page):
    at = open_page(PAGE, ask="none", shares=True)
    said = texts(at).replace("−", "-")
    assert "The model learned from 324 sentences" in said
    assert "It never saw this one, which is among 108 **held out**" in said
    assert "Of answers, the darker grey the likelier" in said
    (before, *_, after) = [frame["data"][1]["z"] for frame in frames(at)]
    praise = [np.frombuffer(b64decode(z["bdata"]), "f4").reshape(2, 9) for z in (before, after)]
    before, (first, now) = (answers[:, [4, 7]] for answers in praise)
    assert np.abs(before - 0.5).max() < 0.1
    assert (first == before[0]).all()
    assert now[0] < 0.05  # not great
    assert now[1] > 0.95  # great
    # Shares of integrated gradients add up to what the prediction moved.
    gradients = said.split("the words' shares add up to **")[1].split("**; the prediction")[0]
    moved = said.split("the prediction moved by **")[1].split("**")[0]
    assert abs(float(gradients) - float(moved)) < 0.005
    assert (
        "They disagree most about **great**" in said or "They disagree most about **not**" in said
    )


def test_of_each_word_that_is_answered_it_is_asked_who_moved_it_and_a_unit_that_tells(open_page):
    at = open_page(PAGE, ask="none", task="names", epochs=1, shares=True, best_unit=True)
    assert not at.exception
    (asked,) = (box for box in at.selectbox if "_asked_word_" in box.key)
    assert asked.value == 2
    assert "for **Groot** is" in texts(at)
    asked.set_value(0).run()
    assert not at.exception
    assert "for **I** is" in texts(at)
    assert re.search(r"\*\*unit \d+\*\* tells \*\*\w+\*\* from everything else best", texts(at))


def test_a_sentence_of_ones_own_is_watched_without_training_again(open_page, monkeypatch):
    at = open_page(PAGE, ask="none")
    monkeypatch.setattr(cached, "start", lambda *_: pytest.fail("trained again"))
    at.text_input(key=f"{PAGE}_probe").set_value("a lovely song").run()
    assert not at.exception
    assert "a lovely song" in at.get("plotly_chart")[0].proto.alt
    at.text_input(key=f"{PAGE}_probe").set_value("a Groot song").run()
    assert "The model has never read “Groot”" in texts(at)
    at.text_input(key=f"{PAGE}_probe").set_value("?!").run()
    assert "There are no words" in warnings(at)
    assert frames(at)


def test_the_column_without_a_word_is_among_the_arrays_that_are_taken_home(open_page, offered):
    def taken_home(**parameters):
        at = open_page(PAGE, ask="none", epochs=1, **parameters)
        at.session_state[f"{PAGE}_take_home"] = True
        at.run()
        assert not at.exception
        return np.load(io.BytesIO(offered[f"seqviz_{PAGE}.npz"]()))

    with taken_home() as arrays:
        read, others = (len(arrays[name][0]) for name in ("answers", "answers_without"))
        assert (read, others) == (5, 4)  # the film was (not) great
        for name in ("hidden_states", "cell_states", "gate_forget"):
            assert arrays[f"{name}_without"].shape[1] == others
            # What comes before the word is the same with it and without it.
            np.testing.assert_allclose(
                arrays[f"{name}_without"][:, :3], arrays[name][:, :3], atol=1e-6
            )
    with taken_home(probe="a lovely song") as arrays:
        assert not [name for name in arrays if name.endswith("_without")]


@pytest.mark.parametrize("task", ["sentiment", "series"])
def test_the_script_makes_the_answers_and_the_weights_behind_them(open_page, offered, task):
    at = open_page(PAGE, ask="none", epochs=1, task=task)
    at.session_state[f"{PAGE}_take_home"] = True
    at.run()
    assert not at.exception
    made = {}
    exec(compile(offered[f"seqviz_{PAGE}.py"](), PAGE, "exec"), made)
    with np.load(io.BytesIO(offered[f"seqviz_{PAGE}.npz"]())) as arrays:
        last = {name: array[-1] for name, array in arrays.items()}
    for name in ("head_weights", "head_bias"):
        np.testing.assert_allclose(np.squeeze(made[name]), last[name], atol=1e-6)
    np.testing.assert_allclose(np.array(made["answers"])[:, -1], last["answers"][:, -1], atol=1e-5)
    assert ("without" in made) == ("answers_without" in last) == (task == "sentiment")
    if "without" in made:
        others = last["answers_without"][:, -1]
        np.testing.assert_allclose(np.array(made["without"])[:, -1], others, atol=1e-5)


def test_the_first_axis_of_shapes_is_called_what_is_learned(open_page):
    assert ":gray[**sentences**]" in texts(open_page(PAGE, ask="none", epochs=1))
    at = open_page(PAGE, ask="none", epochs=1, task="first word")
    assert ":gray[**sequences**]" in texts(at)
    assert ":gray[**batch**]" in texts(open_page("compare", ask="none"))


def test_an_lstm_remembers_the_first_of_forty_words_and_a_simple_rnn_does_not(open_page):
    at = open_page(PAGE, ask="none")
    choose(at, PAGE, "SimpleRNN against LSTM")
    assert not at.exception
    runs = [line for line in texts(at).splitlines() if line.startswith("- **first word")]
    right = {
        cell: int(run.split("% of held")[0].split()[-1])
        for run in runs
        for cell in ("LSTM", "SimpleRNN")
        if cell in run
    }
    assert right["LSTM"] >= 95
    assert right["SimpleRNN"] <= 85
    assert "SimpleRNN" in at.get("plotly_chart")[-1].proto.spec


@pytest.mark.parametrize(
    ("example", "said", "control"),
    [
        ("exploding gradient", "The loss jumped to", "clipping"),
        ("loss: no number", "The loss is no number from epoch", "clipping"),
        ("a class is never answered", "is never answered", "epochs"),
        ("learning rate too small", "the loss went only from", "learning_rate"),
        ("overfitting", "learns these samples by heart", "dropout"),
    ],
)
def test_what_goes_wrong_is_named_with_the_control_that_helps(open_page, example, said, control):
    at = open_page(PAGE, ask="none")
    assert not at.warning
    choose(at, PAGE, example)
    assert not at.exception
    assert said in warnings(at)
    assert f"**{control}**" in warnings(at)
    if "gradient" in example:
        assert "The gradient's length was" in warnings(at)


def test_clipping_mends_what_exploded(open_page):
    at = open_page(PAGE, ask="none")
    choose(at, PAGE, "… clipped")
    assert not at.exception
    assert not at.warning


def test_any_task_is_compared_with_another_cell_by_one_click(open_page):
    at = open_page(PAGE, ask="none", epochs=1)
    # Alone it stands in the main picture already.
    assert len(at.get("plotly_chart")) == 1
    at.button(key=f"{PAGE}_other_cell").click().run()
    assert not at.exception
    assert len(at.get("plotly_chart")) == 2
    assert at.selectbox(key=f"{PAGE}_against").value == "SimpleRNN"
    runs = [line for line in texts(at).splitlines() if line.startswith("- **sentiment")]
    assert len(runs) == 2
    assert not [button for button in at.button if button.key == f"{PAGE}_other_cell"]


def test_the_first_question_shows_what_was_answered_before_training(open_page):
    at = open_page(PAGE, answer="before", epochs=1)
    assert epoch_shown(at) == 1
    for _ in range(2):
        at.button(key=f"{PAGE}_before_show").click().run()
        assert at.query_params[f"{PAGE}_step"] in ("0", ["0"])
        assert epoch_shown(at) == 0


def test_beside_the_seed_it_is_said_what_others_reach(open_page):
    at = open_page(PAGE, ask="none", epochs=1)
    seed = at.number_input(key=f"{PAGE}_seed")
    assert seed.help.endswith("at least 95% were right with each that was tried.")


def test_runs_stay_are_named_and_deleted(open_page):
    at = open_page(PAGE, ask="none", epochs=1)
    at.number_input(key=f"{PAGE}_epochs").set_value(2.0).run()
    at.session_state[f"{PAGE}_manage"] = True
    at.run()
    names = [box for box in at.text_input if "_name_" in box.key]
    assert len(names) == 2
    names[1].set_value("the short one").run()
    (others,) = [group for group in at.button_group if "_compared_" in group.key]
    assert others.options == ["the short one"]
    next(b for b in at.button if b.key.endswith("_delete") and not b.disabled).click().run()
    assert not at.exception
    assert not [group for group in at.button_group if "_compared_" in group.key]


def test_a_long_training_waits_for_a_click_and_the_model_is_shown_untrained(open_page, monkeypatch):
    started = []
    monkeypatch.setattr(cached, "start", lambda *_: started.append(1))
    at = open_page(PAGE, ask="none", epochs=100, task="first word", timesteps=60)
    assert not at.exception
    assert not started
    assert len(frames(at)) == 1
    assert "Nothing is learned yet" in texts(at)


def test_what_fails_in_keras_is_said_and_the_page_goes_on(open_page, monkeypatch):
    def fail(*_):
        raise RuntimeError("out of memory")

    pool = Trainings()
    monkeypatch.setattr(cached, "start", pool.start)
    monkeypatch.setattr(with_keras, "learn", fail)
    at = open_page(PAGE, ask="none")
    assert not at.exception
    assert "The training broke off: out of memory" in at.error[0].value
    assert len(frames(at)) == 1
    assert any(button.label == "Train again" for button in at.button)


def test_a_stopped_training_keeps_what_was_learned(open_page, monkeypatch):
    learn = with_keras.learn

    def stop_soon(task, settings, control):
        class Soon:
            asked = 0

            def go_on(self, so_far=None):
                self.asked += 1
                return self.asked < 8

            def report(self, progress):
                control.report(progress)

        return learn(task, settings, Soon())

    pool = Trainings()
    monkeypatch.setattr(cached, "start", pool.start)
    monkeypatch.setattr(with_keras, "learn", stop_soon)
    at = open_page(PAGE, ask="none")
    assert not at.exception
    assert 1 < len(frames(at)) < 8


ROWS = "text,label\n" + "".join(
    f"{start} {noun} is {word},{label}\n"
    for start in ("the", "my", "this", "her")
    for noun in ("cat", "dog", "soup", "song")
    for word, label in (("good", "praise"), ("bad", "blame"))
)


def with_file(at, name, content):
    box = at.file_uploader[0]
    return box.set_value([(name, content.encode(), "text/csv")]).run()


@pytest.fixture
def own(open_page):
    return open_page(PAGE, ask="none", task="your CSV", epochs=2)


def test_a_table_of_ones_own_is_trained_on(own):
    assert not own.exception
    assert "Until there is a file" in own.info[0].value
    at = with_file(own, "mine.csv", ROWS)
    assert not at.exception
    assert not at.error
    assert "In use: mine.csv" in texts(at)
    assert "blame" in at.get("plotly_chart")[0].proto.spec
    assert "The model learned from " in texts(at)
    assert len(frames(at)) == 3  # before, and after each of two epochs


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("empty.csv", "", "empty"),
        ("head.csv", "text,label\n", "row"),
        ("one.csv", "text,label\na b,x\nc d,x\n", "class"),
        ("blank.csv", "text,label\n,x\n,y\n", "text"),
        ("numbers.csv", "text,label\n" + "".join(f"a b,{n / 7}\n" for n in range(40)), "number"),
        ("short.csv", "text,label\na b\nc d,y\n", "Row 2 has 1 column"),
        ("mine.xlsx.txt", "PK\x03\x04\x00\x00", "mine.xlsx.txt"),
        ("quote.csv", 'text,label\n"a b,x\n', "quote.csv"),
    ],
)
def test_a_table_that_cannot_be_read_is_named_and_nothing_is_lost(own, name, content, said):
    at = with_file(own, "mine.csv", ROWS)
    before = at.get("plotly_chart")[0].proto.spec
    at = with_file(at, name, content)
    assert not at.exception
    assert said in at.error[0].value
    assert "Nothing that was trained is lost" in at.error[0].value
    assert at.get("plotly_chart")[0].proto.spec == before
    assert "In use: mine.csv" in texts(at)


def test_another_delimiter_is_found(own):
    at = with_file(own, "mine.csv", ROWS.replace(",", ";"))
    assert not at.error
    assert "In use: mine.csv" in texts(at)


def test_a_text_of_ones_own_is_learned(open_page):
    at = open_page(PAGE, ask="none", task="next character", epochs=1, timesteps=10)
    at.text_area(key=f"{PAGE}_own_text").set_value(
        "".join(random.Random(0).choices("abc ", k=400))
    ).run()
    assert not at.exception
    assert not at.error
    before = at.get("plotly_chart")[0].proto.spec
    at.text_area(key=f"{PAGE}_own_text").set_value("too short").run()
    assert not at.exception
    assert "Give a longer text" in at.error[0].value
    assert at.get("plotly_chart")[0].proto.spec != before


def test_two_layers_are_watched_one_at_a_time(open_page):
    at = open_page(PAGE, ask="none", layers=2, epochs=1)
    assert not at.exception
    assert len(frames(at)) == 2
    assert any("layer" in box.key for box in (*at.selectbox, *at.get("button_group")) if box.key)
