"""Rows of an annotated file."""

import pytest
from markupsafe import Markup

from kallithea.render.annotation_html import (
    AnnotatedLines,
    AnnotationSigns,
    LineAuthor,
    heat_of,
    render_annotation,
)
from kallithea.render.code_html import code_rows

SIGNS = AnnotationSigns(Markup("<svg>before</svg>"), Markup("<svg>over</svg>"))
ADA = LineAuthor(
    "Commit 1, 3 d",
    "Annotate before commit 1",
    "/c/1?a&b",
    "Ada <b>",
    "/avatar",
    'Use <i> & "j"',
    Markup("<time>3 d</time>"),
    3.0,
)


def rows(*lines: str) -> list[str]:
    """Rows from the seventh on."""
    return str(code_rows((Markup(line) for line in lines), 7)).splitlines()


@pytest.mark.parametrize(
    ("days", "heat"), [(-1, 0), (0, 0), (59.9, 0), (60, 1), (119, 1), (730, 5), (3999, 8), (4000, 9), (20000, 9)]
)
def test_the_older_the_higher(days: float, heat: int) -> None:
    assert heat_of(days) == heat


def test_a_group_has_one_pair_of_cells() -> None:
    html = render_annotation([AnnotatedLines(2, ADA)], rows("<b>x</b>", "y"), SIGNS)

    assert html.count("<tbody>") == html.count('rowspan="2"') / 2 == 1
    assert '<tr id="L7"><td class="heat heat-0"' in html
    assert '<tr id="L8"><td class="ln"><a href="#L8" tabindex="-1">8</a></td><td class="src">y</td></tr>' in html
    assert "<b>x</b>" in html


def test_words_of_commits_are_escaped() -> None:
    html = render_annotation([AnnotatedLines(1, ADA, "/before?a&b")], rows("x"), SIGNS)

    assert 'href="/c/1?a&amp;b" title="Ada &lt;b&gt;: Use &lt;i&gt; &amp; &#34;j&#34;">Use &lt;i&gt;' in html
    assert 'href="/before?a&amp;b" title="Annotate before commit 1"' in html
    assert 'aria-label="Commit 1, 3 d"><time>' in html


def test_what_is_not_known_says_so() -> None:
    html = render_annotation([AnnotatedLines(1, None), AnnotatedLines(1, ADA)], rows("x", "y"), SIGNS)

    assert html.count("Not yet known") == 1
    assert html.index("Not yet known") < html.index("Ada")


def test_lines_that_an_ignored_commit_changed_are_marked() -> None:
    lines = [AnnotatedLines(1, ADA, passed_over=True), AnnotatedLines(1, ADA)]

    assert render_annotation(lines, rows("x", "y"), SIGNS).count("<svg>over</svg>") == 1
