"""What an address asks for that a page does not have: the nearest is shown, and that is said."""

import pytest


@pytest.mark.parametrize(
    ("page", "name", "asked", "shown"),
    [
        ("gradients", "timesteps", "100", 50),  # a slider that has only some numbers
        ("compare", "gate_bias", "8", 6),
        ("meaning", "epochs", "200", 100),  # a number between two
        ("recurrent", "units", "18", 16),
        ("recurrent", "vocab_size", "-3", 2),
        ("recurrent", "seed", "1e400", 9_999),
        ("gradients", "spectral_radius", "1.3", "1.25"),  # a slider of text
        ("pretrained", "steps", "31", 30),
    ],
)
def test_a_number_out_of_range_becomes_the_nearest_and_that_is_said(
    open_page, page, name, asked, shown
):
    unfolded = {"train": True} if page == "pretrained" else {}
    at = open_page(page, **{name: asked}, **unfolded)
    assert not at.exception
    assert at.session_state[f"{page}_{name}"] == shown
    (notice,) = [info.value for info in at.info if "The address asks for" in info.value]
    assert f"asks for {name} = {float(asked):g}; the nearest that this page has is" in notice
    at.run()
    assert not [info for info in at.info if "The address asks for" in info.value]


@pytest.mark.parametrize("asked", ["16", "16.0", "nan", "many", ""])
def test_what_is_legal_or_no_number_is_not_spoken_of(open_page, asked):
    at = open_page("recurrent", units=asked)
    assert at.session_state["recurrent_units"] == (16 if asked.startswith("16") else 4)
    assert not at.info


def test_each_run_reads_anew_what_the_address_says_of_the_lesson(open_page):
    at = open_page("recurrent")
    assert at.title
    at.query_params["show"] = "picture,player"
    assert not at.run().title
    del at.query_params["show"]
    assert at.run().title
