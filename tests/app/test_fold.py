"""The list of more settings: its controls are there, drawn only where somebody may see them."""

import pytest

from tests.app.conftest import choose

PAGE = "recurrent"
SEED = f"{PAGE}_seed"


def drawn(at):
    return {widget.key for kind in (at.number_input, at.slider, at.toggle) for widget in kind}


def picture(at):
    return at.get("plotly_chart")[0].proto.spec


def test_while_it_is_folded_nothing_in_it_is_drawn_that_is_at_its_default(open_page):
    at = open_page(PAGE, folded=True)
    assert SEED not in drawn(at)
    assert f"{PAGE}_return_sequences" in drawn(at)  # not in the list
    opened = open_page(PAGE)
    assert {SEED, f"{PAGE}_vocab_size", f"{PAGE}_mask_zero"} <= drawn(opened)
    assert picture(at) == picture(opened)


@pytest.mark.parametrize("folded", [True, False])
def test_what_a_link_says_of_a_folded_control_holds(open_page, folded):
    at = open_page(PAGE, folded=folded, seed=5)
    assert at.number_input(key=SEED).value == 5
    assert picture(at) != picture(open_page(PAGE, folded=folded))


def test_what_was_set_stays_when_the_list_is_folded_again(open_page):
    at = open_page(PAGE)
    at.number_input(key=SEED).set_value(5.0).run()
    changed = picture(at)
    at.session_state[f"{PAGE}_more"] = False
    at.run()
    assert picture(at) == changed
    at.number_input(key=SEED).set_value(0.0).run()
    assert SEED not in drawn(at)
    assert picture(at) == picture(open_page(PAGE))


def test_an_example_sets_a_folded_control_and_the_next_one_sets_it_back(open_page):
    at = open_page(PAGE, folded=True)
    choose(at, PAGE, "padding, masked")
    assert at.toggle(key=f"{PAGE}_mask_zero").value
    choose(at, PAGE, "I am Groot → SimpleRNN(4)")
    assert f"{PAGE}_mask_zero" not in drawn(at)
