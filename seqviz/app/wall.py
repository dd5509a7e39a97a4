"""What the wall shows, live: the code, who is here, the counts of each question, and what leads the class."""

from collections.abc import Sequence
from html import escape
from typing import Final

import streamlit as st

from seqviz.app.catalogue import LESSON, LESSONS
from seqviz.app.links import link_to_state
from seqviz.classroom.link import read_link
from seqviz.classroom.plan import Plan, Step
from seqviz.classroom.room import DatabaseAwayError, NoRoomError, Tally, Wall
from seqviz.errors import SeqvizError
from seqviz.ui.classroom.addresses import address, qr
from seqviz.ui.classroom.given_lesson import ROOM, Given
from seqviz.ui.classroom.rooms_here import here
from seqviz.ui.markdown import literal, note
from seqviz.wording import counted

SECRET: Final = "secret"
_EVERY: Final = 1.0  # seconds
_TITLES: Final = {page.key: page.title for page in LESSONS}
_STYLE: Final = """
<style>
.seqviz-code { font-size: 3rem; font-weight: 700; letter-spacing: 0.15em; line-height: 1.2 }
.seqviz-bar { display: grid; grid-template-columns: minmax(6rem, 30%) 1fr 4rem; gap: 0.75rem;
  align-items: center; margin: 0.35rem 0; font-size: 1.25rem }
.seqviz-bar .bar { background: color-mix(in srgb, #1c83e1 25%, transparent); height: 1.6rem;
  border-radius: 0.25rem; overflow: hidden }
.seqviz-bar .bar div { background: #1c83e1; height: 100% }
.seqviz-bar.right .bar div { background: #158237 }
.seqviz-bar.right { font-weight: 700 }
</style>
"""


def show_wall() -> None:
    """Show the room of the secret in the address."""
    secret = st.query_params.get(SECRET, "")
    if not secret:
        st.markdown("A wall belongs to a room. Open one under **Make a lesson**.")
        return
    st.html(_STYLE)
    _live(secret)


@st.fragment(run_every=_EVERY)
def _live(secret: str) -> None:
    try:
        wall = here.rooms().wall(secret)
    except NoRoomError as error:
        st.info(literal(str(error)), icon=":material/meeting_room:")
        return
    except DatabaseAwayError:
        st.warning(
            "The database of the rooms does not answer now. Votes wait in the students' browsers; "
            "the wall goes on by itself.",
            icon=":material/cloud_off:",
        )
        return
    plan = _plan(wall)
    _how_to_join(wall)
    _lead(secret, wall, plan)
    _questions(secret, wall, plan.steps)
    _close(secret)


def _plan(wall: Wall) -> Plan:
    try:
        return read_link(wall.room.lesson).plan
    except SeqvizError:
        return Plan(steps=())


def _how_to_join(wall: Wall) -> None:
    room = wall.room
    words, picture = st.columns((3, 1), vertical_alignment="center")
    link = address(LESSON.key, {ROOM: f"{room.code}.{room.key}"})
    with words:
        st.html(
            f'<div class="seqviz-code" aria-label="Code of the room">'
            f"{room.code[:3]} {room.code[3:]}</div>"
        )
        st.markdown(
            f"Type the code on the start page, or scan. **{counted(wall.here, 'browser')}** here."
        )
        note(literal(link))
    code = qr(link)
    if code is not None:
        picture.image(code, width=180)


def _lead(secret: str, wall: Wall, plan: Plan) -> None:
    room, steps = wall.room, plan.steps
    at = min(room.step, max(len(steps) - 1, 0))
    titles = [_TITLES.get(step.page, step.page) for step in steps]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**Step {at + 1} of {len(steps)}: {titles[at] if titles else ''}**")
        for label, icon, to, together in (
            ("Back", "arrow_back", at - 1, True),
            ("Next", "arrow_forward", at + 1, True),
        ):
            st.button(
                label,
                icon=f":material/{icon}:",
                disabled=not 0 <= to < len(steps),
                on_click=_do,
                args=("go_to", secret, to),
                kwargs={"together": together},
            )
        together = room.together
        st.button(
            "Let everybody go at their own pace" if together else "Bring everybody here",
            icon=":material/directions_run:" if together else ":material/groups:",
            type="tertiary",
            on_click=_do,
            args=("go_to", secret, at),
            kwargs={"together": not together},
        )
    if steps and steps[at].page in _TITLES:
        lesson = Given(room.lesson, plan, (), at, "")
        page = next(page for page in LESSONS if page.key == steps[at].page)
        link_to_state(page, lesson.address(at), label="Show this step")
    note("Everyone is led to this step." if together else "Everybody is at their own pace.")


def _questions(secret: str, wall: Wall, steps: Sequence[Step]) -> None:
    at = wall.room.step
    mine = [one for one in wall.tallies if one.name.partition(".")[0] == str(at)]
    others = [one for one in wall.tallies if one not in mine]
    if not mine:
        st.markdown("Nobody has met a question of this step yet.")
    for one in mine:
        _tally(secret, one)
    if others:
        with st.expander(f"Questions of other steps ({len(others)})"):
            for one in others:
                step = int(one.name.partition(".")[0])
                title = _TITLES.get(steps[step].page, "") if step < len(steps) else ""
                note(f"Step {step + 1}: {title}")
                _tally(secret, one)


def _tally(secret: str, one: Tally) -> None:
    answered = sum(one.counts)
    with st.container(border=True):
        st.markdown(f"**{one.text}**")
        most = max(max(one.counts), 1)
        bars = "".join(
            f'<div class="seqviz-bar{" right" if one.revealed and option == one.answer else ""}">'
            f"<span>{'✓ ' if one.revealed and option == one.answer else ''}{escape(option)}</span>"
            f'<div class="bar"><div style="width: {100 * count / most:.0f}%"></div></div>'
            f"<span>{count}</span></div>"
            for option, count in zip(one.options, one.counts, strict=True)
        )
        st.html(bars)
        with st.container(horizontal=True, vertical_alignment="center"):
            note(f"{counted(answered, 'answer')}")
            if not one.revealed:
                st.button(
                    "Reveal",
                    key=f"wall_{one.name}",
                    icon=":material/visibility:",
                    on_click=_do,
                    args=("reveal", secret, one.name),
                )
            else:
                note("The class has seen the answer: votes are closed.")


def _close(secret: str) -> None:
    with st.popover("Close the room", icon=":material/delete:", type="tertiary"):
        st.markdown("All votes are deleted. Without it the room closes by itself after a day.")
        st.button("Close it now", type="primary", on_click=_do, args=("close", secret))


def _do(what: str, *arguments: object, **options: object) -> None:
    """Do something to the room; what cannot be done now is said by the wall itself."""
    try:
        getattr(here.rooms(), what)(*arguments, **options)
    except SeqvizError as error:
        st.toast(str(error), icon=":material/meeting_room:")
