"""Which contents are pictures."""

import time

import pytest

from kallithea.render.pictures import find_picture_type

SVG = "image/svg+xml"


@pytest.mark.parametrize(
    ("head", "name", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n", b"x", "image/png"),
        (b"RIFF\0\0\0\0WEBP", b"x.svg", "image/webp"),
        (b"<svg>", b"x.svg", SVG),
        (b"<svg/>", b"X.SVG", SVG),
        (b"<svg>", b"x.html", None),
        (b"<svg>", b"x", None),
        (b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- a > b -->\n<svg xmlns="x">', b"x.svg", SVG),
        (b'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://x">\n<svg\n', b"x.svg", SVG),
        (b'<!DOCTYPE svg PUBLIC "a" "b" [\n<!ENTITY ns "http://x">\n]>\n<svg\n', b"x.svg", SVG),
        (b"<!DOCTYPE html><svg>", b"x.svg", None),
        (b"<!-- x --><html><svg>", b"x.svg", None),
        (b'<?xml version="1.0"?><?xml-stylesheet href="x.xsl"?><svg>', b"x.svg", None),
        (b"<svgx>", b"x.svg", None),
        (b"<html>", b"x.svg", None),
        (b"", b"x.svg", None),
    ],
)
def test_kind_of_a_picture(head: bytes, name: bytes, kind: str | None) -> None:
    assert find_picture_type(head, name) == kind


@pytest.mark.parametrize(
    "piece", [b" ", b"<!--", b"<!-- -->", b"<?xml ", b"<!DOCTYPE svg", b"<!DOCTYPE svg[", b"[]", b"\n<"]
)
def test_no_begin_takes_long(piece: bytes) -> None:
    before = time.process_time()
    assert find_picture_type(piece * (8_000 // len(piece)), b"x.svg") is None
    assert time.process_time() - before < 0.5
