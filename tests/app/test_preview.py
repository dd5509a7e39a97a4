"""What the player is given of the first picture, for the time before Plotly is loaded."""

import json

from seqviz.ui.player import player


def figure(at):
    (player,) = [e for e in at.get("bidi_component") if e.proto.bytes]
    return json.loads(player.proto.bytes)["figure"]


def test_the_first_picture_of_a_session_comes_with_its_drawing(open_page):
    at = open_page("recurrent", ask="none")
    chart = json.loads(at.get("plotly_chart")[0].proto.spec)
    drawing = figure(at)
    for ours, plotlys in zip(drawing["data"], chart["data"], strict=True):
        left_out = {name for name in plotlys if "hover" in name} | {"customdata", "showlegend"}
        assert ours == {name: plotlys[name] for name in plotlys.keys() - left_out}
    assert drawing["frames"] == chart["frames"][:-1]  # it opens at the last
    at.run()
    assert figure(at) is None
    at.switch_page("pages/embedding.py").run()
    assert figure(at) is None


def test_a_large_picture_is_not_sent_twice(open_page):
    at = open_page("recurrent", text=" ".join(["word"] * 200), units="128", return_sequences="true")
    assert len(at.get("plotly_chart")[0].proto.spec) > 60_000
    assert figure(at) is None


def test_the_code_that_a_session_begins_with_is_sent_until_it_must_have_come(
    open_page, monkeypatch
):
    def is_sent(at):
        names = [e.proto.component_name for e in at.get("bidi_component")]
        return any(name.endswith("seqviz_once") for name in names)

    at = open_page("recurrent")  # with a question open, so without a drawing
    assert figure(at) is None
    assert is_sent(at)
    assert is_sent(at.run())
    monkeypatch.setattr(player, "_LOADING", 0)
    assert not is_sent(at.run())
