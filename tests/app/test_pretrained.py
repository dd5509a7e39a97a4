"""The page on pretrained vectors: the sample, uploads good and bad, neighbours, training."""

import gc
import gzip
import json
from types import SimpleNamespace

import pytest

import seqviz
from seqviz import SeqvizError
from seqviz.lessons.pretrained import upload as upload_module
from seqviz.lessons.pretrained.upload import SAMPLE_FILE, read_upload
from seqviz.ui.markdown import literal
from tests.app.conftest import texts
from tests.app.contract import Contract

pytestmark = pytest.mark.usefixtures("unfolded")

_FIRST = (
    Contract(
        defaults={
            "text": "I am Groot",
            "initializer": "uniform",
            "seed": 0,
            "trainable": True,
        },
        frames=6,
        questions={"missing": "the numbers that it started with", "frozen": "none"},
        smallest=({"text": "cat"}, 4),
        refused=None,
        examples=9,
    ),
)
CONTRACTS = (
    *_FIRST,
    # With both of its further topics unfolded.
    _FIRST[0]._replace(
        view={"near": "true", "train": "true"},
        defaults=_FIRST[0].defaults | {"steps": 10, "learning_rate": 0.3, "query": "cat", "k": 5},
        smallest=({"text": "cat", "k": "1", "steps": "1"}, 4),
    ),
)

PAGE = "pretrained"
GOOD = b"3 3\ngroot 1 2 3\nI 4 5 6\ndog 0 1 0\n"


def specs(at):
    """What is drawn; not Plotly's mark that the layout changed, which differs from file to file."""
    figures = [json.loads(chart.proto.spec) for chart in at.get("plotly_chart")]
    for figure in figures:
        figure["layout"].pop("datarevision", None)
    return [json.dumps(figure) for figure in figures]


def upload(at, *files):
    at.file_uploader[0].set_value([(name, data, "text/plain") for name, data in files])
    return at.run()


def test_opens_with_the_sample_half_filled(open_page):
    assert len(open_page(PAGE, ask="none").get("plotly_chart")) == 1
    at = open_page(PAGE, near="true")
    assert not at.exception
    assert not at.error
    picture, places = at.get("plotly_chart")
    assert len(json.loads(picture.proto.spec)["frames"]) == 6
    assert "Found and copied: 2. Missing" in picture.proto.alt
    assert "82 words" in places.proto.alt  # 79 of the file, and 3 rows of the layer
    said = texts(at)
    assert "**found 2**: I am" in said
    assert "**missing 1**: Groot" in said
    assert "equal to Keras bit for bit" in said
    assert "a small sample: trained on 500 made-up sentences" in said
    assert "`Embedding(5, 12, trainable=True)` 60 weights" in said


def test_an_upload_is_used_and_a_bad_one_changes_nothing(open_page):
    at = upload(open_page(PAGE, near="true"), ("mine.txt", GOOD))
    assert not at.exception
    assert not at.error
    assert "In use: mine.txt, 3 words, 3 numbers each." in texts(at)
    assert "**found 2**: I Groot" in texts(at)
    assert at.info[0].value.startswith("“cat” is not in the file")
    before = specs(at)

    for bad, said in (
        (b"groot 1 2 3\nI 4 5\ndog 0 1 0\n", "Line 2"),
        (GOOD[:30], "cut off"),
        (gzip.compress(GOOD * 9)[:-20], "after line"),
        (b"<html><b>no</b>", "HTML"),
        (b"", "empty"),
        (b"w 1 1\n" + b"x " + b"1 " * 10**6, "Line 2"),
        (gzip.compress(b"a" + b" 0" * 10_000_000), "times its size by line 1"),
        (b"w " + b"1 " * 600 + b"\n", "512 at most"),
    ):
        upload(at, ("bad.vec", bad))
        assert not at.exception
        assert said in at.error[0].value
        assert "Nothing else has changed" in at.error[0].value
        assert specs(at) == before
        assert at.text_input(key=f"{PAGE}_text").value == "I am Groot"

    # The next good one is used; then back to the sample.
    upload(at, ("packed.gz", gzip.compress(b"groot 1 0\nam 0 1\n")))
    assert not at.error
    assert "In use: packed.gz, 2 words, 2 numbers each." in texts(at)
    at.button(key=f"{PAGE}_use_sample").click().run()
    assert "sample\\_vectors.vec" in texts(at)
    assert not at.exception


