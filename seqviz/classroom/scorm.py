"""A lesson as a SCORM 1.2 package: what learning platforms such as Moodle take as an activity.

The package holds one page, which frames the lesson where it is served, and passes the receipt on to
the platform: how many questions were answered, and how many rightly. Names follow ADL's "SCORM 1.2
Run-Time Environment" and "Content Aggregation Model" (2001).
"""

import io
import json
import zipfile
from html import escape
from typing import Final
from urllib.parse import urlsplit
from xml.etree import ElementTree

from seqviz.errors import SeqvizError

_CP: Final = "http://www.imsproject.org/xsd/imscp_rootv1p1p2"
_ADL: Final = "http://www.adlnet.org/xsd/adlcp_rootv1p2"
RECEIPT: Final = "seqviz-receipt"  # type of the message that the lesson sends to the page around it

_PAGE: Final = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{title}</title>
<style>
html, body {{ margin: 0; height: 100%; font-family: system-ui, sans-serif }}
body {{ display: flex; flex-direction: column }}
iframe {{ flex: 1; border: 0; width: 100% }}
p {{ margin: 0; padding: 0.5rem 1rem; font-size: 0.9rem }}
</style>
</head>
<body>
<iframe src="{address}" title="{title}" allow="fullscreen; clipboard-write"></iframe>
<p>Nothing to be seen? The server may be asleep, and cannot be woken from inside a frame:
<a href="{alone}" target="_blank" rel="noopener">open the lesson in a window of its own</a>, wait until
it is there, and reload this page.</p>
<script>
const ORIGIN = {origin};
const RECEIPT = {receipt};
const MOST_PARENTS = 7; // as SCORM 1.2 has it

function find(from) {{
  for (let at = from, up = 0; at && up <= MOST_PARENTS; up += 1) {{
    try {{ if (at.API) return at.API; }} catch {{ return null; }} // of another origin
    if (at.parent === at) break;
    at = at.parent;
  }}
  return null;
}}
const platform = find(window) ?? (window.opener && find(window.opener));
let begun = false;

if (platform) {{
  begun = platform.LMSInitialize("") === "true";
  if (begun && /^(not attempted|)$/.test(platform.LMSGetValue("cmi.core.lesson_status"))) {{
    platform.LMSSetValue("cmi.core.lesson_status", "incomplete");
    platform.LMSCommit("");
  }}
}}

function count(value, most) {{
  return Number.isInteger(value) && value >= 0 && value <= most ? value : null;
}}

window.addEventListener("message", (event) => {{
  if (event.origin !== ORIGIN || event.data?.type !== RECEIPT || !begun) return;
  const of = count(event.data.of, 1000);
  const right = count(event.data.right, of);
  const answered = count(event.data.answered, of);
  if (of === null || right === null || answered === null) return;
  platform.LMSSetValue("cmi.core.score.min", "0");
  platform.LMSSetValue("cmi.core.score.max", "100");
  platform.LMSSetValue("cmi.core.score.raw", String(of ? Math.round((100 * right) / of) : 100));
  platform.LMSSetValue("cmi.core.lesson_status", answered === of ? "completed" : "incomplete");
  platform.LMSCommit("");
}});
window.addEventListener("pagehide", () => {{ if (begun) platform.LMSFinish(""); }});
</script>
</body>
</html>
"""


def scorm_package(address: str, *, title: str, identifier: str) -> bytes:
    """The package as a ZIP file.

    Args:
        address: Of the lesson, in full: ``https://host/lesson?lesson=…``.
        title: Of the lesson, as the platform shows it.
        identifier: Letters and digits that tell this lesson from others, such as its hash.

    Raises:
        SeqvizError: The address is no full one, so that nothing could be framed.
    """
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise SeqvizError(
            "The package frames the lesson where it is served, and needs its full address "
            f"(https://…), not {address[:60]!r}."
        )
    title = title or "A lesson"
    embedded = address + ("&" if parts.query else "?") + "embed=true"
    page = _PAGE.format(
        title=escape(title),
        address=escape(embedded),
        alone=escape(address),
        origin=_in_a_script(f"{parts.scheme}://{parts.netloc}"),
        receipt=_in_a_script(RECEIPT),
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in (("imsmanifest.xml", _manifest(title, identifier)), ("index.html", page)):
            # With one date, so that the same lesson gives the same package.
            package.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), text)
    return packed.getvalue()


def _in_a_script(text: str) -> str:
    return json.dumps(text).replace("<", "\\u003c")


def _manifest(title: str, identifier: str) -> str:
    ElementTree.register_namespace("", _CP)
    ElementTree.register_namespace("adlcp", _ADL)
    made = ElementTree.Element(
        f"{{{_CP}}}manifest", identifier=f"seqviz-{identifier}", version="1.2"
    )
    metadata = ElementTree.SubElement(made, f"{{{_CP}}}metadata")
    ElementTree.SubElement(metadata, f"{{{_CP}}}schema").text = "ADL SCORM"
    ElementTree.SubElement(metadata, f"{{{_CP}}}schemaversion").text = "1.2"
    several = ElementTree.SubElement(made, f"{{{_CP}}}organizations", default="lesson")
    one = ElementTree.SubElement(several, f"{{{_CP}}}organization", identifier="lesson")
    ElementTree.SubElement(one, f"{{{_CP}}}title").text = title
    item = ElementTree.SubElement(
        one, f"{{{_CP}}}item", identifier="item", identifierref="page", isvisible="true"
    )
    ElementTree.SubElement(item, f"{{{_CP}}}title").text = title
    resources = ElementTree.SubElement(made, f"{{{_CP}}}resources")
    resource = ElementTree.SubElement(
        resources,
        f"{{{_CP}}}resource",
        {
            "identifier": "page",
            "type": "webcontent",
            f"{{{_ADL}}}scormtype": "sco",
            "href": "index.html",
        },
    )
    ElementTree.SubElement(resource, f"{{{_CP}}}file", href="index.html")
    return ElementTree.tostring(made, encoding="unicode", xml_declaration=True)
