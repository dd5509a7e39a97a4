"""Training that is worth remembering from one rerun to the next, and that many may ask for."""

import threading
import time
from collections import OrderedDict
from typing import Any, Final, NamedTuple

import streamlit as st

from seqviz.lessons.meaning.code import training_code
from seqviz.models.reader import build_reader
from seqviz.tasks import VOCAB_SIZE, make_task
from seqviz.training.record import Moment, Training, collect
from seqviz.training.train import make_optimizer, train_by_epoch
from seqviz.ui.server.cache import kept
from seqviz.ui.server.turns import give_turn_back

AT_ONCE: Final = 2  # sessions that train at the same time in one process
PATIENCE: Final = 30  # seconds that a session waits for its turn
_KEPT: Final = 64  # trainings that are remembered, of 50 kB at most
_MOMENTS: Final = 8
OPTIMIZER: Final = ("Adam", 0.03)
SPREAD: Final = 1.0  # rows start between -1 and 1: Keras's 0.05 would be one spot on the map


class Job(NamedTuple):
    """A whole training on one of `seqviz.tasks.TASKS`."""

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


class _Desk:
    """Where all sessions of a process get their trainings: remembered, and a few at a time."""

    def __init__(self) -> None:
        self.slots = threading.BoundedSemaphore(AT_ONCE)
        self._lock = threading.Lock()
        self._done: OrderedDict[Job, Training] = OrderedDict()

    def find(self, job: Job) -> Training | None:
        with self._lock:
            if job in self._done:
                self._done.move_to_end(job)
            return self._done.get(job)

    def keep(self, job: Job, training: Training) -> None:
        with self._lock:
            self._done[job] = training
            while len(self._done) > _KEPT:
                self._done.popitem(last=False)


@st.cache_resource(max_entries=1, show_spinner=False)
def desk() -> _Desk:
    """The one of this process."""
    return _Desk()


@kept(64)
def job_code(job: Job) -> str:
    """The script that does the same."""
    task = make_task(job.task)
    return training_code(job.model(), task, job.task, *OPTIMIZER, job.epochs)


def trained(page: str, job: Job) -> Training | None:
    """The training of a job: remembered, or done now, with its progress and a button to stop it.

    Streamlit interrupts a run where it writes to the page, here after every epoch: a click on
    Stop, or on anything else, ends the training there. What a stopped one had learned is shown.

    Returns:
        The training, `done` or not; None if too many others were training for too long.
    """
    found = desk().find(job)
    if found is not None:
        return found
    # The list is filled in place: an interrupted run cannot write to the session any more.
    owner, moments = st.session_state.get(f"_{page}_moments", (None, []))
    if st.session_state.get(f"_{page}_stopped") == job and owner == job and moments:
        part = collect(moments, job.epochs, job.every)
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"Stopped after {moments[-1].epoch} of {job.epochs} epochs.")
            st.button("Train again", key=f"{page}_again", on_click=_forget, args=(page,))
        return part
    give_turn_back()
    moments = []
    st.session_state[f"_{page}_moments"] = (job, moments)
    slot = st.empty()
    with slot.container(horizontal=True, vertical_alignment="center"):
        bar = st.progress(0.0, "Training …")
        st.button("Stop", key=f"{page}_stop", on_click=_stop, args=(page, job))
    if not _wait(job, bar):
        slot.empty()
        found = desk().find(job)
        if found is None:
            st.warning(
                f"Many are training on this server: no turn was free for {PATIENCE} seconds. "
                "Try again in a moment.",
                icon=":material/hourglass:",
            )
            st.button("Try again", key=f"{page}_again")
        return found
    try:
        _train(job, moments, bar)
    finally:
        desk().slots.release()
    slot.empty()
    training = collect(moments, job.epochs, job.every)
    desk().keep(job, training)
    return training


def _train(job: Job, moments: list[Moment], bar: Any) -> None:
    task = make_task(job.task)
    for moment in train_by_epoch(
        job.model(),
        task.ids,
        task.targets,
        make_optimizer(*OPTIMIZER),
        epochs=job.epochs,
        loss=task.loss,
    ):
        moments.append(moment)
        # Ten messages will do.
        if 10 * moment.epoch // job.epochs > 10 * (moment.epoch - 1) // job.epochs:
            bar.progress(
                moment.epoch / job.epochs,
                f"Training: epoch {moment.epoch} of {job.epochs}, loss {moment.loss:.3f}",
            )


def _wait(job: Job, bar: Any) -> bool:
    """Wait for a turn to train; False if none came, or another session did this very job."""
    until = time.monotonic() + PATIENCE
    while not desk().slots.acquire(timeout=0.2):
        if desk().find(job) is not None or time.monotonic() > until:
            return False
        bar.progress(0.0, "Other students' models are training right now: yours is next …")
    if desk().find(job) is None:
        return True
    desk().slots.release()
    return False


def _stop(page: str, job: Job) -> None:
    st.session_state[f"_{page}_stopped"] = job


def _forget(page: str) -> None:
    st.session_state.pop(f"_{page}_stopped", None)
