"""What of a page was made by its content, as the parser of a real browser sees it."""

from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page

_SCRIPT = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Inspection:
    """``problems`` is empty if nothing but text came from content; ``text`` holds all texts and attributes."""

    problems: list[str]
    text: str


def inspect(browser_page: Page, html: str) -> Inspection:
    """Look at the HTML of an answer with the browser's own parser."""
    return Inspection(**browser_page.evaluate(_SCRIPT, html))
