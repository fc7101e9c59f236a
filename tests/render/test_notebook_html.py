"""Jupyter notebooks as safe HTML."""

import json
from typing import Any

import pytest

from kallithea.render.document import Rendering, find_form, render_document
from kallithea.render.notebook_html import LONGEST_OUTPUT, MOST_CELLS
from kallithea.render.safe_html import DocumentLinks

LINKS = DocumentLinks("docs", lambda path: f"/files/{path}", lambda path: f"/raw/{path}")


def render_text(text: str) -> Rendering:
    form = find_form("a.ipynb")
    assert form is not None
    return render_document(text, form, LINKS)


def render(*cells: Any) -> str:
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {"language_info": {"name": "python"}}, "cells": cells}
    found = render_text(json.dumps(notebook))
    assert found.html is not None, found.note
    return found.html


def code(source: Any, *outputs: Any) -> dict[str, Any]:
    return {"cell_type": "code", "metadata": {}, "execution_count": 7, "source": source, "outputs": list(outputs)}


def result(**data: Any) -> dict[str, Any]:
    return {"output_type": "execute_result", "metadata": {}, "data": {key.replace("_", "/"): data[key] for key in data}}


@pytest.mark.parametrize(
    ("cell", "html"),
    [
        ({"cell_type": "markdown", "source": ["# A\n", "*b* [c](d.md)"]}, "<em>b</em>"),
        ({"cell_type": "markdown", "source": "[c](d.md)"}, 'href="/files/docs/d.md"'),
        ({"cell_type": "raw", "source": "<b>"}, "<pre>&lt;b&gt;</pre>"),
        (code("if x: pass"), '<span class="k">if</span>'),
        (code("x"), "[7]"),
        (code("x", {"output_type": "stream", "name": "stdout", "text": ["a\n", "<b>"]}), "<pre>a\n&lt;b&gt;</pre>"),
        (code("x", {"output_type": "error", "ename": "E", "evalue": "v", "traceback": []}), "<pre>E: v</pre>"),
        (
            code("x", {"output_type": "error", "traceback": ["\x1b[0;31mE\x1b[0m: v"]}),
            "<pre>E: v</pre>",
        ),
        (code("x", result(text_plain="1")), "<pre>1</pre>"),
        (code("x", result(text_html="<table><tr><td>1</td></tr></table>", text_plain="1")), "<td>1</td>"),
        (code("x", result(text_markdown="**1**")), "<strong>1</strong>"),
        (code("x", result(text_latex="$x$")), "<pre>$x$</pre>"),
        (code("x", result(image_png="iVBORw0KGgo=", text_plain="<Figure>")), "Not shown: image/png."),
    ],
)
def test_cells_and_their_outputs(cell: Any, html: str) -> None:
    assert html in render(cell)


PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


def draw(*cells: Any) -> str:
    """The same where pictures have addresses."""
    form = find_form("a.ipynb")
    assert form is not None
    links = DocumentLinks("", str, str, lambda cell, output: f"/picture/{cell}/{output}")
    found = render_document(json.dumps({"nbformat": 4, "cells": cells}), form, links)
    assert found.html is not None, found.note
    return found.html


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"image/png": PNG, "text/plain": "<Figure 1>"}, "&lt;Figure 1&gt;"),
        ({"image/png": [PNG[:20] + "\n", PNG[20:]]}, "Picture"),
        ({"image/jpeg": "/9j/4AAQSkZJRg==", "text/plain": "a\nb" + '"' * 300}, "a\u240ab" + "&#34;" * 197),
        ({"image/png": "/9j/4AAQSkZJRg=="}, "Picture"),
        ({"image/svg+xml": ["<?xml version='1.0'?>\n", "<svg onload='alert(1)'/>"]}, "Picture"),
    ],
)
def test_a_picture_comes_from_an_address_of_its_own(data: dict[str, Any], words: str) -> None:
    output = {"output_type": "display_data", "data": data}
    html = draw({"cell_type": "raw", "source": ""}, code("x", result(text_plain="1"), output))
    assert html.endswith(f'<div class="out"><img src="/picture/2/2" alt="{words}" loading="lazy"></div></div></div>')
    assert "Not shown" not in html


