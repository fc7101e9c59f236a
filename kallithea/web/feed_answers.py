"""Feeds as answers, and the places in pages that lead to them."""

import hashlib
from dataclasses import dataclass

from kallithea.render.feed_xml import Feed, FeedFormat, render_feed
from kallithea.web.answers import Response
from kallithea.web.freshness import has_page, unchanged
from kallithea.web.headers import FEED_VARY
from kallithea.web.request import Request

#: Entries of a feed.
MOST_ENTRIES = 20


@dataclass(frozen=True, slots=True)
class FeedLink:
    """A feed that has what a page has."""

    name: str
    content_type: str
    address: str


def send_feed(request: Request, feed: Feed, form: FeedFormat) -> Response:
    """The feed, or the word that the reader has it already."""
    body = render_feed(feed, form)
    tag = f'W/"{hashlib.blake2b(body, digest_size=16).hexdigest()}"'
    if has_page(request, tag, exists=True):
        return unchanged(tag, {"Vary": FEED_VARY})
    response = Response(body, content_type=form.content_type, charset="utf-8")
    response.headers["ETag"] = tag
    response.headers["Vary"] = FEED_VARY
    return response
