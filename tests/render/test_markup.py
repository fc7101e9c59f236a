"""Documents as safe HTML."""

import pytest
from bs4 import BeautifulSoup

from kallithea.render import document
from kallithea.render.document import Rendering, find_form, render_document
from kallithea.render.safe_html import DocumentLinks

LINKS = DocumentLinks("docs", lambda path: f"/files/{path}", lambda path: f"/raw/{path}")


def rendering(text: str, name: str = "README.md") -> Rendering:
    form = find_form(name)
    assert form is not None
    return render_document(text, form, LINKS)


def render(text: str, name: str = "README.md") -> str:
    found = rendering(text, name)
    assert found.html is not None, found.note
    return found.html


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("# A title", '<h1 id="doc-a-title">A title</h1>'),
        ("*a* **b** `c`", "<em>a</em> <strong>b</strong> <code>c</code>"),
        ("|a|\n|-|\n|1|\n", "<td>1</td>"),
        ("~~gone~~", "<s>gone</s>"),
        ("```python\nif x: pass\n```", '<pre class="hl"><code><span class="k">if</span>'),
        ("[x](other.md)", 'href="/files/docs/other.md"'),
        ("[x](../LICENSE#two)", 'href="/files/LICENSE#doc-two"'),
        ("[x](/src/a%20b.py)", 'href="/files/src/a b.py"'),
        ("[x](#a-title)", 'href="#doc-a-title"'),
        ("[x](https://example.org/)", 'href="https://example.org/"'),
        ("![logo](img/logo.png)", '<img src="/raw/docs/img/logo.png" alt="logo">'),
        ("[x](../../../../etc/passwd)", 'href="/files/etc/passwd"'),
        ("- [x] *done*", '<li><span class="task-box">☑</span> <em>done</em></li>'),
        ("1. [ ] later\n\n2. other", '<p><span class="task-box">☐</span> later</p>'),
        ("- [x]no task", "<li>[x]no task</li>"),
        (
            "> [!WARNING]\n> It *bites*.",
            '<aside class="admonition warning">\n<p class="admonition-title">Warning</p>\n<p>It <em>bites</em>.</p>',
        ),
        ("> [!OTHER]\n> x", "<blockquote>\n<p>[!OTHER]\nx</p>"),
        ("a[^n]\n\n[^n]: why", '<a href="#doc-fn1" id="doc-fnref1"'),
        ("a[^n]\n\n[^n]: why", '<li id="doc-fn1"><p>why <a href="#doc-fnref1"'),
        ("a[^unknown]", "<p>a[^unknown]</p>"),
    ],
)
def test_markdown(source: str, html: str) -> None:
    assert html in render(source)


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg onload=alert(1)><style>*{}</style></svg>",
        "[x](javascript:alert(1))",
        "[x](&#106;avascript:alert(1))",
        '<a href="java\tscript:alert(1)">x</a>',
        "[x](data:text/html,<script>alert(1)</script>)",
        '<a href="vbscript:x" style="position:fixed">x</a>',
        '<form action="https://evil.example"><input name=password></form>',
        '<iframe src="https://evil.example"></iframe>',
        "![x](javascript:alert(1))",
        "<math><mi//xlink:href='data:x,alert(1)'>",
        '<div class="k-notice" id="main">x</div>',
        "```<script>\nalert(1)\n```",
        "<style>body{display:none}</style>",
        "<base href=//evil.example>",
    ],
)
def test_markdown_holds_nothing_that_acts(source: str) -> None:
    html = render(source).lower()
    for word in (
        "<script",
        "onerror=",
        "onload=",
        'href="javascript',
        "vbscript:",
        "style=",
        "<form",
        "<iframe",
        "<input",
    ):
        assert word not in html
    for word in ('class="k-', 'id="main"', "<style", "<svg", "<math", "<base", 'href="data:', 'src="javascript'):
        assert word not in html


@pytest.mark.parametrize(
    ("source", "address", "words"),
    [
        ("![a badge](https://tracker.example/x.png)", "https://tracker.example/x.png", "a badge"),
        ("![](http://tracker.example/a/x.png?y=1)", "http://tracker.example/a/x.png?y=1", "x.png"),
        (
            '<img src="//tracker.example/x.png" srcset="//tracker.example/y 2x">',
            "https://tracker.example/x.png",
            "x.png",
        ),
        ('<img src="https://tracker.example/" alt="&quot;><b>">', "https://tracker.example/", "&quot;&gt;&lt;b&gt;"),
    ],
)
def test_pictures_of_other_sites_are_links(source: str, address: str, words: str) -> None:
    html = render(source)
    assert f'<a href="{address}" rel="nofollow noopener noreferrer">{words}</a>' in html
    assert "<img" not in html


def test_a_picture_of_another_site_within_a_link_is_its_words() -> None:
    html = render("[![passing](https://tracker.example/x.svg)](ci.md) ![two](https://tracker.example/y.svg)")
    assert '<a href="/files/docs/ci.md" rel="nofollow noopener noreferrer">passing</a>' in html
    assert '<a href="https://tracker.example/y.svg" rel="nofollow noopener noreferrer">two</a>' in html
    assert "<img" not in html


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ('<p align="center">x</p>', '<p align="center">x</p>'),
        ("<div align=RIGHT>x</div>", '<div align="right">x</div>'),
        ('<h1 align="center">x</h1>', '<h1 align="center">x</h1>'),
        ('<img align="right" src="a.png">', 'align="right"'),
        ("a | b | c\n--|--:|:-:\n1 | 2 | 3", '<td align="right">2</td>\n<td align="center">3</td>'),
    ],
)
def test_alignment_stays(source: str, html: str) -> None:
    assert html in render(source)


