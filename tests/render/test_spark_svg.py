"""Bars of equal periods."""

import re
import xml.etree.ElementTree as ElementTree

from kallithea.render.spark_svg import draw_spark


def bars(counts: list[int]) -> list[tuple[str, int, int]]:
    root = ElementTree.fromstring(draw_spark(counts, "x"))
    return [(bar.attrib["class"], int(bar.attrib["y"]), int(bar.attrib["height"])) for bar in root]


def test_bars_are_as_high_as_there_was_much() -> None:
    assert bars([0, 1, 50, 100]) == [("z", 31, 1), ("b", 28, 4), ("b", 16, 16), ("b", 0, 32)]


def test_nothing_is_a_line() -> None:
    assert bars([0, 0]) == [("z", 31, 1), ("z", 31, 1)]
    assert bars([]) == []


def test_the_sentence_is_text() -> None:
    assert re.search('aria-label="&lt;b&gt; &amp;"', draw_spark([1], "<b> &"))