def test_a_file_with_another_ending_is_refused_by_the_page_itself(open_page):
    at = upload(open_page(PAGE), ("mine.txt", GOOD))
    before = specs(at)
    for name in ("mine.csv", "<b>mine", "mine.vec.zip", "gz"):
        upload(at, (name, GOOD))
        assert not at.exception
        assert at.error[0].value.startswith(f"{literal(name)} is none of the files")
        assert literal(".txt .vec .tsv .gz.") in at.error[0].value
        assert specs(at) == before
    upload(at, ("MINE.VEC", GOOD))
    assert not at.error


@pytest.fixture
def read(monkeypatch):
    """What the page remembers of a list of files, and what it lets go, by name."""
    let_go = []
    monkeypatch.setattr(upload_module, "let_go", lambda file: let_go.append(file.name))
    monkeypatch.setattr(upload_module.st, "session_state", {})

    def read_(**contents):
        files = [
            SimpleNamespace(
                file_id=name, name=f"{name}.tsv", getvalue=lambda content=content: content
            )
            for name, content in contents.items()
        ]
        return upload_module._read_new(files), let_go

    return read_


def test_a_file_that_was_read_is_let_go_and_the_next_one_is_read_alone(read):
    memory, let_go = read(mine=GOOD)
    assert (memory.loaded.name, let_go) == ("mine.tsv", ["mine.tsv"])
    memory, let_go = read(mine=b"", bad=b"<html>")
    assert memory.error.startswith("bad.tsv: Line 1")
    assert (memory.loaded.name, let_go) == ("mine.tsv", ["mine.tsv"])
    memory, let_go = read(mine=b"", next=b"cat 1 2\ndog 3 4\n")
    assert not memory.error
    assert (memory.loaded.name, let_go) == ("next.tsv", ["mine.tsv", "next.tsv"])
    memory, _ = read()
    assert (memory.loaded.name, memory.error) == ("next.tsv", "")


def test_what_cannot_be_read_is_kept_for_its_other_half(read):
    memory, let_go = read(metadata=b"cat\ndog\n")
    assert memory.error
    assert not let_go
    memory, let_go = read(metadata=b"cat\ndog\n", vectors=b"1\t2\n3\t4\n")
    assert not memory.error
    assert memory.loaded.vectors.words == ("cat", "dog")
    assert let_go == ["metadata.tsv", "vectors.tsv"]


def test_a_class_with_the_same_file_has_its_vectors_once():
    one, other = read_upload([("one.vec", GOOD)]), read_upload([("other.vec", GOOD)])
    assert one.vectors is other.vectors
    assert (one.name, other.name) == ("one.vec", "other.vec")
    numbers, words = b"1\t2\n3\t4\n", b"cat\ndog\n"
    pair = [("vectors.tsv", numbers), ("metadata.tsv", words)]
    assert read_upload(pair).vectors is read_upload(pair[::-1]).vectors
    assert read_upload(pair).vectors is not one.vectors


def test_vectors_of_all_sessions_are_bounded_and_room_comes_back(monkeypatch):
    files = [b"".join(b"w%d %d 1 0\n" % (i, k) for i in range(100)) for k in range(4)]
    gc.collect()
    before = sum(map(upload_module._size, upload_module._held.values()))
    monkeypatch.setattr(upload_module, "_MAX_IN_ALL", before + 3 * (100 * 3 * 4 + 100 * 200))
    held = [read_upload([("a.txt", file)]) for file in files[:3]]
    with pytest.raises(SeqvizError, match=r"no room on this server.*Hint: the library"):
        read_upload([("a.txt", files[3])])
    assert read_upload([("a.txt", files[0])]).vectors is held[0].vectors
    held.pop()
    assert len(read_upload([("a.txt", files[3])]).vectors) == 100


def test_an_upload_stays_while_other_pages_are_visited(open_page):
    at = upload(open_page(PAGE), ("mine.txt", GOOD))
    at.switch_page("pages/embedding.py").run()
    at.switch_page("pages/pretrained.py").run()
    assert "In use: mine.txt" in texts(at)


def test_the_exported_files_are_loaded_back_together(open_page):
    pair = seqviz.export_projector(seqviz.load_vectors(SAMPLE_FILE))
    files = [("vectors.tsv", pair.vectors.encode()), ("metadata.tsv", pair.metadata.encode())]
    at = open_page(PAGE)
    before = specs(at)
    upload(at, *files)
    assert not at.error
    assert "In use: vectors.tsv and metadata.tsv, 79 words" in texts(at)
    assert specs(at) == before
    assert {b.key for b in at.get("download_button")} >= {
        "pretrained_download_vectors",
        "pretrained_download_metadata",
    }


