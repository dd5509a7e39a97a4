"""Which tests of lessons are about TensorFlow itself, and so run only where Keras runs on it."""

import pytest

from tests.unit.backends import ON_TENSORFLOW, only_on_tensorflow

_SCRIPT = "the scripts of the pages ask TensorFlow's tensors for their numbers"
# By a part of the test's address, which is `lesson/file.py::name`.
_ABOUT_TENSORFLOW = {
    "code_runs": _SCRIPT,
    "code_to_take_home": _SCRIPT,
    "script": _SCRIPT,
    "gradients/test_code.py": _SCRIPT,
    "lessons/ids/": "the lesson is what TensorFlow does with ids, and with words in Hashing",
    "lessons/gather/": "two of its three ways of a lookup are TensorFlow's",
    "two_ways_of_keras_pad": "TextVectorization needs TensorFlow",
    "lessons/training/": "its shares of words and its trainings need TensorFlow",
    "lessons/pretrained/test_compute.py": "its training needs TensorFlow's tape",
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if ON_TENSORFLOW:
        return
    for item in items:
        for part, reason in _ABOUT_TENSORFLOW.items():
            if part in item.nodeid:
                item.add_marker(only_on_tensorflow(reason))
