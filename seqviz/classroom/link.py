"""A lesson as one parameter of an address: canonical JSON, deflated, in base64url, with a version.

``1.q1Y…``: the number before the point is the version of what follows. A link is in e-mails and on
posters for years: what version 1 means never changes (`tests/unit/classroom/links.json` pins it); a
new meaning gets a new number, and old ones are read as before.

Of version 1 the JSON is an object: ``s`` the steps, ``t`` the title, ``w`` the word to the class. A
step: ``l`` its page, ``s`` its state, ``c`` how single controls are, ``r`` how the rest is, ``q`` the
questions, ``p`` the parts. What is empty is left out.
"""

import binascii
import hashlib
import json
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple, TypeVar

from seqviz.classroom.plan import MODES, Mode, Plan, Step, check_plan
from seqviz.errors import SeqvizError

VERSION: Final = "1"
_LONGEST: Final = 60_000  # characters of a link; a lesson of long texts has some thousands
_UNPACKED: Final = 500_000  # bytes of its JSON

_Value = TypeVar("_Value")


class Opened(NamedTuple):
    """What a link says.

    Attributes:
        plan: The lesson.
        notices: What the link has that is not known here and was left out, in sentences.
    """

    plan: Plan
    notices: tuple[str, ...]


def write_link(plan: Plan) -> str:
    """The lesson as the value of a parameter: the same lesson always gives the same.

    Raises:
        SeqvizError: It is no lesson, or too large.
    """
    check_plan(plan)
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(_canonical(plan)) + packer.flush()
    link = f"{VERSION}.{urlsafe_b64encode(packed).decode().rstrip('=')}"
    if len(link) > _LONGEST:
        raise SeqvizError(
            f"The lesson's link would have {len(link):,} characters, but at most {_LONGEST:,} are "
            "possible. Shorten the texts."
        )
    return link


def read_link(link: str) -> Opened:
    """The lesson that a link says.

    Raises:
        SeqvizError: It is none, is cut off, or is of a version that is not known here.
    """
    version, point, packed = link.strip().partition(".")
    if not point or not version.isascii() or not version.isdigit():
        raise _broken("it does not begin with a version, as in “1.q1Y”")
    if version != VERSION:
        raise SeqvizError(
            f"The link is of version {version[:10]}, but this server knows version {VERSION} only. "
            "Ask whoever runs it for a newer seqviz."
        )
    if len(link) > _LONGEST:
        raise _broken(f"it has {len(link):,} characters, and at most {_LONGEST:,} are possible")
    return _plan_of(_unpacked(packed))


def hash_of(plan: Plan) -> str:
    """Eight characters that tell this lesson from others: on receipts.

    The first of the SHA-256 of its JSON; who wants to find another lesson of the same can.
    """
    return hashlib.sha256(_canonical(plan)).hexdigest()[:8]


def _canonical(plan: Plan) -> bytes:
    said = {"s": [_step_said(step) for step in plan.steps], "t": plan.title, "w": plan.word}
    return json.dumps(
        _without_empty(said), ensure_ascii=False, sort_keys=True, separators=(",", ":")
    ).encode(errors="replace")


def _step_said(step: Step) -> dict[str, Any]:
    said = {
        "l": step.page,
        "s": dict(step.state),
        "c": {name: mode[0] for name, mode in step.controls.items() if mode != step.rest},
        "r": "" if step.rest == "free" else step.rest[0],
    }
    # An empty list is not the same as none: no question at all is asked.
    lists = {"q": step.questions, "p": step.parts}
    return _without_empty(said) | {
        key: list(names) for key, names in lists.items() if names is not None
    }


def _without_empty(said: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in said.items() if value}


def _unpacked(packed: str) -> Any:
    try:
        data = urlsafe_b64decode(packed + "=" * (-len(packed) % 4))
        unpacker = zlib.decompressobj(-15)
        text = unpacker.decompress(data, _UNPACKED)
        if unpacker.unconsumed_tail or not unpacker.eof:
            raise _broken("its end is missing, or it is far too large")
        return json.loads(text)
    except (binascii.Error, zlib.error, ValueError, RecursionError) as error:
        if isinstance(error, SeqvizError):
            raise
        raise _broken("a part of it is missing or was changed") from error


def _plan_of(said: Any) -> Opened:
    unknown: list[str] = []
    top = _taken(said, "stw", "the lesson", unknown)
    steps = [_step_of(step, unknown) for step in _of_kind(top.get("s", []), list, "steps")]
    plan = Plan(
        steps=tuple(steps),
        title=_of_kind(top.get("t", ""), str, "title"),
        word=_of_kind(top.get("w", ""), str, "word to the class"),
    )
    check_plan(plan)
    return Opened(plan, tuple(dict.fromkeys(unknown)))


def _step_of(said: Any, unknown: list[str]) -> Step:
    step = _taken(said, "lscrqp", "a step", unknown)
    rest = _mode(step.get("r", "f"))
    return Step(
        page=_of_kind(step.get("l"), str, "page of a step"),
        state=_mapping(step.get("s", {}), "state", lambda value: _of_kind(value, str, "state")),
        controls=_mapping(step.get("c", {}), "controls", _mode),
        rest=rest,
        questions=_names(step.get("q"), "questions"),
        parts=_names(step.get("p"), "parts"),
    )


def _taken(said: Any, known: str, what: str, unknown: list[str]) -> Mapping[str, Any]:
    """What is known of an object; the rest is noticed."""
    whole = _of_kind(said, dict, what)
    unknown.extend(
        f"The link says something about {what} that this server does not know, and it was left "
        f"out ({key[:20]!r}). A newer seqviz would know it."
        for key in whole
        if key not in known or len(key) != 1
    )
    return {key: value for key, value in whole.items() if key in known}


def _mode(value: Any) -> Mode:
    for mode in MODES:
        if value == mode[0]:
            return mode
    raise _broken(f"{str(value)[:20]!r} is no way for a control to be")


def _mapping(value: Any, what: str, each: Callable[[Any], _Value]) -> Mapping[str, _Value]:
    return {name: each(one) for name, one in _of_kind(value, dict, what).items()}


def _names(value: Any, what: str) -> Sequence[str] | None:
    if value is None:
        return None
    return tuple(_of_kind(name, str, what) for name in _of_kind(value, list, what))


def _of_kind(value: Any, kind: type[_Value], what: str) -> _Value:
    if not isinstance(value, kind):
        raise _broken(f"its {what} is a {type(value).__name__}")
    return value


def _broken(why: str) -> SeqvizError:
    return SeqvizError(
        f"This is no link to a lesson: {why}. Copy the whole link again; mail programs sometimes "
        "cut long ones."
    )
