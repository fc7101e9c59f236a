"""Of Bootstrap's style sheet, what pages use is kept, and pages use nothing else of it."""

import re
from pathlib import Path

from kallithea.front_end.build import SOURCES
from kallithea.front_end.used_styles import find_classes, keep_used, read_classes

PACKAGE = SOURCES.parent
STYLE = (
    '@charset "UTF-8";/*! notice */:root{--a:1}a,.x{b:c}.x .y,.x:not(.z,.y),.x:hover{d:e}'
    "@media (min-width:1px){.y{f:g}@supports (h:i){.x{j:k}}}@media print{.y{l:m}}@keyframes s{0%{n:o}to{p:q}}"
)


def test_selectors_of_other_classes_are_left_out() -> None:
    assert keep_used(STYLE, {"x"}) == (
        ":root{--a:1}a,.x{b:c}.x:hover{d:e}@media (min-width:1px){@supports (h:i){.x{j:k}}}@keyframes s{0%{n:o}to{p:q}}"
    )


def test_elements_are_kept_without_any_class() -> None:
    assert keep_used(STYLE, frozenset()) == ":root{--a:1}a{b:c}@keyframes s{0%{n:o}to{p:q}}"


def test_classes_of_a_style_sheet() -> None:
    assert find_classes(STYLE) == {"x", "y", "z"}


def test_lists_name_one_class_a_line() -> None:
    assert read_classes("# words\nx\n\nform-check\n") == {"x", "form-check"}


def test_pages_use_the_listed_classes_of_bootstrap() -> None:
    """A class that is not in the list has no rules; one that no page uses does not belong there."""
    bootstrap = (SOURCES / "node_modules/bootstrap/dist/css/bootstrap.css").read_text(encoding="utf-8")
    assert find_used() & find_classes(bootstrap) == read_classes((SOURCES / "bootstrap.txt").read_text())


def find_used() -> set[str]:
    """Words of all class attributes in templates, and of what makes elements in Python and scripts."""
    files = [path for folder in ("web", "render") for path in (PACKAGE / folder).rglob("*") if is_source(path)]
    text = "\n".join(path.read_text(encoding="utf-8") for path in [*files, *(PACKAGE / "public/js").glob("*.js")])
    found = re.findall(r"class(?:_|Name)?\s*[=:]\s*\"([^\"]*)\"|css_class='([^']*)'", text)
    return {word for pair in found for words in pair for word in re.findall(r"[A-Za-z][\w-]*", words)}


def is_source(path: Path) -> bool:
    return path.suffix in (".py", ".mako")