@pytest.mark.parametrize(
    ("media_type", "content"),
    [
        ("image/png", "PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg=="),
        ("image/png", "no base64"),
        ("image/png", {"a": 1}),
        ("image/png", PNG + "A" * (7 << 20)),
        ("image/svg+xml", "<html><svg>"),
        ("image/svg+xml", PNG),
        ("image/bmp", "Qk0="),
        ("application/pdf", PNG),
    ],
)
def test_what_is_no_picture_or_too_large_is_named(media_type: str, content: Any) -> None:
    html = draw(code("x", {"output_type": "display_data", "data": {media_type: content, "text/plain": "words"}}))
    assert "<img" not in html
    assert f"Not shown: {media_type}." in html
    assert "<pre>words</pre>" in html


def test_beside_a_table_there_is_its_picture() -> None:
    html = draw(code("x", result(text_html="<table><tr><td>1</td></tr></table>", image_png=PNG)))
    assert "<td>1</td>" in html
    assert '<img src="/picture/1/1" alt="Picture"' in html


HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)><a href='javascript:alert(1)'>x</a><style>*{}</style>"


@pytest.mark.parametrize(
    "cell",
    [
        {"cell_type": "markdown", "source": HOSTILE},
        {"cell_type": "raw", "source": HOSTILE},
        {"cell_type": HOSTILE, "source": HOSTILE},
        code(HOSTILE),
        code("x", {"output_type": "stream", "name": HOSTILE, "text": HOSTILE}),
        code("x", {"output_type": "error", "ename": HOSTILE, "evalue": HOSTILE, "traceback": [HOSTILE]}),
        code("x", result(text_html=HOSTILE)),
        code("x", result(text_markdown=HOSTILE)),
        code("x", result(text_html="<div" + " " * LONGEST_OUTPUT + "onclick=alert(1)>")),
        code("x", result(image_svg="<svg onload=alert(1)>")),
        code("x", {"output_type": "display_data", "data": {HOSTILE: HOSTILE}}),
        code("x", {"output_type": "display_data", "data": {"application/javascript": "alert(1)"}}),
        {**code("x"), "execution_count": HOSTILE},
    ],
)
def test_nothing_in_a_notebook_acts(cell: Any) -> None:
    html = render(cell).lower()
    for word in ("<script", "onerror=alert(1)>", "<style", "<svg", "onclick", 'href="javascript', "src=x>"):
        assert word not in html.replace("&lt;img src=x onerror=alert(1)&gt;", "")


def test_pictures_are_not_put_into_the_page() -> None:
    html = render(code("x", result(text_html='<img src="data:image/png;base64,iVBO">')))
    assert "data:" not in html


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        "no JSON",
        '{"nbformat": 3, "worksheets": []}',
        '{"nbformat": 4, "cells": {}}',
        "[" * 100_000,
        '{"nbformat": ' + "9" * 10_000 + "}",
    ],
)
def test_what_is_no_notebook(text: str) -> None:
    found = render_text(text)
    assert found.html is None
    assert "cannot be read" in found.note


@pytest.mark.parametrize(
    "cell",
    [
        None,
        1,
        "x",
        [],
        {},
        {"cell_type": [], "source": {"a": 1}},
        code(7, 8, None),
        code(["a", 1], result(text_plain=3)),
    ],
)
def test_odd_cells_are_no_failure(cell: Any) -> None:
    assert 'class="k-nb"' in render(cell)


def test_cells_and_outputs_are_bounded() -> None:
    cells = [{"cell_type": "raw", "source": "x"}] * (MOST_CELLS + 1)
    found = render_text(json.dumps({"nbformat": 4, "cells": cells}))
    assert f"first {MOST_CELLS} cells" in found.note
    html = render(code("x", {"output_type": "stream", "text": "y" * (LONGEST_OUTPUT + 1)}))
    assert "The rest of this output is left out." in html
    assert html.count("y") < LONGEST_OUTPUT + 20