def test_odd_uploads_that_are_right(open_page):
    at = open_page(PAGE, near="true", train="true")
    for odd in (
        b"I 3e38 -3e38\nam 1 2\ncat 3e38 3e38\n",  # training overflows
        b"cat 0 0\nam 0 0\n",  # no direction, no map
        b"cat 1\n",
        b"<b>x</b> 1 2\n#000001 3 4\n$a$ 5 6\n",
        b"I " + b"0.5 " * 512 + b"\n",
        b"".join(b"w%d %d 1 0\n" % (i, i % 97) for i in range(20_000)),
    ):
        upload(at, ("odd.txt", odd))
        assert not at.exception
        assert not at.error
        assert len(specs(at)) == 3
        assert sum(map(len, specs(at))) < 600_000
        assert "<b>x" not in "".join(specs(at))


def test_what_an_upload_may_be():
    with pytest.raises(SeqvizError, match="3 files"):
        read_upload([("a", GOOD)] * 3)
    with pytest.raises(SeqvizError, match="larger than 5 MB"):
        read_upload([("a", b"x" * (5 * 2**20 + 1))])
    many = b"".join(b"w%d %d 1\n" % (i, i) for i in range(60_000))
    assert len(read_upload([("a", many)]).vectors) == 50_000


def test_frozen_rows_stay_and_fine_tuned_ones_move(open_page):
    at = open_page(PAGE, train="true")
    assert "2 of 5 rows moved" in texts(at)
    assert "no row moved (farthest: 0.000)" in texts(at)
    arrows = [t for t in json.loads(specs(at)[1])["data"] if t.get("mode") == "lines+markers"]
    assert arrows[0]["x"]
    at.toggle(key=f"{PAGE}_trainable").set_value(False).run()
    arrows = [t for t in json.loads(specs(at)[1])["data"] if t.get("mode") == "lines+markers"]
    assert not arrows[0]["x"]
    assert "trainable=False" in at.code[0].value
    frame = at.dataframe[0].value
    assert not frame["moved, frozen"].any()
    assert (frame["moved, fine-tuned"] > 0).tolist() == [False, False, True, True, False]


def test_neighbours_of_a_word(open_page):
    at = open_page(PAGE, near="true", query="Milk", k="3")
    line = next(line for line in texts(at).split("\n") if line.startswith("Nearest to"))
    assert line.startswith("Nearest to **milk** by cosine: ")
    assert {part.split()[0] for part in line.split(": ")[1].split(" · ")} == {
        "water",
        "tea",
        "juice",
    }
    at = open_page(PAGE, near="true", query="<b>zebra</b>")
    assert "\\<b\\>zebra" in at.info[0].value


def test_one_word_cannot_be_trained_but_shown(open_page):
    at = open_page(PAGE, train="true", text="cat")
    assert not at.exception
    assert "two or more" in at.info[0].value
    assert len(specs(at)) == 1


def test_sentences_of_the_world(open_page):
    at = open_page(PAGE)
    for text, words in (
        ("আমি গ্রুট, তুমি কে?", ["আমি", "গ্রুট", "তুমি", "কে"]),
        ("私はグルートです", ["私", "は", "グルート", "です"]),
        ("<b>x</b> %{y} #000001", ["<", "b", ">", "x", "y", "000001"]),
        ("3 7 7 0", ["3", "7", "0"]),
    ):
        at.text_input(key=f"{PAGE}_text").set_value(text).run()
        assert not at.exception
        assert not at.error
        assert at.dataframe[0].value["word"].tolist() == ["[PAD]", "[UNK]", *words]


def test_a_long_sentence_is_cut(open_page):
    at = open_page(PAGE, text=" ".join(f"w{i}" for i in range(200)), train="true", steps="30")
    assert not at.exception
    assert "first 40 of 200" in at.info[0].value
    assert sum(map(len, specs(at))) < 600_000


def test_names_of_files_and_words_in_them_are_no_markup(open_page):
    at = open_page(PAGE, near="true", train="true")
    hostile = "<b>$x$ [a](http:b) www.x.org :material/home:.vec"
    words = "I 1 2\n<b>x</b> 3 4\n[a](http:b) 5 6\n$x$ 7 8\n"
    upload(at, (hostile, words.encode()))
    assert not at.error
    assert literal(hostile) in texts(at)
    at.text_input(key=f"{PAGE}_query").set_value("<b>x</b>").run()
    assert f"Nearest to **{literal('<b>x</b>')}**" in texts(at)
    assert literal("[a](http:b)") in texts(at)
    upload(at, (hostile, b"<b>x</b> 1 2\n[a](http:b) nothing\n"))
    assert literal(hostile) in at.error[0].value
    for said in (texts(at), at.error[0].value, *(info.value for info in at.info)):
        for markup in ("<b>", "[a](", "$x$", "www.x", " :material/home"):
            assert markup not in said.replace(":material/check: ", "")
    assert "<b>x" not in "".join(specs(at))
