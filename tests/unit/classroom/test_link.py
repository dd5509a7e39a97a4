import json
import zlib
from base64 import urlsafe_b64encode
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from seqviz.classroom.link import hash_of, read_link, write_link
from seqviz.classroom.plan import MAX_STEPS, MODES, Plan, Step
from seqviz.errors import SeqvizError

PINNED = json.loads((Path(__file__).parent / "links.json").read_text("utf-8"))

OF_THREE_PAGES = Plan(
    title="What does return_sequences change?",
    word="Answer before you look.",
    steps=(
        Step(
            page="recurrent",
            state={"text": "I am Groot", "units": "4"},
            rest="hidden",
            controls={"units": "free", "text": "shown"},
            questions=("units",),
        ),
        Step(
            page="outputs",
            state={"return_sequences": "true", "head": "TimeDistributed(Dense)"},
            rest="hidden",
            parts=("picture", "player", "question"),
        ),
        Step(page="stacks", state={"return_sequences_1": "false"}, rest="shown", questions=()),
    ),
)

names = st.text("abcdefghijklmnopqrstuvwxyz_0123456789", min_size=1, max_size=12)
steps = st.builds(
    Step,
    page=names,
    state=st.dictionaries(names, st.text(max_size=20), max_size=4),
    controls=st.dictionaries(names, st.sampled_from(MODES), max_size=4),
    rest=st.sampled_from(MODES),
    questions=st.none() | st.lists(names, max_size=3).map(tuple),
    parts=st.none() | st.lists(names, max_size=3).map(tuple),
)
plans = st.builds(
    Plan,
    steps=st.lists(steps, min_size=1, max_size=5).map(tuple),
    title=st.text(max_size=30),
    word=st.text(max_size=60),
)


def same(one, other):
    """Whether two lessons do the same: how controls are that are as the rest is said in two ways."""
    assert (one.title, one.word, len(one.steps)) == (other.title, other.word, len(other.steps))
    for a, b in zip(one.steps, other.steps, strict=True):
        assert (a.page, a.state, a.rest, a.questions, a.parts) == (
            *(b.page, b.state, b.rest, b.questions, b.parts),
        )
        assert {n: a.mode_of(n) for n in (*a.controls, *b.controls)} == {
            n: b.mode_of(n) for n in (*a.controls, *b.controls)
        }
    return True


@given(plans)
def test_a_link_says_the_lesson(plan):
    link = write_link(plan)
    opened = read_link(link)
    assert same(opened.plan, plan)
    assert opened.notices == ()
    assert set(link) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")
    assert write_link(opened.plan) == link
    assert hash_of(opened.plan) == hash_of(plan)


def test_three_pages_are_short_enough_for_a_poster():
    assert len(write_link(OF_THREE_PAGES)) <= 300


@pytest.mark.parametrize("link", PINNED, ids=lambda link: link[:12])
def test_links_of_before_say_what_they_said(link):
    assert json.loads(json.dumps(as_json(read_link(link).plan))) == PINNED[link]


def as_json(plan):
    return {
        "title": plan.title,
        "word": plan.word,
        "steps": [vars(step) for step in plan.steps],
    }


def packed(said, version="1"):
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = packer.compress(said if isinstance(said, bytes) else json.dumps(said).encode())
    return f"{version}.{urlsafe_b64encode(data + packer.flush()).decode().rstrip('=')}"


def test_what_a_newer_version_says_more_is_left_out_and_said():
    said = {"s": [{"l": "ids", "x": 1}], "theme": "dark"}
    opened = read_link(packed(said))
    assert [step.page for step in opened.plan.steps] == ["ids"]
    assert len(opened.notices) == 2
    assert "'theme'" in opened.notices[0] + opened.notices[1]


@pytest.mark.parametrize(
    "said",
    [
        {},
        [],
        None,
        {"s": []},
        {"s": "ids"},
        {"s": [{}]},
        {"s": [{"l": 3}]},
        {"s": [["ids"]]},
        {"s": [{"l": "ids", "s": {"a": 1}}]},
        {"s": [{"l": "ids", "c": {"a": "maybe"}}]},
        {"s": [{"l": "ids", "c": ["a"]}]},
        {"s": [{"l": "ids", "r": "x"}]},
        {"s": [{"l": "ids", "q": "all"}]},
        {"s": [{"l": "ids", "q": [1]}]},
        {"s": [{"l": "ids"}], "t": 1},
        {"s": [{"l": "ids"}], "t": "x" * 81},
        {"s": [{"l": "ids"}], "w": "x" * 401},
        {"s": [{"l": "i" * 41}]},
        {"s": [{"l": "ids"}] * (MAX_STEPS + 1)},
        {"s": [{"l": "ids", "q": [f"q{n}" for n in range(61)]}]},
        b"no JSON",
        b"\xff\xfe",
        b"[" * 100_000,
        b" " * 600_000,
    ],
    ids=range(24),
)
def test_what_is_no_lesson_is_refused_kindly(said):
    with pytest.raises(SeqvizError, match=r"link|lesson|page|possible"):
        read_link(packed(said))


@given(st.text(max_size=80))
def test_any_text_is_a_lesson_or_refused_kindly(text):
    for link in (text, f"1.{text}"):
        with suppress(SeqvizError):
            assert read_link(link).plan.steps


@given(plans, st.data())
def test_a_link_that_was_cut_off_is_refused(plan, data):
    link = write_link(plan)
    cut = link[: data.draw(st.integers(0, len(link) - 1))]
    try:
        opened = read_link(cut)
    except SeqvizError:
        return
    # Only bits that stand for nothing were lost.
    assert same(opened.plan, plan)


def test_another_version_says_who_can_read_it():
    with pytest.raises(SeqvizError, match="newer seqviz"):
        read_link(packed({"s": [{"l": "ids"}]}, "2"))
    with pytest.raises(SeqvizError, match="Copy the whole link"):
        read_link("1." + "A" * 70_000)


def test_too_much_for_a_link_is_said_when_it_is_written():
    long = {"text": "".join(chr(0x4E00 + n % 20_000) for n in range(20_000))}
    with pytest.raises(SeqvizError, match="Shorten"):
        write_link(Plan(steps=tuple(Step(page="ids", state=long) for _ in range(3))))
    with pytest.raises(SeqvizError, match="no page yet"):
        write_link(Plan(steps=()))


def test_what_a_control_may_do():
    step = OF_THREE_PAGES.steps[0]
    assert [step.mode_of(name) for name in ("units", "text", "seed")] == ["free", "shown", "hidden"]
    assert step.asks("units")
    assert not step.asks("return_sequences")
    assert OF_THREE_PAGES.steps[1].asks("anything")
