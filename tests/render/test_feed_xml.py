"""Feeds are valid XML, whatever is in them."""

import datetime
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kallithea.render.feed_xml import Feed, FeedEntry, FeedFormat, render_feed

NOON = datetime.datetime(2030, 1, 2, 12, tzinfo=datetime.UTC)
ATOM = "{http://www.w3.org/2005/Atom}"
CREATOR = "{http://purl.org/dc/elements/1.1/}creator"


def make(text: str) -> Feed:
    entry = FeedEntry("https://x/1", text, "https://x/a?b=1&c=2", text, NOON, text)
    return Feed("https://x/f", text, "https://x/", "https://x/f/atom", NOON, (entry,))


def test_atom() -> None:
    root = ET.fromstring(render_feed(make("a < b"), FeedFormat.ATOM))
    assert root.tag == f"{ATOM}feed"
    assert root.findtext(f"{ATOM}updated") == "2030-01-02T12:00:00+00:00"
    assert {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")} == {
        "self": "https://x/f/atom",
        "alternate": "https://x/",
    }
    (entry,) = root.findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == "a < b"
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "a < b"
    content = entry.find(f"{ATOM}content")
    assert content is not None
    assert (content.text, content.get("type")) == ("a < b", "text")
    link = entry.find(f"{ATOM}link")
    assert link is not None
    assert link.get("href") == "https://x/a?b=1&c=2"


def test_rss() -> None:
    root = ET.fromstring(render_feed(make("<b>\nx"), FeedFormat.RSS))
    assert (root.tag, root.get("version")) == ("rss", "2.0")
    item = root.find("channel/item")
    assert item is not None
    assert item.findtext("description") == "&lt;b&gt;<br>\nx"
    assert (item.findtext("title"), item.findtext(CREATOR)) == ("<b>\nx", "<b>\nx")
    assert item.findtext("pubDate") == "Wed, 02 Jan 2030 12:00:00 +0000"
    assert item.findtext("guid") == "https://x/1"


@pytest.mark.parametrize("form", FeedFormat)
@given(st.text(alphabet=st.characters(exclude_categories=()), max_size=30))
def test_p37_any_text_is_valid_xml(form: FeedFormat, text: str) -> None:
    written = render_feed(make(text), form)
    assert written.startswith(b"<?xml version='1.0' encoding='utf-8'?>\n")
    assert len(list(ET.fromstring(written).iter())) == len(list(ET.fromstring(render_feed(make("x"), form)).iter()))
