"""What else the page shows: what went wrong, which word moved the answer, one unit, other runs."""

import io
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import streamlit as st

from seqviz.errors import SeqvizError
from seqviz.lessons.training import cached
from seqviz.lessons.training.cached import Trained
from seqviz.lessons.training.compute import WatchedTraining
from seqviz.lessons.training.histories_figure import plot_histories
from seqviz.lessons.training.problems import find_problems
from seqviz.lessons.training.setup import Setup
from seqviz.lessons.training.shares_figure import plot_shares
from seqviz.lessons.training.unit_figure import plot_unit
from seqviz.lessons.training.words import (
    measures,
    really_shown,
    shares_text,
    signed,
)
from seqviz.segmentation import label
from seqviz.tasks import Probe, Task
from seqviz.ui.classroom.given_lesson import all_free
from seqviz.ui.markdown import literal, note
from seqviz.ui.player.chart import show_chart
from seqviz.ui.player.theme import THEMED
from seqviz.wording import counted

_RUNS: Final = 8  # of a session
_DRAWN: Final = 8  # sequences over which a unit is drawn
MOST: Final = 60  # timesteps that are watched


def task_of(setup: Setup, own: Task | None) -> tuple[Setup, Task]:
    """The task of a setup; where a text of one's own is no use it is said, and the task's own stands in.

    Args:
        setup: What to train.
        own: Made of a file; None if the task is one of the house.
    """
    if own is not None:
        return setup, own
    try:
        return setup, cached.made(setup.task, setup.options)
    except SeqvizError as error:
        st.error(literal(str(error)), icon=":material/edit:")
        kept = tuple(one for one in setup.options if one[0] != "text")
        return setup._replace(options=kept), cached.made(setup.task, kept)


def say_how_it_went(
    trained: Trained, task: Task, probe: Probe, data: WatchedTraining, show: str
) -> None:
    """What could not be shown as it was asked for, and what went wrong.

    Args:
        trained: What came of the training.
        task: That was learned.
        probe: The sequence that is watched.
        data: What is drawn.
        show: What was asked to be drawn.
    """
    notices = list(probe.notices)
    if really_shown(show, data) != show:
        notices.append(
            "A SimpleRNN has no gates: its states are shown."
            if show == "gates"
            else "What is read are numbers, so there are no rows: the states are shown."
        )
    for notice in notices:
        st.markdown(f":material/info: {literal(notice)}")
    if trained.state == "untrained":
        return
    confusion = None if data.confusion is None else data.confusion[-1]
    found = find_problems(data.history, confusion=confusion, classes=task.classes)
    if found and found[0].name in ("nan", "exploded"):
        found = find_problems(
            data.history,
            confusion=confusion,
            classes=task.classes,
            norms=cached.lengths(trained, task),
        )
    for problem in found:
        st.warning(f"{problem.said} {problem.control}", icon=":material/healing:")


def show_shares(
    page: str, trained: Trained, task: Task, probe: Probe, data: WatchedTraining
) -> None:
    """Which word moved the prediction, in two opinions."""
    last = data.answers[-1]
    if not np.isfinite(last).all():
        st.markdown("The answer is no number, so no word has a share in it.")
        return
    place = _asked_word(page, probe) if task.per_timestep else len(probe.tokens) - 1
    best = int(last[place].argmax())
    target: Any = (place, best) if task.per_timestep else None if task.outputs == 1 else best
    found = cached.shares(trained, task, cached.ids_of(probe), probe, target)
    gradients, left_out = found.gradients, found.left_out
    name = data.classes[1 if task.outputs == 1 else best] if task.classes else ""
    what = f"the probability of **{literal(name)}**" if name else "the answer"
    of = f" for **{literal(probe.tokens[place])}**" if task.per_timestep else ""
    prediction, without = float(gradients.prediction[0]), float(gradients.baseline_prediction[0])
    st.markdown(
        f"Without any word (a row of zeros in place of each) {what}{of} is {signed(without)}; with all of "
        f"them it is {signed(prediction)}. So it moved by **{signed(prediction - without)}**. Who did it?"
    )
    values = np.asarray(gradients.values)[0], np.asarray(left_out.values)[0]
    most = [probe.tokens[int(np.abs(one).argmax())] for one in values]
    show_chart(
        plot_shares(*values, tokens=probe.tokens, palette=THEMED),
        key=f"{page}_shares_chart",
        alt=f"The share of each word in what the prediction moved. By integrated gradients the "
        f"largest is that of {most[0]}, by leaving words out that of {most[1]}.",
    )
    residuals = float(gradients.residual[0]), float(left_out.residual[0])
    change = prediction - without
    st.markdown(
        "**Integrated gradients** follow the prediction from the empty sentence to this one and share "
        "out all that it moved: "
        + shares_text(change + residuals[0], change)
        + " **Leaving a word out** asks what would change if only that word were missing: "
        + shares_text(change + residuals[1], change)
    )
    if abs(residuals[0]) > 0.05 * abs(change):
        st.markdown(
            ":material/info: This model is so sure that it changes its mind within a hair of that way: "
            "the points at which the gradients are taken miss a part of it, and so do their shares."
        )
        return
    apart = int(np.abs(values[0] - values[1]).argmax())
    if abs(values[0][apart] - values[1][apart]) > 0.05:
        st.markdown(
            f":material/help: They disagree most about **{literal(probe.tokens[apart])}** "
            f"({signed(values[0][apart])} and {signed(values[1][apart])}). Which other word would have to "
            "be missing too, for it not to matter any more?"
        )


