"""Markdown and reStructuredText as HTML, which is not safe before it was sanitized."""

import html
import itertools
import re
from typing import Any

import docutils.core
import docutils.nodes
import docutils.parsers.rst
import docutils.utils
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markupsafe import Markup
from mdit_py_plugins.footnote import footnote_plugin

from kallithea.render.budget import Budget, UnreadableError
from kallithea.render.highlight import highlight_block

_SLUG = re.compile(r"[^\w]+")
_TASK_BOXES = {True: "\N{BALLOT BOX WITH CHECK}", False: "\N{BALLOT BOX}"}
_DOCUTILS_SETTINGS: dict[str, Any] = {
    "_disable_config": True,
    "doctitle_xform": False,
    "embed_stylesheet": False,
    "file_insertion_enabled": False,
    "halt_level": 5,
    "initial_header_level": 1,
    "input_encoding": "unicode",
    "line_length_limit": 20_000,
    "math_output": "LaTeX",
    "raw_enabled": False,
    "report_level": 5,
    "smart_quotes": False,
    "stylesheet_path": None,
    "syntax_highlight": "short",
    # Headings would be links back to the table of contents.
    "toc_backlinks": False,
    # Without it, a failure would be written to the error stream and end this process.
    "traceback": True,
    "warning_stream": False,
}
# What docutils raises where a document leads it astray.
_ASTRAY = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    NotImplementedError,
    RecursionError,
    TypeError,
    ValueError,
    docutils.utils.SystemMessage,
)


def render_markdown(text: str, budget: Budget) -> str:
    """CommonMark with tables, strike-through, tasks, alerts and notes at the foot. Raises TooCostlyError.

    Tasks and alerts are written as on GitHub, notes as in Pandoc: ``- [x] done``, ``> [!NOTE]``, ``[^1]``.
    """
    return str(_MARKDOWN_READER.render(text, {"budget": budget}))


def render_restructured(text: str, budget: Budget) -> str:
    """What docutils makes of the text, without reading a file or an address. Raises TooCostlyError, UnreadableError."""
    try:
        parts = docutils.core.publish_parts(
            text, writer="html5", parser=_RestructuredReader(budget), settings_overrides=_DOCUTILS_SETTINGS
        )
    except _ASTRAY as problem:
        raise UnreadableError from problem
    return str(parts["body"])


class _RestructuredReader(docutils.parsers.rst.Parser):
    """Looks at the budget before each line, and marks code for the colours of pages."""

    def __init__(self, budget: Budget) -> None:
        super().__init__()
        self._budget = budget

    def parse(self, inputstring: str, document: docutils.nodes.document) -> None:
        """Fill the document, which every part of the parser tells where it is."""
        note = document.note_source

        def note_and_check(source: Any, offset: Any) -> None:
            self._budget.check()
            note(source, offset)

        document.note_source = note_and_check  # type: ignore[method-assign]
        super().parse(inputstring, document)
        for block in document.findall(docutils.nodes.literal_block):
            if "code" in block["classes"]:
                block["classes"].append("hl")


def _check_budget(state: Any, *_: Any) -> bool:
    """A rule that fits nothing, asked before all others."""
    state.env["budget"].check()
    return False


def _highlight_fence(_renderer: RendererHTML, tokens: Any, index: int, _options: Any, env: Any) -> str:
    env["budget"].check()
    token = tokens[index]
    language = html.unescape(token.info).strip().partition(" ")[0]
    return f'<pre class="hl"><code>{highlight_block(token.content, language)}</code></pre>\n'


def _name_headings(state: StateCore) -> None:
    """Give headings ids made from their text, so that a document can link to its parts."""
    taken: dict[str, int] = {}
    for token, inline in itertools.pairwise(state.tokens):
        if token.type != "heading_open":
            continue
        slug = _SLUG.sub("-", inline.content.lower()).strip("-")
        name = slug
        # another heading may be called like this one with its number
        while name in taken:
            taken[slug] += 1
            name = f"{slug}-{taken[slug]}"
        taken[name] = 0
        token.attrSet("id", name)


def _align_cells(state: StateCore) -> None:
    """Say the alignment of columns by an attribute: a page of ours has no styles but its own."""
    for token in state.tokens:
        style = token.attrs.pop("style", "") if token.type in ("th_open", "td_open") else ""
        if style:
            token.attrSet("align", str(style).rpartition(":")[2])


def _show_tasks(state: StateCore) -> None:
    """Tasks begin with a box, as text: what looks like a control should be one."""
    checked: bool | None = None
    for token in state.tokens:
        if token.type == "list_item_open":
            checked = token.meta.pop("checked", None)
        elif token.type == "inline" and checked is not None:
            box = Token("task_box", "", 0, content=_TASK_BOXES[checked])
            token.children = [box, *(token.children or [])]
            checked = None


def _render_task_box(_renderer: RendererHTML, tokens: Any, index: int, _options: Any, _env: Any) -> str:
    return f'<span class="task-box">{tokens[index].content}</span> '


def _open_alert(_renderer: RendererHTML, tokens: Any, index: int, _options: Any, _env: Any) -> str:
    return f'<aside class="admonition {tokens[index].meta["kind"].lower()}">\n'


def _close_alert(*_: Any) -> str:
    return "</aside>\n"


def _open_alert_title(*_: Any) -> str:
    return '<p class="admonition-title">'


def _markdown_reader() -> MarkdownIt:
    options = {"html": True, "maxNesting": 20, "tasklists": True, "alerts": True}
    reader = MarkdownIt("commonmark", options).enable(["table", "strikethrough"]).use(footnote_plugin)
    reader.core.ruler.push("heading_ids", _name_headings)
    reader.core.ruler.push("cells", _align_cells)
    reader.core.ruler.push("tasks", _show_tasks)
    reader.block.ruler.before("table", "budget", _check_budget)
    reader.inline.ruler.before("text", "budget", _check_budget)
    reader.add_render_rule("fence", _highlight_fence)
    reader.add_render_rule("task_box", _render_task_box)
    reader.add_render_rule("alert_open", _open_alert)
    reader.add_render_rule("alert_close", _close_alert)
    reader.add_render_rule("alert_title_open", _open_alert_title)
    return reader


_MARKDOWN_READER = _markdown_reader()


def plain_text(text: str) -> Markup:
    """A text as it is."""
    return Markup("<pre>{}</pre>").format(text)
