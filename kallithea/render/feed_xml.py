"""Feeds as XML: Atom (RFC 4287) and RSS 2.0.

Everything is put into a tree, so that nothing can end what it stands in.
"""

import datetime
import enum
import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import format_datetime

from markupsafe import Markup, escape

_ATOM = "http://www.w3.org/2005/Atom"
_CREATOR = "http://purl.org/dc/elements/1.1/"
# What XML 1.0 has no room for, not even written as a number.
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

ET.register_namespace("atom", _ATOM)
ET.register_namespace("dc", _CREATOR)


class FeedFormat(enum.StrEnum):
    """A form that a feed can have."""

    ATOM = "atom"
    RSS = "rss"

    @property
    def content_type(self) -> str:
        """What the answer says of itself."""
        return f"application/{self}+xml"


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """Something that happened. ``key`` is an address that never changes; ``text`` is plain, of several lines."""

    key: str
    title: str
    address: str
    author: str
    when: datetime.datetime
    text: str = ""


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed with whole addresses: ``address`` is the page with the same contents, ``own_address`` its own."""

    key: str
    title: str
    address: str
    own_address: str
    updated: datetime.datetime
    entries: Sequence[FeedEntry]


def render_feed(feed: Feed, form: FeedFormat) -> bytes:
    """The feed as UTF-8 with an XML declaration."""
    root = _atom(feed) if form is FeedFormat.ATOM else _rss(feed)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _atom(feed: Feed) -> ET.Element:
    root = ET.Element(_in_atom("feed"))
    _add(root, _in_atom("id"), feed.key)
    _add(root, _in_atom("title"), feed.title)
    _add(root, _in_atom("updated"), feed.updated.isoformat())
    _add(root, _in_atom("link"), rel="self", type=FeedFormat.ATOM.content_type, href=feed.own_address)
    _add(root, _in_atom("link"), rel="alternate", type="text/html", href=feed.address)
    for one in feed.entries:
        entry = _add(root, _in_atom("entry"))
        _add(entry, _in_atom("id"), one.key)
        _add(entry, _in_atom("title"), one.title)
        _add(entry, _in_atom("updated"), one.when.isoformat())
        _add(entry, _in_atom("link"), rel="alternate", type="text/html", href=one.address)
        _add(_add(entry, _in_atom("author")), _in_atom("name"), one.author)
        _add(entry, _in_atom("content"), one.text, type="text")
    return root


def _rss(feed: Feed) -> ET.Element:
    root = ET.Element("rss", version="2.0")
    channel = _add(root, "channel")
    _add(channel, "title", feed.title)
    _add(channel, "link", feed.address)
    _add(channel, "description", feed.title)
    _add(channel, "lastBuildDate", format_datetime(feed.updated))
    _add(channel, _in_atom("link"), rel="self", type=FeedFormat.RSS.content_type, href=feed.own_address)
    for one in feed.entries:
        item = _add(channel, "item")
        _add(item, "guid", one.key, isPermaLink="false")
        _add(item, "title", one.title)
        _add(item, "link", one.address)
        _add(item, "pubDate", format_datetime(one.when))
        _add(item, f"{{{_CREATOR}}}creator", one.author)
        # readers take a description for HTML
        _add(item, "description", _as_html(one.text))
    return root


def _as_html(text: str) -> str:
    return str(Markup("<br>\n").join(escape(line) for line in text.split("\n")))


def _in_atom(name: str) -> str:
    return f"{{{_ATOM}}}{name}"


def _add(parent: ET.Element, tag: str, text: str = "", **attributes: str) -> ET.Element:
    clean = {name: _clean(value) for name, value in attributes.items()}
    element = ET.SubElement(parent, tag, clean)
    if text:
        element.text = _clean(text)
    return element


def _clean(text: str) -> str:
    return _NO_XML.sub("\ufffd", text)
