"""Templates hold what the content security policy allows: no script, no style and no event handler in the page."""

import re
from pathlib import Path

import pytest

from tests.house.conftest import FindFiles

FORBIDDEN = {
    "an inline script": re.compile(r"<script(?![^>]*\bsrc=)[^>]*>", re.IGNORECASE),
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "an event handler": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "a javascript: address": re.compile(r"javascript:", re.IGNORECASE),
    "a data: address": re.compile(r"""(?:src|href|action)\s*=\s*["']?data:""", re.IGNORECASE),
    "an address on another site": re.compile(r"<(?:script|link|img|iframe)[^>]*(?:src|href)=[\"']?(?:https?:)?//"),
}


@pytest.mark.parametrize("thing", FORBIDDEN)
def test_no_template_has(thing: str, find_files: FindFiles) -> None:
    # Mail is read by programs that know no style sheet of ours.
    templates = [path for path in find_files("kallithea/**/*.mako") if "mail" not in path.parts]
    assert [path for path in templates if FORBIDDEN[thing].search(path.read_text(encoding="utf-8"))] == []


def test_no_template_has_blocks_of_python(find_files: FindFiles) -> None:
    blocks = re.compile(r"<%(?![!%\w/])|<%!(?!\s*from |\s*import )")
    assert [path for path in find_files("*.mako") if blocks.search(path.read_text(encoding="utf-8"))] == []


def test_every_icon_that_a_template_names_is_in_the_sprite(find_files: FindFiles, root: Path) -> None:
    known = {*(root / "kallithea/front_end/icons.txt").read_text(encoding="utf-8").split(), "k-mark"}
    named = re.compile(r"""icons\.svg[^"'#]*#([a-z0-9-]+)|\bicon\(["']([a-z0-9-]+)["']""")
    missing = {
        (path.name, name)
        for path in find_files("kallithea/**/*.mako", "kallithea/**/*.py")
        for match in named.finditer(path.read_text(encoding="utf-8"))
        if (name := match[1] or match[2]) not in known
    }
    assert missing == set()
