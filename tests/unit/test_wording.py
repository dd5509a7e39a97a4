"""What is said at each step agrees with what is drawn."""

import numpy as np
import pytest

import seqviz
from seqviz.lessons.embedding.compute import compute_embedding_lookup
from seqviz.lessons.embedding.words import lookup_captions
from seqviz.lessons.recurrent.words import unrolled_captions
from seqviz.readout.unrolled import compute_unrolled
from seqviz.wording import counted, first_of, subscript

TOKENS = ("I", "am", "Groot")
IDS = (2, 3, 4)


def unrolled(ids=IDS, **config):
    model = seqviz.build_model(seqviz.ModelConfig(**config))
    *_, trace = seqviz.capture(model, [list(ids)]).values()
    return compute_unrolled(trace)


def test_subscript():
    assert subscript("h", 0) == "h₀"
    assert subscript("x", 120) == "x₁₂₀"


def test_counted():
    assert [counted(n, "call") for n in (0, 1, 2000)] == ["0 calls", "1 call", "2,000 calls"]
    assert [counted(n, "class") for n in (1, 28)] == ["1 class", "28 classes"]


def test_a_word_that_stands_there_again_is_the_first():
    assert first_of(["not", "so", "Not"], 0) == "the first "
    assert not first_of(["not", "so"], 0)
    assert not first_of(["so", "not", "so"], 1)


def test_a_recurrent_layer_word_by_word():
    assert unrolled_captions(unrolled(), TOKENS, IDS) == [
        "Before the first word there is nothing to remember: h starts at [0, 0, 0, 0].",
        "Step 1 of 3: reads “I” (id 2) and h₀, gives h₁; h₁ is not returned.",
        "Step 2 of 3: reads “am” (id 3) and h₁, gives h₂; h₂ is not returned.",
        "Step 3 of 3: reads “Groot” (id 4) and h₂, gives h₃; h₃ is returned.",
    ]


def test_an_lstm_has_two_states():
    captions = unrolled_captions(unrolled(cell="LSTM"), TOKENS, IDS)
    assert captions[3] == (
        "Step 3 of 3: reads “Groot” (id 4) and h₂ and c₂, gives h₃ and c₃; h₃ is returned."
    )


def test_an_id_that_was_typed_is_not_said_twice():
    assert "reads id 2 and h₀" in unrolled_captions(unrolled(), ("id 2", "id 3", "id 4"), IDS)[1]


def test_backwards_the_last_word_is_read_first():
    captions = unrolled_captions(unrolled(go_backwards=True, return_sequences=True), TOKENS, IDS)
    assert "“Groot” (id 4)" in captions[1]
    assert all(caption.endswith("is returned.") for caption in captions[1:])


def test_a_masked_step_is_said_to_be_passed_over():
    captions = unrolled_captions(
        unrolled((2, 0, 4), mask_zero=True), ("I", "[PAD]", "Groot"), (2, 0, 4)
    )
    assert captions[2] == (
        "Step 2 of 3: “[PAD]” (id 0) is padding; the state is carried over unchanged, "
        "and not returned."
    )


@pytest.mark.parametrize(
    ("config", "start"),
    [
        ({"cell": "LSTM", "units": 1}, "h and c start at [0]."),
        ({"units": 9}, "h starts at [0, 0, 0, 0, 0, 0, 0, 0, …]."),
    ],
)
def test_the_initial_state_is_spelled_out_while_it_is_short(config, start):
    assert unrolled_captions(unrolled(**config), TOKENS, IDS)[0].endswith(start)


def test_an_initial_state_that_was_given_is_not_called_zero():
    given = unrolled()._replace(hidden=np.ones((4, 4), np.float32))
    assert unrolled_captions(given, TOKENS, IDS)[0].endswith("h starts at the values given.")


def test_a_lookup_word_by_word():
    model = seqviz.build_model(seqviz.ModelConfig(mask_zero=True))
    trace = seqviz.capture(model, [[2, 0]])["embedding"]
    assert lookup_captions(compute_embedding_lookup(trace), ("I", "[PAD]")) == [
        "Nothing looked up yet.",
        "Step 1 of 2: “I” (id 2) copies row 2 of the matrix into the output at timestep 1.",
        "Step 2 of 2: “[PAD]” (id 0) copies row 0 of the matrix into the output at timestep 2, "
        "which the mask calls padding.",
    ]
