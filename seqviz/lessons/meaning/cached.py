"""Training that is worth remembering from one rerun to the next, and that many may ask for."""

import threading
from collections import OrderedDict
from typing import Any, Final, NamedTuple

import streamlit as st

from seqviz.lessons.meaning.code import training_code
from seqviz.models.reader import build_reader
from seqviz.tasks.word_meaning import VOCAB_SIZE, make_task
from seqviz.training.record import Moment, Training, collect
from seqviz.training.train import make_optimizer, train_by_epoch
from seqviz.ui.server.cache import kept
from seqviz.ui.server.line import Line
from seqviz.ui.server.turns import give_turn_back, take_turn, this_session
from seqviz.wording import counted

AT_ONCE: Final = 2  # sessions that train at the same time in one process
_KEPT: Final = 64  # trainings that are remembered, of 50 kB at most
_MOMENTS: Final = 8
OPTIMIZER: Final = ("Adam", 0.03)
SPREAD: Final = 1.0  # rows start between -1 and 1: Keras's 0.05 would be one spot on the map


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


class _Desk:
    """Where all sessions of a process find the trainings that any of them has done."""

    def __init__(self) -> None:
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


# The module's, not Streamlit's: no cache that somebody empties has them.
desk: Final = _Desk()
line: Final = Line(AT_ONCE)


@kept(64)
def job_code(job: Job) -> str:
    """The script that does the same."""
    task = make_task(job.task)
    return training_code(job.model(), task, job.task, *OPTIMIZER, job.epochs)


def trained(page: str, job: Job) -> Training:
    """The training of a job: remembered, or done now, with its progress and a button to stop it.

    Streamlit interrupts a run where it writes to the page, here after every epoch: a click on
    Stop, or on anything else, ends the training there. What a stopped one had learned is shown.
    Where others train, it waits in line and says how many are before it.

    Returns:
        The training, `done` or not.
    """
    found = desk.find(job)
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

    def wait(ahead: int) -> bool:
        bar.progress(0.0, _place(ahead))
        return desk.find(job) is None  # else another session has done it

    with line.turn(this_session(), wait):
        training = desk.find(job)
        if training is None:
            _train(job, moments, bar)
            training = collect(moments, job.epochs, job.every)
            desk.keep(job, training)
    slot.empty()
    take_turn()
    return training


def _place(ahead: int) -> str:
    if not ahead:
        return "Other students' models are training right now: yours is next …"
    return f"{counted(ahead, 'student')} in line before you: a training takes some seconds …"


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


def _stop(page: str, job: Job) -> None:
    st.session_state[f"_{page}_stopped"] = job


def _forget(page: str) -> None:
    st.session_state.pop(f"_{page}_stopped", None)
