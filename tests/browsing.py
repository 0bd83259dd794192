"""A page in headless Chromium for tests that need one and no more; `CHROMIUM` is None where it is not installed."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
REASON = "Chromium is not installed (Debian: apt-get install chromium)"


def launched(play: Any) -> Any:
    """Debian's Chromium, started by Playwright."""
    return play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])


@contextmanager
def opened(path: Path, route: str = "") -> Iterator[Any]:
    """The page of a file at a route ("#doc/key"), opened from disk; errors of its scripts fail the test."""
    from playwright import sync_api

    with sync_api.sync_playwright() as play:
        browser = launched(play)
        page = browser.new_page()
        wrong: list[str] = []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto(path.as_uri() + route)
        yield page
        browser.close()
        assert wrong == []
