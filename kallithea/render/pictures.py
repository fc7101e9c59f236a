"""Which contents are pictures that a browser may draw, by what their bytes begin with."""

import re

SVG = "image/svg+xml"

_PICTURES = ((b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"), (b"GIF8", "image/gif"))
_SVG_NAME = b".svg"

# The declaration, comments, and the document type, but no other instruction: one may name a style sheet with a program.
_SVG_HEAD = re.compile(
    rb"(?:\xef\xbb\xbf)?+(?:\s++|<\?xml\s.*?\?>|<!--.*?-->|<!DOCTYPE\s++svg\b[^\[\]<>]*+(?:\[[^\]]*+\]\s*+)?+>)*+<svg[\s/>]",
    re.DOTALL,
)


def find_picture_type(head: bytes, name: bytes = b"") -> str | None:
    """The media type of a picture, None for everything else.

    SVG, which may hold scripts, is one by its name and its begin: who sends it has to keep browsers from running it.
    """
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if name.lower().endswith(_SVG_NAME) and is_svg(head):
        return SVG
    return next((kind for magic, kind in _PICTURES if head.startswith(magic)), None)


def is_svg(head: bytes) -> bool:
    """Whether a content begins like SVG."""
    return _SVG_HEAD.match(head) is not None
