"""One content, as it is and compressed: which one a client takes, and how it names the one that it has."""

from collections.abc import Mapping
from typing import Any

from webob.acceptparse import create_accept_encoding_header

# What Apache adds to the tag of what it has compressed, and we to that of ours.
_COMPRESSED = "-gzip"


def takes_gzip(environ: Mapping[str, Any]) -> bool:
    """Whether the client asks for gzip; one that says nothing may be unable to read it."""
    asked = environ.get("HTTP_ACCEPT_ENCODING")
    return bool(asked and create_accept_encoding_header(asked).acceptable_offers(["gzip"]))


def compressed_tag(tag: str) -> str:
    """The strong ETag of a content once it is compressed, from that of the content."""
    return f'{tag[:-1]}{_COMPRESSED}"'


def names_tag(environ: Mapping[str, Any], tag: str, *, exists: bool = True) -> bool:
    """Whether the client has the content with this ETag.

    A web server in front that compresses may have made it a weak one, as nginx does, or have added to it, as Apache
    does. A star stands for whatever there is, so it counts only where that is known to exist.
    """
    named = [_plain(one.strip()) for one in environ.get("HTTP_IF_NONE_MATCH", "").split(",")]
    return _plain(tag) in named or (exists and "*" in named)


def _plain(tag: str) -> str:
    return tag.removeprefix("W/").replace(f'{_COMPRESSED}"', '"')
