"""Documents such as a README as safe HTML: Markdown, reStructuredText, or plain text.

Whatever a renderer lets through, the sanitizer decides what reaches the page.
"""

import html
import itertools
import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

import docutils.core
import docutils.utils
import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markupsafe import Markup, escape

from kallithea.render.highlight import CSS_CLASSES, highlight_block
from kallithea.render.text import visible_lines

#: A longer document is shown as plain text.
MARKUP_LIMIT = 256_000

_MARKDOWN = (".md", ".markdown", ".mdown", ".mkd")
_RESTRUCTURED = (".rst", ".rest")

# Documents must not take the ids that the page around them uses.
_ID_PREFIX = "doc-"
_SLUG = re.compile(r"[^\w]+")

_TAGS = set(
    """a abbr b blockquote br caption cite code col colgroup dd del details dfn div dl dt em figcaption figure h1 h2 h3
    h4 h5 h6 hr i img ins kbd li ol p pre q s samp small span strike strong sub summary sup table tbody td tfoot th
    thead tr tt u ul var""".split()
)
_ATTRIBUTES = {
    "*": {"id", "title", "lang", "dir"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "td": {"colspan", "rowspan", "align"},
    "th": {"colspan", "rowspan", "align", "scope"},
    "ol": {"start", "reversed"},
    "details": {"open"},
}
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
    "traceback": False,
    "warning_stream": False,
}


@dataclass(frozen=True, slots=True)
class DocumentLinks:
    """Where relative addresses of a document lead.

    ``folder`` is the folder of the document as text, empty for the root; the functions turn a path from the root into
    an address on this site.
    """

    folder: str
    file_address: Callable[[str], str]
    image_address: Callable[[str], str]

    def resolve(self, address: str, *, image: bool) -> str | None:
        """The address to show for one that the document wrote; None where it must not be a link or an image."""
        try:
            parts = urlsplit(address)
        except ValueError:
            return None
        if parts.scheme or parts.netloc:
            return None if image else address
        if not parts.path:
            return f"#{_ID_PREFIX}{parts.fragment}" if parts.fragment else None
        joined = posixpath.normpath(posixpath.join("/", self.folder, unquote(parts.path))).lstrip("/")
        found = self.image_address(joined) if image else self.file_address(joined)
        return f"{found}#{_ID_PREFIX}{parts.fragment}" if parts.fragment and not image else found


def render_document(text: str, file_name: str, links: DocumentLinks) -> Markup:
    """A document as HTML; the ending of its file's name decides how it is read."""
    name = file_name.lower()
    text = visible_lines(text)
    if len(text) <= MARKUP_LIMIT:
        if name.endswith(_MARKDOWN):
            return _sanitize(render_markdown(text), links)
        if name.endswith(_RESTRUCTURED):
            return _sanitize(_render_restructured(text), links)
    return Markup("<pre>{}</pre>").format(text)


def render_markdown(text: str) -> str:
    """CommonMark with tables and strike-through as HTML, not yet sanitized."""
    return str(_MARKDOWN_READER.render(text))


def _render_restructured(text: str) -> str:
    try:
        parts = docutils.core.publish_parts(text, writer="html5", settings_overrides=_DOCUTILS_SETTINGS)
    except docutils.utils.SystemMessage:
        return f"<pre>{escape(text)}</pre>"
    return str(parts["body"])


def _sanitize(unsafe: str, links: DocumentLinks) -> Markup:
    def filter_attribute(tag: str, attribute: str, value: str) -> str | None:
        if attribute in ("href", "src"):
            return links.resolve(value, image=tag == "img")
        return _ID_PREFIX + value if attribute == "id" else value

    return Markup(  # noqa: S704 - sanitized
        nh3.clean(
            unsafe,
            tags=_TAGS,
            clean_content_tags={"script", "style", "template", "title"},
            attributes=_ATTRIBUTES,
            attribute_filter=filter_attribute,
            allowed_classes={"span": set(CSS_CLASSES), "pre": {"hl"}, "div": {"hl"}, "code": {"hl"}},
            url_schemes={"http", "https", "mailto"},
            link_rel="nofollow noopener noreferrer",
        )
    )


def _highlight_fence(_renderer: RendererHTML, tokens: Any, index: int, _options: Any, _env: Any) -> str:
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
        count = taken[slug] = taken.get(slug, 0) + 1
        token.attrSet("id", slug if count == 1 else f"{slug}-{count - 1}")


def _markdown_reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": True, "maxNesting": 20}).enable(["table", "strikethrough"])
    reader.core.ruler.push("heading_ids", _name_headings)
    reader.add_render_rule("fence", _highlight_fence)
    return reader


_MARKDOWN_READER = _markdown_reader()
