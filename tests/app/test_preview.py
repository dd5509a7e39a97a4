"""What the player is given of the first picture, for the time before Plotly is loaded."""

import json


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
