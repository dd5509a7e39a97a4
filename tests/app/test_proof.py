"""How far a picture is from Keras: said as a page opens, then found out when it is asked for."""

from functools import partial

import pytest

from seqviz.ui import proof
from tests.app.conftest import texts

CHECK = "Is it equal to Keras? Check these numbers"


@pytest.fixture
def verified(monkeypatch):
    """Settings that Keras was asked about."""
    from seqviz.lessons.recurrent import shown

    asked, verify = [], shown.verify_model

    def note(config, *arguments):
        asked.append(config.units)
        return verify(config, *arguments)

    monkeypatch.setattr(shown, "verify_model", note)
    return asked


def buttons(at):
    return [button.label for button in at.button]


def test_a_page_proves_what_it_opens_with_and_then_what_it_is_asked_to(open_page, verified):
    at = open_page("recurrent", ask="none")
    assert "equal to Keras within" in texts(at)
    assert verified == [(4,)]
    units = at.select_slider(key="recurrent_units")
    units.set_value(5).run()
    assert verified == [(4,)]
    assert "equal to Keras" not in texts(at)
    at.button(key="recurrent_prove").click().run()
    assert verified == [(4,), (5,)]
    assert "equal to Keras within" in texts(at)
    assert CHECK not in buttons(at)
    # What was proved once stays so; what was not is not claimed.
    at.select_slider(key="recurrent_units").set_value(4).run()
    assert "equal to Keras within" in texts(at)
    at.select_slider(key="recurrent_units").set_value(6).run()
    assert "equal to Keras" not in texts(at)
    assert CHECK in buttons(at)
    assert "Blue is negative" in texts(at)
    assert not at.exception


def test_a_link_is_proved_as_it_opens(open_page, verified):
    assert "equal to Keras within" in texts(open_page("recurrent", units="9"))
    assert verified == [(9,)]


def test_what_is_known_already_is_always_said(open_page):
    at = open_page("layer", ask="none")
    for dim in (3, 5):
        at.select_slider(key="layer_embedding_dim").set_value(dim).run()
        assert "equal to Keras" in texts(at)
        assert CHECK not in buttons(at)


def test_a_proof_that_goes_wrong_is_not_remembered_as_one(monkeypatch):
    state, said = {}, []
    monkeypatch.setattr(proof.st, "session_state", state)
    monkeypatch.setattr(proof, "note", lambda text, slot: said.append(text))
    show = partial(proof.show_proof, "page", legend="Blue is negative.", of="a", slot=None)

    def fails():
        raise ArithmeticError

    with pytest.raises(ArithmeticError):
        show(proof=fails)
    show(proof=lambda: "Proved.")
    assert said == ["Proved. Blue is negative."]
    assert state["_page_proved"] == {"a"}