def _asked_word(page: str, probe: Probe) -> int:
    """The word of whose answer it is asked: the last unless one is chosen."""
    count = len(probe.tokens)
    asked = st.selectbox(
        "The answer to which word?",
        range(count),
        format_func=lambda k: f"{k + 1}. {probe.tokens[k]}",
        index=count - 1,
        key=f"{page}_asked_word_{count}",
    )
    return int(asked)


def show_unit(page: str, trained: Trained, task: Task) -> None:
    """The unit that tells the classes of a task apart best, over some held-out sequences."""
    best = cached.best_unit(trained, task)
    if best is None:
        st.markdown("The states are no numbers, so no unit can tell anything.")
        return
    name = literal(label(task.classes[best.target]))
    whole = trained.learned.history.get("val_accuracy")
    side = "above" if best.above else "below"
    st.markdown(
        f"Of all units of the topmost layer, **unit {best.unit}** tells **{name}** from everything "
        f"else best: it is {side} {signed(best.threshold)} where the answer is {name}. By that one number "
        f"alone, **{best.right:.0%}** of the held-out answers are sorted rightly (of {name} and of the "
        "rest, the mean of both; guessing gives 50%)."
        + (
            f" The whole model has {float(whole[-1]):.0%} right."
            if whole is not None and len(whole)
            else ""
        )
    )
    places = _some(task)
    values = cached.unit_over_sentences(trained, task, best.unit, tuple(places))
    words = [_words(task, k) for k in places]
    show_chart(
        plot_unit(values, words, labels=[_label(task, k) for k in places], palette=THEMED),
        key=f"{page}_unit_chart",
        alt=f"Unit {best.unit} after each word of {len(places)} held-out sequences, with their classes.",
    )
    note(
        "The line was chosen on the samples that are learned and judged on those held out. That a unit "
        "tells classes apart does not say that the model uses it, nor that it means a thing by itself."
    )


