"""Plain texts with links."""

import pytest
from markupsafe import Markup

from kallithea.render.links import (
    MOST_LOOKED_UP,
    TextLinks,
    find_commit_names,
    find_people,
    link_html,
    link_text,
)

LINKS = TextLinks({"abcdef1": "/r/changeset/abcdef1", "0123456789ab": "/r/changeset/0123"}, {"ada", "bob.b"})
COMMIT = '<a href="/r/changeset/abcdef1">abcdef1</a>'


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("fixes abcdef1.", f"fixes {COMMIT}."),
        ("(abcdef1)", f"({COMMIT})"),
        ("abcdef1, 0123456789ab", f'{COMMIT}, <a href="/r/changeset/0123">0123456789ab</a>'),
        ("abcdef2 is unknown", "abcdef2 is unknown"),
        ("xabcdef1 abcdef1x abcdef1-x a/abcdef1", "xabcdef1 abcdef1x abcdef1-x a/abcdef1"),
        ("Thanks @ada and @Bob.B.", "Thanks <b>@ada</b> and <b>@Bob.B</b>."),
        ("@nobody ada@ada.example x@ada", "@nobody ada@ada.example x@ada"),
        (
            "see https://example.org/a?b=1&c#d.",
            'see <a href="https://example.org/a?b=1&amp;c#d" rel="nofollow noopener noreferrer">'
            "https://example.org/a?b=1&amp;c#d</a>.",
        ),
        (
            "(https://example.org/abcdef1)",
            '(<a href="https://example.org/abcdef1" rel="nofollow noopener noreferrer">https://example.org/abcdef1</a>)',
        ),
        ("javascript:alert(1) data:text/html,x", "javascript:alert(1) data:text/html,x"),
        ('<b title="abcdef1">', f"&lt;b title=&#34;{COMMIT}&#34;&gt;"),
        ("", ""),
    ],
)
def test_what_becomes_a_link(text: str, html: str) -> None:
    assert link_text(text, LINKS) == html


@pytest.mark.parametrize(
    ("html", "linked"),
    [
        ("<p>in abcdef1</p>", f"<p>in {COMMIT}</p>"),
        ("abcdef1 <b>abcdef1</b>", f"{COMMIT} <b>{COMMIT}</b>"),
        ('<a href="/x">abcdef1</a> abcdef1', f'<a href="/x">abcdef1</a> {COMMIT}'),
        ("<pre><span>abcdef1</span></pre><code>abcdef1</code>", "<pre><span>abcdef1</span></pre><code>abcdef1</code>"),
        ('<img alt="a > abcdef1 <b" src="abcdef1">', '<img alt="a > abcdef1 <b" src="abcdef1">'),
        ("<p>&lt;script&gt; &amp;amp; abcdef1</p>", f"<p>&lt;script&gt; &amp;amp; {COMMIT}</p>"),
        ("</a></code>abcdef1", f"</a></code>{COMMIT}"),
    ],
)
def test_texts_in_html_become_links(html: str, linked: str) -> None:
    assert link_html(Markup(html), LINKS) == linked


def test_what_is_looked_up() -> None:
    assert find_commit_names("abcdef1 abcdef1 123456 " + "a" * 65) == ["abcdef1"]
    assert find_people("@Ada, @ada @b") == ["ada", "b"]
    assert len(find_commit_names(" ".join(f"{number:07x}" for number in range(500)))) == MOST_LOOKED_UP


@pytest.mark.parametrize(
    "text", ["a" * 200_000, "@" * 100_000, "@a" * 50_000, "https://" * 20_000, "1234567 " * 20_000]
)
def test_long_texts_are_read_once(text: str) -> None:
    assert str(link_text(text, LINKS)) != ""
