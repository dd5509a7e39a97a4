"""The small drawing while a model trains."""

import xml.etree.ElementTree as ET

import numpy as np

from seqviz.lessons.training.live import live_curves, live_text

HISTORY = {
    "loss": (1.0, 0.5),
    "val_loss": (0.8, float("nan")),
    "accuracy": (0.5, 0.75),
    "val_accuracy": (0.4, 0.6),
}
SVG = live_curves(HISTORY, 4)


def points(line):
    return [tuple(map(float, pair.split(","))) for pair in line.get("points").split()]


def test_curves_are_as_wide_as_what_is_done_and_as_high_as_their_numbers():
    drawn = [e for e in ET.fromstring(SVG).iter() if e.tag.endswith("polyline")]
    loss, val_loss, accuracy, _ = drawn
    assert points(loss) == [
        (75, 0),
        (150, 42),
    ]  # a quarter and a half of 300, the top and half of 84
    assert len(points(val_loss)) == 1  # what is no number is left out
    assert val_loss.get("stroke-dasharray")
    assert np.diff(points(accuracy), axis=0).tolist() == [[75, -21]]


def test_its_text_says_the_last_numbers_and_it_is_small():
    assert live_text(HISTORY) == "loss 0.500, accuracy 0.750"
    assert live_text({}) == ""
    many = {name: tuple(np.linspace(1, 0, 200)) for name in ("loss", "val_loss", "accuracy")}
    assert len(live_curves(many, 200)) < 12_000
