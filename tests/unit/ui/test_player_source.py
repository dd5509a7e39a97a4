"""What of the player's source is sent to the browser."""

import base64
import re
import zlib

import pytest

from seqviz.ui.player import sources

SCRIPTS = sorted(sources._HERE.glob("*.js"))


def test_comments_indents_and_empty_lines_are_not_sent(tmp_path, monkeypatch):
    (tmp_path / "one.js").write_text(
        '// Why.\nfunction one() {\n  // How.\n  return "http://one"; // That.\n}\n\n', "utf-8"
    )
    (tmp_path / "two.js").write_text("  two();\n", "utf-8")
    monkeypatch.setattr(sources, "_HERE", tmp_path)
    assert sources.stripped("one.js", "two.js") == (
        'function one() {\nreturn "http://one";\n}\ntwo();'
    )


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_nothing_that_is_code_looks_like_a_comment(path):
    for line in path.read_text("utf-8").splitlines():
        assert "/*" not in line
        code, mark, _ = line.partition(" // ")
        assert not mark or all(code.count(quote) % 2 == 0 for quote in "\"'`"), line


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_packed_code_is_the_same_code(path):
    code = path.read_text("utf-8")
    (data,) = re.findall(r'atob\("([^"]*)"\)', sources.packed(code))
    assert zlib.decompress(base64.b64decode(data)).decode() == code


def test_what_is_sent_is_about_half_as_long():
    code = sources.stripped("player.js", "charts.js", "page_around.js")
    assert len(sources.packed(code)) < 0.6 * len(code)
