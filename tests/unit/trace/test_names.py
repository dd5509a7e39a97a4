"""A name that a trace, a record or its gates do not have: the error says which there are."""

import copy
import pickle

import numpy as np
import pytest

from seqviz import SeqvizError, WordVectors
from seqviz.trace import Trace
from tests.unit.samples import embedding, recurrent

WHOLE = Trace({"embedding": embedding(), "lstm": recurrent(3), "rnn": recurrent(3, 2, "SimpleRNN")})
LSTM = WHOLE["lstm"]


@pytest.mark.parametrize(
    ("ask", "python", "says"),
    [
        (lambda: WHOLE.lstm, AttributeError, "taken by name, as trace['lstm']"),
        (lambda: WHOLE.foo, AttributeError, "here they are ['embedding', 'lstm', 'rnn']"),
        (lambda: LSTM.hidden, AttributeError, "Did you mean 'hidden_states'?"),
        (lambda: LSTM.units, AttributeError, "It has inputs, mask, initial_state, "),
        (lambda: WHOLE["ltsm"], KeyError, "['embedding', 'lstm', 'rnn']. Did you mean 'lstm'?"),
        (lambda: WHOLE[0], KeyError, "0: the layers of this trace are"),
        (lambda: WHOLE[[]], KeyError, "[]: the layers of this trace are"),
        (lambda: LSTM.gates["f"], KeyError, "'f' is no gate of this LSTM. They are ['input', "),
        (lambda: LSTM.gates["f"], KeyError, "Did you mean 'forget'?"),
        (lambda: LSTM.gates[0], KeyError, "0 is no gate of this LSTM."),
        (lambda: LSTM.weights["W"], KeyError, "'W' is no weight of this LSTM."),
        (
            lambda: WHOLE["rnn"].gates["forget"],
            KeyError,
            "'forget' is no gate of this SimpleRNN. It has none.",
        ),
        (
            lambda: WordVectors(("cat",), np.ones((1, 2)))["Cat"],
            KeyError,
            "'Cat' is none of these 1 word. Hint: 'cat' is.",
        ),
    ],
)
def test_the_error_names_what_there_is(ask, python, says):
    with pytest.raises(SeqvizError) as caught:
        ask()
    assert isinstance(caught.value, python)
    assert says in str(caught.value)


def test_what_python_asks_of_objects_still_works():
    assert not hasattr(WHOLE, "lstm")
    assert not hasattr(LSTM, "shape")
    assert hasattr(LSTM, "hidden_states")
    assert getattr(LSTM, "shape", None) is None
    assert WHOLE.get("foo") is None
    assert "foo" not in WHOLE
    assert LSTM.gates.get("f") is None
    assert "f" not in LSTM.gates


@pytest.mark.parametrize(
    "copied", [lambda x: pickle.loads(pickle.dumps(x)), copy.copy, copy.deepcopy]
)
def test_a_trace_can_be_pickled_and_copied(copied):
    again = copied(WHOLE)
    assert list(again) == list(WHOLE)
    np.testing.assert_array_equal(again["lstm"].gates["forget"], LSTM.gates["forget"])
    with pytest.raises(KeyError, match="no gate of this LSTM"):
        again["lstm"].gates["f"]
    with pytest.raises(AttributeError, match="as trace\\['lstm'\\]"):
        _ = again.lstm


def test_an_attribute_error_within_a_property_is_its_own():
    incomplete = copy.copy(LSTM)
    object.__delattr__(incomplete, "initial_state")
    with pytest.raises(AttributeError, match="no attribute 'initial_state'"):
        _ = incomplete.history


def test_ipython_completes_keys():
    assert WHOLE._ipython_key_completions_() == ["embedding", "lstm", "rnn"]
    assert LSTM.gates._ipython_key_completions_() == ["input", "forget", "candidate", "output"]


def test_many_layers_are_not_all_named():
    many = Trace({f"dense_{i}": embedding() for i in range(1000)})
    with pytest.raises(KeyError) as caught:
        many["lstm"]
    assert "980 more" in str(caught.value)
    assert len(str(caught.value)) < 600
