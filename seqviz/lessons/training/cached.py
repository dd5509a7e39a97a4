"""Trainings that many may ask for, watched while they run, and what is looked up in their result."""

from __future__ import annotations

from functools import partial
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import streamlit as st

from seqviz.array_types import Ints
from seqviz.errors import SeqvizError
from seqviz.lessons.training.best_unit import BestUnit, find_best_unit
from seqviz.lessons.training.compute import WatchedTraining, compute_watched_training
from seqviz.lessons.training.live import live_curves, live_text
from seqviz.lessons.training.setup import Setup, is_short
from seqviz.segmentation import label
from seqviz.tasks import Probe, Task, make
from seqviz.training.control import Progress
from seqviz.ui.markdown import literal
from seqviz.ui.server.cache import kept
from seqviz.ui.server.run import Run
from seqviz.ui.server.trainings import start
from seqviz.ui.training import place_text, stop, wait_for
from seqviz.watching.record import TrainingTrace
from seqviz.wording import counted

if TYPE_CHECKING:
    from seqviz.lessons.training.with_keras import Judged, Learned, Shares

_ON_MAP: Final = 24  # words


def _keras() -> ModuleType:
    """What runs Keras, imported when the page has said whether there is one."""
    from seqviz.lessons.training import with_keras

    return with_keras


class Trained(NamedTuple):
    """What came of a training: all of it, or what was learned until it was stopped.

    Attributes:
        setup: What was asked for.
        learned: What came of it.
        state: ``"done"``, ``"stopped"``, or ``"untrained"`` where nobody has begun it.
    """

    setup: Setup
    learned: Learned
    state: str

    def __repr__(self) -> str:
        # By this results are told apart; how far it came says the rest, since equal settings learn
        # the same.
        return f"Trained({self.setup!r}, {self.learned.done}, {self.state!r})"


@kept(16)
def made(task: str, options: tuple[tuple[str, Any], ...]) -> Task:
    """A task of the house.

    Raises:
        SeqvizError: Its options are none.
    """
    return make(task, **dict(options))


def trained(page: str, setup: Setup, task: Task, *, which: str = "run") -> Trained:
    """The training of a setup: done before, or now, with all that can be seen of it meanwhile.

    It runs beside the page, in the pool of all sessions, and goes on if the page begins again. What
    takes longer than some seconds begins when a button says so. A click on anything ends this
    script where it waits, not the training.

    Args:
        page: Prefix of keys.
        setup: What to train.
        task: Of the setup.
        which: Tells several trainings of one page apart.
    """
    memory = f"_{page}_{which}"
    run: Run | None = st.session_state.get(memory)
    if run is not None and (run.key != (page, setup) or run.is_lost):
        run.leave()
        run = None
    if run is None:
        asked = st.session_state.get(f"{memory}_pressed") == setup
        if not asked and not is_short(task, setup.settings):
            _offer(page, setup, memory)
            return Trained(setup, _untrained(setup, task), "untrained")
        try:
            run = start((page, setup), partial(_keras().learn, task, setup.settings))
        except SeqvizError as error:
            st.warning(literal(str(error)), icon=":material/hourglass_top:")
            return Trained(setup, _untrained(setup, task), "untrained")
        st.session_state[memory] = run
    if not run.has_ended:
        _watch(page, setup, run, which)
    if run.state == "failed":
        st.error(
            f"The training broke off: {literal(str(run.error)[:300])} What was trained before is "
            "still there, below.",
            icon=":material/error:",
        )
    if run.state != "done":
        _say_that_it_stopped(page, setup, run, memory)
    if run.result is None:
        return Trained(setup, _untrained(setup, task), "untrained")
    return Trained(setup, run.result, run.state)


def _offer(page: str, setup: Setup, memory: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Train",
            key=f"{page}_train{memory}",
            type="primary",
            icon=":material/play_arrow:",
            on_click=_press,
            args=(memory, setup),
        )
        st.markdown(
            "This takes more than some seconds, so it waits for you. The model is untrained."
        )


def _press(memory: str, setup: Setup) -> None:
    st.session_state[f"{memory}_pressed"] = setup


