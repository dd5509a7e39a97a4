"""Make the pictures of the README from the app as it is now.

Run from the root of the project after ``make test`` has installed everything:
``.venv/bin/python -m scripts.make_screenshots``. Writes into ``docs/``.
"""

from pathlib import Path

from playwright.sync_api import sync_playwright

from benchmarks.server import healthy_server
from seqviz.app.catalogue import LESSONS
from tests.browser.chromium import launch_options
from tests.browser.looking import DESKTOP, PHONE, wait_for_picture

ROOT = Path(__file__).parent.parent

# Every page as it opens without its questions, and some in another state, on another screen or in the dark.
SHOTS = {
    "home": ("", DESKTOP, "light"),
    **{lesson.key: (f"{lesson.key}?{lesson.key}_ask=none", DESKTOP, "light") for lesson in LESSONS},
    "recurrent": ("recurrent?recurrent_step=2&recurrent_return_sequences=true", DESKTOP, "light"),
    "recurrent-dark": (
        "recurrent?recurrent_cell=LSTM&recurrent_return_sequences=true&recurrent_step=2",
        DESKTOP,
        "dark",
    ),
    "phone": ("recurrent?recurrent_ask=none", PHONE, "light"),
}

if __name__ == "__main__":
    with healthy_server() as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_options())
        for name, (path, size, scheme) in SHOTS.items():
            page = browser.new_page(viewport=size, color_scheme=scheme, device_scale_factor=1)
            page.goto(f"{server.url}{path}")
            wait_for_picture(page)
            page.wait_for_timeout(1_000)
            target = ROOT / "docs" / f"{name}.png"
            page.screenshot(path=target, animations="disabled")
            print(f"wrote {target.relative_to(ROOT)}")
            page.close()
        browser.close()
