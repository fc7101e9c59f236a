"""What mails about events look like, as text and as HTML."""

import pathlib
from dataclasses import dataclass

from markupsafe import Markup, escape

from kallithea.core.words import Catalog, Text
from kallithea.mail.mako_setup import TemplateLookup

_LOOKUP = TemplateLookup(
    directories=[str(pathlib.Path(__file__).resolve().parent)],
    imports=["from kallithea.core.words import _, _n"],
    default_filters=["context['say']"],
    strict_undefined=True,
    input_encoding="utf-8",
    filesystem_checks=False,
)
# Now, and not with the first mail: another version may have been installed by then.
_TEXT, _HTML = (_LOOKUP.get_template(f"/event_{kind}.mako") for kind in ("text", "html"))


@dataclass(frozen=True, slots=True)
class EventPart:
    """An event. ``commits`` are short ids, subjects, authors and addresses."""

    what: str
    path: str
    address: str
    when: str
    refs: tuple[str, ...] = ()
    more_refs: int = 0
    commits: tuple[tuple[str, str, str, str], ...] = ()
    more_commits: int = 0


@dataclass(frozen=True, slots=True)
class EventMail:
    """Events, why somebody is told of them, and where that is ended; ``more`` are only at ``all_address``."""

    site: str
    events: tuple[EventPart, ...]
    why: str
    unsubscribe_address: str
    settings_address: str
    more: int = 0
    all_address: str = ""


def render_text(page: EventMail, catalog: Catalog) -> str:
    """The mail for programs that show text."""

    def say(value: object) -> str:
        return value.say(catalog) if isinstance(value, Text) else str(value)

    return str(_TEXT.render_unicode(page=page, say=say)).strip() + "\n"


def render_html(page: EventMail, catalog: Catalog, tag: str) -> str:
    """The mail for programs that show HTML; everything in it is escaped. ``tag`` names the language."""

    def say(value: object) -> Markup:
        if isinstance(value, Text):
            return Markup(value.html(catalog, escape))  # noqa: S704 - escaped there
        return escape(value)

    return str(_HTML.render_unicode(page=page, say=say, language=tag)).strip() + "\n"