def _watch(page: str, setup: Setup, run: Run, which: str) -> None:
    """Show how far it is until it has ended; a click ends this script before, not the training."""
    slot = st.empty()
    with slot.container(gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center"):
            bar = st.progress(0.0, "Training …")
            paused = run.state == "paused"
            st.button(
                "Go on" if paused else "Pause",
                key=f"pause_{page}_{which}",
                on_click=run.resume if paused else run.pause,
                icon=":material/play_arrow:" if paused else ":material/pause:",
            )
            st.button(
                "Stop",
                key=f"stop_{page}_{which}",
                on_click=stop,
                args=(run,),
                icon=":material/stop:",
                help="Ends it, and keeps what was learned so far.",
            )
        curves = st.empty()
    said: object = None

    def show() -> None:
        nonlocal said
        place, progress = run.place, run.progress
        paused = run.state == "paused"
        says = place, paused, None if progress is None else progress.epoch
        if says == said:
            return
        said = says
        share = 0.0 if progress is None else progress.epoch / max(progress.of, 1)
        bar.progress(min(share, 1.0), _words(setup, place, progress, paused))
        if progress is not None and progress.history:
            drawn = live_curves(progress.history, progress.of)
            curves.image(drawn, caption=live_text(progress.history))

    wait_for(run, show)
    slot.empty()


def _words(setup: Setup, place: int | None, progress: Progress | None, paused: bool) -> str:
    if place is not None:
        return place_text(place)
    if progress is None:
        return (
            f"{setup.settings.cell}: the first epoch takes longest, TensorFlow compiles the model …"
        )
    wait = "" if paused else f", about {max(round(progress.seconds_left), 1)} s left"
    state = "Paused after" if paused else f"{setup.settings.cell}: epoch"
    return f"{state} {progress.epoch} of {progress.of}{wait}"


def _say_that_it_stopped(page: str, setup: Setup, run: Run, memory: str) -> None:
    part: Learned | None = run.result
    with st.container(horizontal=True, vertical_alignment="center"):
        if part is not None:
            st.markdown(
                f"Stopped after {part.done} of {counted(setup.settings.epochs, 'epoch')}: this is what "
                "was learned so far."
            )
        elif run.state == "stopped":
            st.markdown("Stopped before the training began: the model is untrained.")
        st.button("Train again", key=f"{page}_again{memory}", on_click=_again, args=(memory, setup))


def _again(memory: str, setup: Setup) -> None:
    st.session_state.pop(memory, None)
    _press(memory, setup)


@kept(8)
def _untrained(setup: Setup, _task: Task) -> Learned:
    return _keras().untrained(_task, setup.settings)


@kept(32)
def traced(trained: Trained, _task: Task, ids: str, _probe: Probe) -> TrainingTrace:
    """What `Watch` would have kept of the probe sentence."""
    return _keras().training_trace(_task, trained.learned, _probe.inputs)


@kept(64)
def confusion(trained: Trained, _task: Task) -> Ints | None:
    """What is answered for what, at each moment; not part of a training, which may be stopped."""
    found: Ints | None = _keras().confusion_of(_task, trained.learned)
    return found


@kept(64)
def watched(
    trained: Trained, _task: Task, ids: str, _probe: Probe, layer: str | None
) -> WatchedTraining:
    """The training as it is drawn."""
    place = place_of_turning(_task, _probe)
    without = None
    if place is not None:
        shorter = Probe(np.delete(_probe.inputs, place, axis=1), ())
        without = place, traced(trained, _task, ids_of(shorter), shorter)
    return compute_watched_training(
        traced(trained, _task, ids, _probe),
        _keras().heads_of(trained.learned),
        layer=layer,
        classes=tuple(map(label, _task.classes)),
        confusion=confusion(trained, _task),
        tables=_keras().tables_of(_task, trained.learned),
        words=words_on_map(_task, _probe),
        without=without,
    )


def place_of_turning(task: Task, probe: Probe) -> int | None:
    """Where the word stands that turns the answer, if there is one and it is not all."""
    places = [k for k, token in enumerate(probe.tokens) if token.casefold() == task.turning]
    return places[0] if places and len(probe.tokens) > 1 else None


def words_on_map(task: Task, probe: Probe) -> dict[str, int]:
    """The probe's words, and the first of the others."""
    if task.features is not None:
        return {}
    here = {task.words[i]: i for i in probe.inputs[0].tolist() if i > 1}
    rest = {word: i for i, word in enumerate(task.words) if i > 1 and word not in here}
    return dict([*here.items(), *rest.items()][:_ON_MAP])


@kept(64)
def best_unit(trained: Trained, _task: Task) -> BestUnit | None:
    """The unit that tells classes apart best."""
    learn_of: Judged = _keras().judged_states(_task, trained.learned, _task.train)
    judge_by: Judged = _keras().judged_states(_task, trained.learned, _task.held_out)
    return find_best_unit(*learn_of, *judge_by, len(_task.classes))


@kept(64)
def unit_over_sentences(trained: Trained, _task: Task, unit: int, places: tuple[int, ...]) -> Any:
    """``(n, T)``, the values of a unit over some held-out samples."""
    inputs = _task.held_out.inputs[list(places)]
    return _keras().top_states(_task, trained.learned, inputs)[..., unit]


@kept(64)
def shares(trained: Trained, _task: Task, ids: str, _probe: Probe, target: Any) -> Shares:
    """Which word moved the prediction, in two opinions."""
    return _keras().share_out(_task, trained.learned, _probe.inputs, target)


@kept(64)
def lengths(trained: Trained, _task: Task) -> dict[int, float]:
    """The gradient's length at each moment."""
    return _keras().gradient_lengths(_task, trained.learned)


@kept(64)
def difference_from_keras(trained: Trained, _task: Task, ids: str, _probe: Probe) -> float:
    """The largest difference of the last moment's numbers from Keras's own forward pass."""
    return _keras().difference(
        _task, trained.learned, _probe.inputs, traced(trained, _task, ids, _probe).traces[-1]
    )


def ids_of(probe: Probe) -> str:
    """What tells probes apart."""
    return repr(probe.inputs.tolist())


def model_of(task: Task, learned: Learned) -> Any:
    """The trained model, as Keras saves it."""
    return _keras().model_at(task, learned)
