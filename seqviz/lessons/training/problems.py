"""What goes wrong in a training, recognised by what was measured of it."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np

from seqviz.array_types import Floats, Ints
from seqviz.wording import counted

# What a rule takes for a fault.
JUMP: Final = 3.0  # times the least loss before
RISE: Final = 1.2  # times the least loss of the held-out part
LITTLE: Final = 0.05  # of the first loss
GUESSING: Final = 1.2  # times the loss of equal probabilities for all classes
RARE: Final = 0.3  # of the mean number of answers of a class: what is rarer may be left out


class Problem(NamedTuple):
    """Something that went wrong.

    Attributes:
        name: Of the rule that found it.
        said: What was measured, and what it means.
        control: What helps, in words that name a control.
    """

    name: str
    said: str
    control: str


def find_problems(
    history: Mapping[str, Floats],
    *,
    confusion: Ints | None = None,
    classes: Sequence[str] = (),
    norms: Mapping[int, float] | None = None,
) -> list[Problem]:
    """Name what went wrong, the gravest first.

    The rules, in the order in which they are tried; of those about the loss only the first that
    holds is named:

    - **nan**: a loss is no number any more.
    - **exploded**: a loss is more than `JUMP` times the least before it, and more than the first.
    - **too far**: at the end the loss is still more than `GUESSING` times that of who answers each
      class with the same probability.
    - **overfitting**: the held-out loss ends more than `RISE` times above its least (and is not next
      to nothing), while that of the samples that are learned has gone down since.
    - **slow**: over the whole training the loss has gone down by less than `LITTLE` of the first.
    - **never**: a class that is not rare among the held-out answers is never answered.

    Args:
        history: ``(epochs,)`` each, with ``loss`` and maybe ``val_loss``.
        confusion: ``(classes, classes)`` at the end, by true class and answer.
        classes: Their names.
        norms: By epoch, the length of the whole gradient there, where it was measured.
    """
    loss = np.asarray(history.get("loss", ()), np.float64)
    held_out = np.asarray(history.get("val_loss", ()), np.float64)
    if not len(loss):
        return []
    rules = (
        _nan(loss, norms),
        _exploded(loss, norms),
        _too_far(loss, len(classes)),
        _overfitting(loss, held_out),
        _slow(loss),
    )
    found = [problem for problem in rules if problem is not None][:1]
    never = _never(confusion, classes)
    is_number = not found or found[0].name != "nan"
    return found + ([never] if never is not None and is_number else [])


def _nan(loss: Floats, norms: Mapping[int, float] | None) -> Problem | None:
    bad = np.flatnonzero(~np.isfinite(loss))
    if not len(bad):
        return None
    return Problem(
        "nan",
        f"The loss is no number from epoch {bad[0] + 1} on: some weight grew beyond all numbers that "
        f"a float can hold, and all that is computed from it is lost.{_norm_text(norms)}",
        "Take a smaller **learning_rate**, or set **clipping**.",
    )


def _exploded(loss: Floats, norms: Mapping[int, float] | None) -> Problem | None:
    if len(loss) < 2:
        return None
    least = np.minimum.accumulate(loss)[:-1]
    jumps = np.where(loss[1:] > loss[0], loss[1:] / np.maximum(least, 1e-12), 0)
    place = int(np.argmax(jumps))
    if jumps[place] <= JUMP:
        return None
    return Problem(
        "exploded",
        f"The loss jumped to {loss[place + 1]:.3g} in epoch {place + 2}, {jumps[place]:.1f} times "
        f"its least before: one step of the optimizer was far too long.{_norm_text(norms)}",
        "Set **clipping**, which shortens such a step, or take a smaller **learning_rate**.",
    )


def _norm_text(norms: Mapping[int, float] | None) -> str:
    """How long the gradient was, before and at its longest."""
    if not norms:
        return ""
    first = min(norms)
    top = max(norms, key=lambda epoch: np.nan_to_num(norms[epoch], nan=np.inf))
    if top == first:
        return ""
    longest = f"{norms[top]:.3g}" if np.isfinite(norms[top]) else "no number"
    return (
        f" The gradient's length was {norms[first]:.3g} before training, and {longest} after "
        f"{counted(top, 'epoch')}."
    )


def _too_far(loss: Floats, classes: int) -> Problem | None:
    guessing = float(np.log(max(classes, 1)))
    if classes < 2 or len(loss) < 3 or loss[-3:].min() <= GUESSING * guessing:
        return None
    return Problem(
        "too far",
        f"After {counted(len(loss), 'epoch')} the loss is {loss[-1]:.3g}. Whoever answers each of the "
        f"{classes} classes with the same probability has {guessing:.3g}: the optimizer jumps to and "
        "fro over what it looks for.",
        "Take a smaller **learning_rate**.",
    )


def _overfitting(loss: Floats, held_out: Floats) -> Problem | None:
    if len(held_out) < 3 or not np.isfinite(held_out).all():
        return None
    best = int(np.argmin(held_out))
    rose = held_out[-1] > max(RISE * held_out[best], LITTLE * loss[0])
    if not rose or loss[-1] >= loss[best]:
        return None
    return Problem(
        "overfitting",
        f"Since epoch {best + 1} the loss of the learned samples went on down ({loss[best]:.3f} → "
        f"{loss[-1]:.3f}), that of the held-out ones up ({held_out[best]:.3f} → {held_out[-1]:.3f}): "
        "the model learns these samples by heart.",
        f"Stop at **epochs** = {best + 1}, raise **dropout**, or take fewer **units**.",
    )


def _slow(loss: Floats) -> Problem | None:
    if len(loss) < 2 or loss[0] - loss.min() >= LITTLE * loss[0]:
        return None
    return Problem(
        "slow",
        f"In {counted(len(loss), 'epoch')} the loss went only from {loss[0]:.3f} to "
        f"{loss.min():.3f}. Either each step is too short, or what is asked cannot be learned so.",
        "Try a larger **learning_rate** first, then more **epochs**; if neither helps, another "
        "**cell** or more **units**.",
    )


def _never(confusion: Ints | None, classes: Sequence[str]) -> Problem | None:
    if confusion is None:
        return None
    asked_of = confusion.sum(axis=1)
    missing = (confusion.sum(axis=0) == 0) & (asked_of >= RARE * asked_of.mean()) & (asked_of > 0)
    names = [classes[k] for k in np.flatnonzero(missing).tolist()]
    if not names:
        return None
    asked = int(asked_of[missing].sum())
    return Problem(
        "never",
        f"**{', '.join(names)}** is never answered, though it is right for {asked} of the "
        f"{int(confusion.sum())} held-out answers: answering the others costs less loss so far.",
        "Train for more **epochs**, or with a larger **learning_rate**.",
    )
