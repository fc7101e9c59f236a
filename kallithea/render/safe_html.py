"""HTML that somebody else has written, as far as it may be part of a page."""

import posixpath
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

import nh3
from markupsafe import Markup

from kallithea.render.highlight import CSS_CLASSES
from kallithea.render.outside_pictures import link_outside_pictures

# Documents must not take the ids that the page around them uses.
_ID_PREFIX = "doc-"

_TAGS = set(
    """a abbr aside b blockquote br caption cite code col colgroup dd del details dfn div dl dt em figcaption figure h1
    h2 h3 h4 h5 h6 hr i img ins kbd li ol p pre q s samp section small span strike strong sub summary sup table tbody
    td tfoot th thead tr tt u ul var""".split()
)
_ATTRIBUTES = {
    "*": {"id", "title", "lang", "dir"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height", "align"},
    **{name: {"align"} for name in ("p", "div", "h1", "h2", "h3", "h4", "h5", "h6")},
    "td": {"colspan", "rowspan", "align"},
    "th": {"colspan", "rowspan", "align", "scope"},
    "ol": {"start", "reversed"},
    "details": {"open"},
}
_ALIGNMENTS = {"left", "center", "right"}
# What admonitions, tasks and notes at the foot are called; pages around documents have no such classes.
_CLASSES = {
    "span": {*CSS_CLASSES, "label", "task-box"},
    "pre": {"hl"},
    "div": {"hl", "citation"},
    "code": {"hl"},
    "p": {"admonition-title", "sidebar-title", "topic-title"},
    "aside": {
        *("admonition", "attention", "caution", "danger", "error", "hint", "important", "note", "tip", "warning"),
        *("footnote", "sidebar", "topic"),
    },
}


@dataclass(frozen=True, slots=True)
class DocumentLinks:
    """Where relative addresses of a document lead.

    ``folder`` is the folder of the document as text, empty for the root; the functions turn a path from the root into
    an address on this site. ``output_address`` is that of a picture that the document itself holds, by the numbers of a
    cell and of its output; without it there are none.
    """

    folder: str
    file_address: Callable[[str], str]
    image_address: Callable[[str], str]
    output_address: Callable[[int, int], str] | None = None

    def resolve(self, address: str, *, image: bool) -> str | None:
        """The address to show for one that the document wrote; None where it must not be a link or an image."""
        try:
            parts = urlsplit(address)
        except ValueError:
            return None
        if image and parts.netloc and parts.scheme in ("", "http", "https"):
            # what becomes of these is said in outside_pictures
            return address if parts.scheme else f"https:{address}"
        if parts.scheme or parts.netloc:
            return None if image else address
        if not parts.path:
            return f"#{_ID_PREFIX}{parts.fragment}" if parts.fragment else None
        joined = posixpath.normpath(posixpath.join("/", self.folder, unquote(parts.path))).lstrip("/")
        found = self.image_address(joined) if image else self.file_address(joined)
        return f"{found}#{_ID_PREFIX}{parts.fragment}" if parts.fragment and not image else found


def sanitize(unsafe: str, links: DocumentLinks) -> Markup:
    """What of the HTML neither acts nor looks like a part of the page around it."""

    def filter_attribute(tag: str, attribute: str, value: str) -> str | None:
        if attribute in ("href", "src"):
            return links.resolve(value, image=tag == "img")
        if attribute == "align":
            return value.lower() if value.lower() in _ALIGNMENTS else None
        return _ID_PREFIX + value if attribute == "id" else value

    sanitized = nh3.clean(
        unsafe,
        tags=_TAGS,
        clean_content_tags={"script", "style", "template", "title"},
        attributes=_ATTRIBUTES,
        attribute_filter=filter_attribute,
        allowed_classes=_CLASSES,
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noopener noreferrer",
    )
    return Markup(link_outside_pictures(sanitized))  # noqa: S704 - sanitized, and what was added is escaped
