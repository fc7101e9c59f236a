"""Files that can be shown as what they mean beside the lines that they are: which ones, and how."""

import posixpath
from collections.abc import Callable
from dataclasses import dataclass

from markupsafe import Markup

from kallithea.render.budget import Budget, TooCostlyError, UnreadableError
from kallithea.render.markup import render_markdown, render_restructured
from kallithea.render.safe_html import DocumentLinks, sanitize
from kallithea.render.text import visible_lines

#: Seconds of work that a rendering may take.
RENDER_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Rendering:
    """A file as safe HTML. ``note`` says what is left out, or, where ``html`` is None, why there is none."""

    html: Markup | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """How a file is read.

    Files of more than ``limit`` bytes are not rendered.
    """

    limit: int
    render: Callable[[str, DocumentLinks, Budget], Rendering]


def find_form(file_name: str) -> Form | None:
    """How a file of this name is read; None for those that are shown as lines only."""
    return _FORMS.get(posixpath.splitext(file_name.lower())[1])


def render_document(text: str, form: Form, links: DocumentLinks) -> Rendering:
    """A text as HTML. Whatever a library lets through, the sanitizer decides what reaches the page."""
    try:
        return form.render(visible_lines(text), links, Budget(RENDER_SECONDS))
    except TooCostlyError:
        return Rendering(None, "Rendering this file takes too long, so its source is shown.")
    except UnreadableError:
        return Rendering(None, "This file cannot be read as what its name says, so its source is shown.")


def _render_markdown(text: str, links: DocumentLinks, budget: Budget) -> Rendering:
    return Rendering(sanitize(render_markdown(text, budget), links))


def _render_restructured(text: str, links: DocumentLinks, budget: Budget) -> Rendering:
    return Rendering(sanitize(render_restructured(text, budget), links))


_MARKDOWN = Form(256_000, _render_markdown)
_RESTRUCTURED = Form(256_000, _render_restructured)
_FORMS = {
    ".md": _MARKDOWN,
    ".markdown": _MARKDOWN,
    ".mdown": _MARKDOWN,
    ".mkd": _MARKDOWN,
    ".rst": _RESTRUCTURED,
    ".rest": _RESTRUCTURED,
}
