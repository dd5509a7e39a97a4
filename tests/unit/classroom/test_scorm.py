import io
import zipfile
from xml.etree import ElementTree

import pytest

from seqviz.classroom.scorm import scorm_package
from seqviz.errors import SeqvizError

ADDRESS = "https://school.example/base/lesson?lesson=1.abc-_&room=BCDFGH.0a"
NAMES = {
    "cp": "http://www.imsproject.org/xsd/imscp_rootv1p1p2",
    "adl": "http://www.adlnet.org/xsd/adlcp_rootv1p2",
}


def opened(**changed):
    options = {"title": "Rows & states <1>", "identifier": "2edcd705", **changed}
    package = scorm_package(options.pop("address", ADDRESS), **options)
    with zipfile.ZipFile(io.BytesIO(package)) as files:
        return {name: files.read(name).decode() for name in files.namelist()}


def test_the_manifest_names_one_page_that_speaks_to_the_platform():
    made = opened()
    manifest = ElementTree.fromstring(made["imsmanifest.xml"])
    assert manifest.findtext("cp:metadata/cp:schema", namespaces=NAMES) == "ADL SCORM"
    assert manifest.findtext("cp:metadata/cp:schemaversion", namespaces=NAMES) == "1.2"
    item = manifest.find("cp:organizations/cp:organization/cp:item", NAMES)
    resource = manifest.find("cp:resources/cp:resource", NAMES)
    assert item.get("identifierref") == resource.get("identifier")
    assert item.findtext("cp:title", namespaces=NAMES) == "Rows & states <1>"
    assert resource.get("href") == "index.html"
    assert resource.get(f"{{{NAMES['adl']}}}scormtype") == "sco"
    assert set(made) == {"imsmanifest.xml", "index.html"}


def test_the_page_frames_the_lesson_and_listens_to_its_origin_only():
    page = opened()["index.html"]
    assert (
        'src="https://school.example/base/lesson?lesson=1.abc-_&amp;room=BCDFGH.0a&amp;embed=true"'
        in page
    )
    assert 'const ORIGIN = "https://school.example";' in page
    assert "Rows &amp; states &lt;1&gt;" in page


def test_no_title_ends_the_script_or_the_page():
    page = opened(title="</title><script>alert(1)</script>", address=ADDRESS + "</script>")[
        "index.html"
    ]
    assert "<script>alert" not in page
    assert page.count("</script>") == 1


def test_the_same_lesson_gives_the_same_package():
    assert scorm_package(ADDRESS, title="a", identifier="1") == scorm_package(
        ADDRESS, title="a", identifier="1"
    )


@pytest.mark.parametrize("address", ["", "/lesson?lesson=1.a", "lesson", "ftp://a/b", "https:///x"])
def test_without_a_full_address_nothing_could_be_framed(address):
    with pytest.raises(SeqvizError, match="full address"):
        opened(address=address)
