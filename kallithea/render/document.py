"""Files that can be shown as what they mean beside the lines that they are: which ones, and how."""

import posixpath
from collections.abc import Callable
from dataclasses import dataclass

from markupsafe import Markup

from kallithea.core.words import Say, _
from kallithea.render.budget import Budget, TooCostlyError, UnreadableError
from kallithea.render.markup import render_markdown, render_restructured
from kallithea.render.notebook_html import render_notebook
from kallithea.render.safe_html import DocumentLinks, sanitize
from kallithea.render.table_html import render_table
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

    Of files of more than ``limit`` bytes nothing is rendered, or, if that makes sense in ``parts``, as many whole
    lines. ``wide``: it may take the whole width of a page, and be long. ``has_words``: there may be words of ours in
    it, beside the note; ``has_pictures``: it holds pictures itself.
    """

    media_type: str
    limit: int
    render: Callable[[str, DocumentLinks, Budget, Say], Rendering]
    parts: bool = False
    wide: bool = False
    has_words: bool = False
    has_pictures: bool = False


def find_form(file_name: str) -> Form | None:
    """How a file of this name is read; None for those that are shown as lines only."""
    return _FORMS.get(posixpath.splitext(file_name.lower())[1])


def render_document(text: str, form: Form, links: DocumentLinks, say: Say = str) -> Rendering:
    """A text as HTML, with our words as ``say`` says them.

    Whatever a library lets through, the sanitizer decides what reaches the page.
    """
    try:
        return form.render(visible_lines(text), links, Budget(RENDER_SECONDS), say)
    except TooCostlyError:
        return Rendering(None, _("Rendering this file takes too long, so its source is shown."))
    except UnreadableError:
        return Rendering(None, _("This file cannot be read as what its name says, so its source is shown."))


def _render_markdown(text: str, links: DocumentLinks, budget: Budget, _say: Say) -> Rendering:
    return Rendering(sanitize(render_markdown(text, budget), links))


def _render_restructured(text: str, links: DocumentLinks, budget: Budget, _say: Say) -> Rendering:
    return Rendering(sanitize(render_restructured(text, budget), links))


def _render_table(text: str, _links: DocumentLinks, budget: Budget, _say: Say) -> Rendering:
    return Rendering(*render_table(text, budget))


def _render_notebook(text: str, links: DocumentLinks, budget: Budget, say: Say) -> Rendering:
    return Rendering(*render_notebook(text, links, budget, say))


_MARKDOWN = Form("text/markdown", 256_000, _render_markdown)
_RESTRUCTURED = Form("text/x-rst", 256_000, _render_restructured)
_COMMAS = Form("text/csv", 512_000, _render_table, parts=True, wide=True)
_TABS = Form("text/tab-separated-values", 512_000, _render_table, parts=True, wide=True)
_NOTEBOOK = Form("application/x-ipynb+json", 8 << 20, _render_notebook, wide=True, has_words=True, has_pictures=True)
_FORMS = {
    ".md": _MARKDOWN,
    ".markdown": _MARKDOWN,
    ".mdown": _MARKDOWN,
    ".mkd": _MARKDOWN,
    ".rst": _RESTRUCTURED,
    ".rest": _RESTRUCTURED,
    ".csv": _COMMAS,
    ".tsv": _TABS,
    ".ipynb": _NOTEBOOK,
}
