"""Training that is worth remembering from one rerun to the next, and that many may ask for."""

from functools import partial
from typing import Any, Final, NamedTuple, cast

import streamlit as st

from seqviz.lessons.meaning.code import training_code
from seqviz.models.reader import build_reader
from seqviz.tasks.word_meaning import VOCAB_SIZE, make_task
from seqviz.training.control import Control
from seqviz.training.record import Moment, Training, collect
from seqviz.training.reused import Reused
from seqviz.training.train import ByEpoch, make_optimizer
from seqviz.ui.server.cache import kept
from seqviz.ui.server.run import Run
from seqviz.ui.server.trainings import start
from seqviz.ui.training import place_text, stop, wait_for

_MOMENTS: Final = 8
OPTIMIZER: Final = ("Adam", 0.03)
SPREAD: Final = 1.0  # rows start between -1 and 1: Keras's 0.05 would be one spot on the map
_COMPILED: Final = Reused[ByEpoch](lambda by_epoch: by_epoch.variables, most=8)


class Job(NamedTuple):
    """A whole training on one of `seqviz.tasks.word_meaning.TASKS`."""

    task: str
    embedding_dim: int
    epochs: int
    seed: int

    @property
    def every(self) -> int:
        """Epochs between two pictures."""
        return -(-self.epochs // _MOMENTS)

    def model(self) -> Any:
        """The model before training."""
        classes = make_task(self.task).classes
        return build_reader(
            VOCAB_SIZE, self.embedding_dim, classes=classes, seed=self.seed, spread=SPREAD
        )


@kept(64)
def job_code(job: Job) -> str:
    """The script that does the same."""
    task = make_task(job.task)
    return training_code(job.model(), task, job.task, *OPTIMIZER, job.epochs)


def trained(page: str, job: Job) -> Training:
    """The training of a job: done before, or now, with its progress and a button to stop it.

    It runs beside the page, in the pool of all sessions, and goes on if the page begins again
    meanwhile. What a stopped one had learned is shown. Where others train, it waits in line and
    says how many are before it.

    Returns:
        The training, `done` or not.
    """
    run: Run | None = st.session_state.get(f"_{page}_run")
    if run is not None and (run.key != (page, job) or run.is_lost or run.state == "failed"):
        run.leave()
        run = None
    if run is None:
        run = st.session_state[f"_{page}_run"] = start((page, job), partial(_train, job))
    if not run.has_ended:
        _watch(page, job, run)
    if run.state == "failed":
        st.error("The training broke off. What went wrong is in the server's log.")
        st.button("Train again", key=f"{page}_again")
        st.stop()
    if run.state == "stopped":
        _say_that_it_stopped(page, job, run)
    return _untrained(job) if run.result is None else cast(Training, run.result)


def _watch(page: str, job: Job, run: Run) -> None:
    """Say how far it is until it has ended; a click ends this script before."""
    slot = st.empty()
    with slot.container(horizontal=True, vertical_alignment="center"):
        bar = st.progress(0.0, "Training …")
        st.button("Stop", key=f"{page}_stop", on_click=stop, args=(run,))
    said: object = None

    def show() -> None:
        nonlocal said
        place, moment = run.place, run.progress
        done = 0 if moment is None else moment.epoch
        says = place, 10 * done // job.epochs  # ten messages of a training will do
        if says != said:
            said = says
            bar.progress(done / job.epochs, _words(place, moment, job))

    wait_for(run, show)
    slot.empty()


def _words(place: int | None, moment: Moment | None, job: Job) -> str:
    if place is not None:
        return place_text(place)
    if moment is None:
        return "Training …"
    return f"Training: epoch {moment.epoch} of {job.epochs}, loss {moment.loss:.3f}"


def _say_that_it_stopped(page: str, job: Job, run: Run) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        if run.result is None:
            st.markdown("Stopped before the training began: the rows are as they started.")
        else:
            st.markdown(f"Stopped after {run.result.epochs[-1]} of {job.epochs} epochs.")
        st.button("Train again", key=f"{page}_again", on_click=_forget, args=(page,))


def _train(job: Job, control: Control) -> Training:
    moments: list[Moment] = []

    def so_far() -> Training:
        return collect(list(moments), job.epochs, job.every)

    graph = job.task, job.embedding_dim
    by_epoch = _COMPILED.take(graph, _by_epoch(job, compiled=True))
    for moment in by_epoch.train(job.epochs):
        moments.append(moment)
        if moment.epoch:
            control.report(moment)
        if not control.go_on(so_far):
            break
    _COMPILED.give_back(graph, by_epoch)
    return so_far()


@kept(16)
def _untrained(job: Job) -> Training:
    """What was there before the first epoch."""
    return collect([next(_by_epoch(job, compiled=False).train(job.epochs))], job.epochs)


def _by_epoch(job: Job, *, compiled: bool) -> ByEpoch:
    task, optimizer = make_task(job.task), make_optimizer(*OPTIMIZER)
    return ByEpoch(
        job.model(), task.ids, task.targets, optimizer, loss=task.loss, compiled=compiled
    )


def _forget(page: str) -> None:
    st.session_state.pop(f"_{page}_run", None)
