"""What the lesson shows of one training and one sequence."""

from typing import Any

import numpy as np

from seqviz.array_types import Array
from seqviz.lessons.training.cached import Trained, difference_from_keras, ids_of, model_of
from seqviz.lessons.training.code import training_code
from seqviz.lessons.training.compute import WatchedTraining
from seqviz.lessons.training.figure import plot_watched_training
from seqviz.lessons.training.terms_figure import has_terms
from seqviz.lessons.training.words import (
    history_table,
    how_it_answers,
    how_it_learns,
    kind_of_samples,
    really_shown,
    training_captions,
    true_answer,
    what_answers_are,
    what_bands_are,
    what_came_of_it,
    what_can_be_typed,
    what_curves_are,
    what_is_learned,
)
from seqviz.tasks import Probe, Task
from seqviz.ui.markdown import colored
from seqviz.ui.proof import BLUE_AND_RED, equal_to_keras
from seqviz.ui.shown import Shown

HEIGHT = 380


def show_training(
    trained: Trained,
    task: Task,
    probe: Probe,
    data: WatchedTraining,
    *,
    show: str,
    difference: bool,
    typing: bool,
) -> Shown:
    """Every moment of a training, seen through one sequence.

    Args:
        trained: What came of the training.
        task: That was learned.
        probe: The sequence that is watched.
        data: What is drawn.
        show: What was asked to be drawn.
        difference: Whether as its change since before training.
        typing: Whether another sequence can be typed on the page.
    """
    learned = trained.learned
    captions = training_captions(
        data, probe.tokens, true_answer(task, probe), per_timestep=task.per_timestep
    )
    show = really_shown(show, data)
    return Shown(
        of=(trained, ids_of(probe), probe.tokens, data.layer.layer, show, difference),
        draw=lambda **options: plot_watched_training(
            data,
            show=show,
            difference=difference,
            at_the_end=not task.per_timestep,
            tokens=probe.tokens,
            **options,
        ),
        height=HEIGHT,
        captions=captions,
        alt=f"A training of {learned.done} epochs in {len(captions)} moments. On top loss and "
        f"accuracy, below what the layer holds after each timestep of “{' '.join(probe.tokens[:12])}”. "
        f"{captions[0]} {captions[-1]}",
        shapes=shapes_of(task, trained),
        samples=f"{kind_of_samples(task)}s",
        table=lambda widest: history_table(data.history),
        arrays=lambda: arrays_of(data),
        code=training_code(
            trained.setup, task, probe, None if data.left_out is None else data.left_out.timestep
        ),
        first=_first(trained, task, probe, data, show, difference=difference, typing=typing),
        reading=_reading(task, probe, data, show, difference=difference),
        title=f"{task.question} {trained.setup.settings.cell} learns it",
        model=lambda: model_of(task, learned),
        proof=lambda: equal_to_keras(
            difference_from_keras(trained, task, ids_of(probe), probe),
            "Trained by Keras's `model.fit`; the states and answers after it",
            largest=largest_of(data),
        ),
        legend=BLUE_AND_RED
        + (" Of answers, the darker grey the likelier." if data.classes and show != "rows" else ""),
    )


def _first(
    trained: Trained,
    task: Task,
    probe: Probe,
    data: WatchedTraining,
    show: str,
    *,
    difference: bool,
    typing: bool,
) -> str:
    if trained.state == "untrained":
        return "Nothing is learned yet: the weights are random, and so is every answer."
    said = [what_came_of_it(data, task, probe), what_is_learned(task, probe)]
    if show == "states" and data.is_top and not task.per_timestep:
        terms = has_terms(data, show, difference=difference)
        said += [
            how_it_answers(data, probe.tokens, terms=terms),
            how_it_learns(data, task, probe.tokens, trained.setup.settings),
        ]
    if task.turning and typing:
        said.append(what_can_be_typed(task))
    return "\n\n".join(said)


def _reading(
    task: Task, probe: Probe, data: WatchedTraining, show: str, *, difference: bool
) -> str:
    said = []
    if show != "rows":
        said.append(what_answers_are(data, task, len(probe.tokens)))
    if show == "states" and data.layer.hidden_states is not None:
        said.append(what_bands_are(data, difference=difference))
    said += [
        what_curves_are(data),
        "The slider stops before training, after each of the first ten epochs, and then less often.",
    ]
    if data.words and data.layer.gates:
        said.append("In the menu **Show its** choose gates, or rows of the Embedding.")
    return "\n\n".join(filter(None, said))


def largest_of(data: WatchedTraining) -> float:
    """The largest number of the states at the end; not finite where one is not."""
    states: Any = data.layer.hidden_states[-1] if data.layer.hidden_states is not None else 0.0
    return float(np.max(np.abs([states.min(), states.max(), *data.answers[-1].ravel()])))


def shapes_of(task: Task, trained: Trained) -> list[str]:
    """The model that is trained, as a line of shapes."""
    settings = trained.setup.settings
    samples, timesteps = task.train.inputs.shape[:2]

    def shape(width: int, *, every: bool = True) -> str:
        return colored((samples, timesteps, width) if every else (samples, width))

    parts = ["learns from " + colored((samples, timesteps), axes=("gray", "blue"))]
    if task.features is None:
        masked = ", mask_zero=True" if task.padded else ""
        rows = f"`Embedding({len(task.words)}, {settings.embedding_dim}{masked})`"
        parts += [rows, shape(settings.embedding_dim)]
    layer = f"`{settings.cell}({settings.units})`"
    parts += [layer, shape(settings.units)] * (settings.layers - 1)
    parts += [layer, shape(settings.units, every=task.per_timestep)]
    activation = "" if task.activation == "linear" else f', "{task.activation}"'
    return [
        *parts,
        f"`Dense({task.outputs}{activation})`",
        shape(task.outputs, every=task.per_timestep),
    ]


def _arrays_without(data: WatchedTraining) -> dict[str, Any]:
    """Those of the column in which a word is left out."""
    if data.left_out is None:
        return {}
    layer = data.left_out.layer
    return {
        "answers_without": data.left_out.answers,
        "hidden_states_without": layer.hidden_states,
        "cell_states_without": layer.cell_states,
        **{f"gate_{name}_without": values for name, values in layer.gates.items()},
    }


def arrays_of(data: WatchedTraining) -> dict[str, Array]:
    """All arrays of the picture by name."""
    layer = data.layer
    arrays: dict[str, Any] = {
        "epochs": data.epochs,
        "answers": data.answers,
        "hidden_states": layer.hidden_states,
        "cell_states": layer.cell_states,
        "rows_read": layer.rows,
        "confusion": data.confusion,
        "head_weights": data.head and data.head.kernel,
        "head_bias": data.head and data.head.bias,
        "map": data.path,
        "words_on_map": np.array(data.words),
        **{f"gate_{name}": values for name, values in layer.gates.items()},
        **_arrays_without(data),
        **{f"history_{name}": values for name, values in data.history.items()},
    }
    return {name: np.asarray(v) for name, v in arrays.items() if v is not None and np.size(v)}