def _some(task: Task) -> list[int]:
    """Places of some held-out samples, of each class in turn."""
    if task.per_timestep:
        return list(range(min(_DRAWN, len(task.held_out))))
    classes = np.asarray(task.held_out.targets).reshape(len(task.held_out), -1)[:, 0].astype(int)
    each = -(-_DRAWN // len(task.classes))
    places = [k for c in range(len(task.classes)) for k in np.flatnonzero(classes == c)[:each]]
    return [int(k) for k in places[:_DRAWN]]


def _words(task: Task, place: int) -> list[str]:
    ids = task.held_out.inputs[place]
    return [label(task.words[i]) for i in ids.tolist() if i or not task.padded]


def _label(task: Task, place: int) -> str:
    if task.per_timestep:
        return f"sample {place + 1}"
    return task.classes[
        int(np.asarray(task.held_out.targets).reshape(len(task.held_out), -1)[place, 0])
    ]


def keep_runs(page: str, runs: Sequence[Trained]) -> list[dict[str, Any]]:
    """The session's runs, the newest first, with these among them."""
    kept: list[dict[str, Any]] = st.session_state.setdefault(f"_{page}_runs", [])
    for run in runs:
        if run.state == "untrained" or not run.learned.done:
            continue
        known = [k for k, one in enumerate(kept) if one["run"].setup == run.setup]
        entry = {"run": run, "name": run.setup.name}
        if known:
            entry["name"] = kept.pop(known[0])["name"]
        kept.insert(0, entry)
    del kept[_RUNS:]
    return kept


def show_runs(page: str, runs: list[dict[str, Any]], other: Trained | None) -> None:
    """The session's runs on the same axes; they can be named and deleted.

    Args:
        page: Prefix of keys.
        runs: From `keep_runs`.
        other: That the page was asked to compare with.
    """
    st.header("Compare with another run", anchor=False)
    if not runs:
        st.markdown("Nothing was trained in this session yet.")
        return
    asked = None if other is None else other.setup
    others = []
    if len(runs) > 1:
        others = st.pills(
            "Compare with",
            range(1, len(runs)),
            format_func=lambda k: runs[k]["name"],
            selection_mode="multi",
            default=[k for k in range(1, len(runs)) if runs[k]["run"].setup == asked],
            key=f"{page}_compared_{hash((asked, *(one['run'].setup for one in runs)))}",
        )
    if others:
        _draw_runs(page, [runs[0], *(runs[k] for k in others)])
    if other is None and all_free(page, ["against"]):
        cell = "LSTM" if runs[0]["run"].setup.settings.cell == "SimpleRNN" else "SimpleRNN"
        st.button(
            f"Train the same with {cell}, and compare",
            key=f"{page}_other_cell",
            icon=":material/compare_arrows:",
            on_click=_compare,
            args=(page, cell),
        )
    note("Change a setting, and the run before stays on offer here to compare with.")
    _manage(page, runs)


def _draw_runs(page: str, drawn: Sequence[dict[str, Any]]) -> None:
    names = [one["name"] for one in drawn]
    show_chart(
        plot_histories([one["run"].learned.history for one in drawn], names=names, palette=THEMED),
        key=f"{page}_runs_chart",
        alt="Loss and accuracy of "
        + "; ".join(f"{one['name']}: {_end_of(one['run'])}" for one in drawn)
        + ". Solid is what is learned, dotted what is held out.",
    )
    st.markdown("\n".join(f"- **{literal(one['name'])}**: {_end_of(one['run'])}" for one in drawn))


def _compare(page: str, cell: str) -> None:
    st.session_state[f"{page}_against"] = cell


def _end_of(run: Trained) -> str:
    learned = run.learned
    return f"{measures(learned.history, learned.done)} after {counted(learned.done, 'epoch')}"


def _manage(page: str, runs: list[dict[str, Any]]) -> None:
    box = st.expander(
        f"Name or delete: {counted(len(runs), 'run')} of this session",
        icon=":material/edit:",
        on_change="rerun",
        key=f"{page}_manage",
    )
    if not box.open:
        return
    with box:
        for k, one in enumerate(runs):
            key = f"{page}_name_{k}_{hash(one['run'].setup)}"
            with st.container(horizontal=True, vertical_alignment="bottom"):
                st.text_input(
                    f"Run {k + 1}",
                    one["name"],
                    key=key,
                    max_chars=40,
                    on_change=_rename,
                    args=(one, key),
                )
                st.button(
                    "Delete",
                    key=f"{key}_delete",
                    icon=":material/delete:",
                    on_click=_delete,
                    args=(page, one["run"].setup),
                    disabled=k == 0,
                    help="The run that is shown stays." if k == 0 else None,
                )


def _rename(entry: dict[str, Any], key: str) -> None:
    entry["name"] = str(st.session_state[key]).strip() or entry["run"].setup.name


def _delete(page: str, setup: Any) -> None:
    kept = st.session_state[f"_{page}_runs"]
    kept[:] = [one for one in kept if one["run"].setup != setup]


def read_probe(task: Task, text: str) -> Probe:
    """What is watched: what was typed, or the task's own where it cannot be read."""
    try:
        return shortened(task.encode(text.strip() or task.probe))
    except SeqvizError as error:
        st.warning(literal(str(error)), icon=":material/edit:")
        return shortened(task.encode(task.probe))


def shortened(probe: Probe) -> Probe:
    """At most as many timesteps as a picture of this page has room for."""
    if len(probe.tokens) <= MOST:
        return probe
    cut = f"Only the first {MOST} of {len(probe.tokens)} timesteps are watched."
    return Probe(probe.inputs[:, :MOST], probe.tokens[:MOST], (*probe.notices, cut))


def offer_trace(page: str, trained: Trained, task: Task, probe: Probe) -> None:
    """The training itself as a file, which `seqviz.load_training` opens again."""

    def make() -> bytes:
        out = io.BytesIO()
        cached.traced(trained, task, cached.ids_of(probe), probe).save(out)
        return out.getvalue()

    st.download_button(
        "The whole training: every state at every moment (NPZ)",
        make,
        file_name="seqviz_training_trace.npz",
        mime="application/zip",
        icon=":material/timeline:",
        key=f"{page}_download_trace",
        on_click="ignore",
        help="A `seqviz.TrainingTrace`: open it with `seqviz.load_training`.",
    )


def say_notices(task: Task) -> None:
    """What was left out of a file."""
    for notice in task.notices:
        st.info(literal(notice), icon=":material/info:")