@pytest.mark.parametrize(
    "source", ['<p align="justify">x</p>', '<p align="x&quot; onclick=">x</p>', "<ul align=right>"]
)
def test_no_other_alignment_stays(source: str) -> None:
    assert "align" not in render(source)


def test_each_heading_has_an_id_of_its_own() -> None:
    page = BeautifulSoup(render("# A\n# A\n# A 1\n# A\n# A 1\n"), "html.parser")
    assert [title["id"] for title in page.select("h1")] == ["doc-a", "doc-a-1", "doc-a-1-1", "doc-a-2", "doc-a-1-2"]


def test_restructured_text() -> None:
    html = render("Title\n=====\n\n`x <other.rst>`_ and **bold**\n\n.. image:: logo.png\n", "README.rst")
    assert "<h1>Title</h1>" in html
    assert 'href="/files/docs/other.rst"' in html
    assert 'src="/raw/docs/logo.png"' in html


_MANUAL = """
.. contents:: On this page

Part one
--------

Text [1]_ and [Ada]_.

.. [1] A note.
.. [Ada] A book.

Part one
--------

.. warning:: Mind the gap
.. code-block:: python

   if x: pass
"""


def test_links_within_restructured_text_lead_to_its_parts() -> None:
    page = BeautifulSoup(render(_MANUAL, "README.rst"), "html.parser")
    led = {link.text: [part.name for part in page.select(str(link["href"]))] for link in page.select("a")}
    assert led == {"Part one": ["section"], "[1]": ["aside"], "[Ada]": ["div"], "1": ["a"], "Ada": ["a"]}
    assert [note.text for note in page.select("aside.footnote p")] == ["A note."]
    assert page.select("h1 a, h2 a") == []


def test_restructured_text_has_admonitions_and_coloured_code() -> None:
    page = BeautifulSoup(render(_MANUAL, "README.rst"), "html.parser")
    assert [title.text for title in page.select("aside.admonition.warning > p.admonition-title")] == ["Warning"]
    assert [word.text for word in page.select("pre.hl .k")] == ["if", "pass"]


def test_documents_choose_neither_classes_nor_ids_of_pages() -> None:
    aside, section = '<aside class="k-rail note" id="main">x</aside>', '<section class="k-file" id="a">y</section>'
    assert render(aside + section) == '<aside class="note" id="doc-main">x</aside><section id="doc-a">y</section>'


@pytest.mark.parametrize(
    "source",
    [
        ".. include:: /etc/passwd",
        ".. literalinclude:: /etc/passwd",
        ".. csv-table:: x\n   :file: /etc/passwd",
        ".. csv-table:: x\n   :url: file:///etc/passwd",
        ".. raw:: html\n   :file: /etc/passwd",
        ".. raw:: html\n\n   <script>alert(1)</script>",
        ".. role:: raw-html(raw)\n   :format: html\n\n:raw-html:`<script>alert(1)</script>`",
        "`x <javascript:alert(1)>`_",
        ".. image:: javascript:alert(1)\n   :target: javascript:alert(1)",
        ".. math::\n\n   \\href{javascript:alert(1)}{x}",
    ],
)
def test_restructured_text_reads_no_files_and_holds_nothing_that_acts(source: str) -> None:
    html = render(f"Text\n\n{source}\n", "README.rst")
    assert "root:" not in html
    assert "<script" not in html
    assert 'href="javascript' not in html
    assert "Text" in html


def test_broken_restructured_text_is_shown_as_far_as_it_can_be() -> None:
    assert "unknown" in render("Title\n==\n\n.. unknown:: x\n\n:bad:`unknown role`\n", "README.rst")


@pytest.mark.parametrize("name", ["README", "README.txt", "README.html", "README.svg", "md", ".md", "x.md.py"])
def test_everything_else_is_no_document(name: str) -> None:
    assert find_form(name) is None


@pytest.mark.parametrize("name", ["a.md", "A.MD", "a.b.markdown", "docs.rst", "x.rest"])
def test_documents_are_known_by_their_names(name: str) -> None:
    assert find_form(name) is not None


@pytest.mark.parametrize(
    "source",
    [
        *("*" * 20_000, "[" * 20_000, "> " * 5_000 + "x", "- " * 5_000, "`" * 20_000, "<" * 50_000),
        *("^[" * 10_000, "[^" * 10_000, "[^a]: " * 5_000, "- [x] " * 5_000),
        *("> [!NOTE]\n" * 5_000, "[^a]: [^a]" * 5_000),
        "[^a]" * 20_000 + "\n\n[^a]: x",
    ],
)
def test_nests_do_not_take_for_ever(source: str) -> None:
    assert render(source) is not None


@pytest.mark.parametrize("line", ["> ", "* ", "1. ", "\\ "])
def test_deep_nests_of_restructured_text_end_no_process(line: str) -> None:
    found = rendering(line * 5_000 + "x", "README.rst")
    assert found.html is not None or "cannot be read" in found.note


@pytest.mark.parametrize(("name", "source"), [("x.md", "one\n\ntwo *three*\n"), ("x.rst", "one\n\n* two\n")])
def test_what_takes_too_long_is_not_rendered(monkeypatch: pytest.MonkeyPatch, name: str, source: str) -> None:
    monkeypatch.setattr(document, "RENDER_SECONDS", -1.0)
    found = rendering(source, name)
    assert found.html is None
    assert "too long" in found.note
