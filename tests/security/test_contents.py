"""Probes with contents, names and messages that a browser could run."""

import json

import pytest
from bs4 import BeautifulSoup

from kallithea.core.access import Level
from kallithea.core.actor import COMMAND_LINE
from kallithea.services.work import writing
from kallithea.vcs.types import Kind
from kallithea.web.csrf import FIELD
from tests.factories.repositories import RepositoryBuilder
from tests.web.site import Site, form_of, get, links

SCRIPT = b"<script>alert(1)</script>"
TEMPLATES = (
    "${7919*7907}",
    "<%! import os %>",
    "{{7919*7907}}",
    "<%= 7919*7907 %>",
    "%{7919*7907}",
    "## ${7919*7907}\n% if True:\n${7919*7907}\n% endif",
)


@pytest.fixture(params=Kind)
def builder(request: pytest.FixtureRequest, site: Site) -> RepositoryBuilder:
    site.grant("visitors", Level.READ)
    return site.repository("r", request.param)


def _pages(site: Site, start: str = "/r", most: int = 60) -> dict[str, str]:
    """Pages that can be reached from one, with their text. A member asks, whose requests are not counted."""
    site.user("reader")
    browser, waiting, found = site.browser("reader"), [start], dict[str, str]()
    while waiting and len(found) < most:
        address = waiting.pop(0)
        if address not in found and address.startswith("/r"):
            answer = get(browser, address)
            assert answer.status_int in (200, 303), address
            if answer.content_type == "text/html":
                found[address] = answer.text
                waiting += links(answer)
    return found


@pytest.mark.parametrize("text", TEMPLATES)
def test_p20_nothing_is_a_template(site: Site, builder: RepositoryBuilder, text: str) -> None:
    site.user("root", administrator=True)
    commit_id = builder.commit({b"README.md": text.encode(), b"a": text.encode()}, message=text.encode())
    with writing(site.application) as services:
        services.repositories.get("r").description = text
    browser = site.browser("root")
    for address in ("/", "/r", "/r/files/tip/a", "/r/annotate/tip/a", "/r/changelog", f"/r/changeset/{commit_id}"):
        page = get(browser, address)
        assert page.status_int == 200
        assert "62615533" not in page.text
    answer = site.post(browser, "/_admin/repos", {"repo_name": text, "repo_type": text, "repo_description": text})
    assert form_of(answer)["repo_description"].value.split() == text.split()
    assert "62615533" not in answer.text


@pytest.mark.parametrize(
    ("address", "names"),
    [
        ("/_admin/repo_groups", ("group_name", "group_description")),
        ("/r/settings", ("repo_name", "repo_group", "owner", "repo_description", "repo_landing_rev")),
        ("/r/settings/fields", ("new_field_key", "new_field_label", "new_field_value")),
        ("/r/settings/delete", ("path",)),
        ("/r/fork", ("repo_group", "repo_name", "description")),
    ],
)
def test_p20_what_a_form_shows_again_is_no_template(
    site: Site, builder: RepositoryBuilder, address: str, names: tuple[str, ...]
) -> None:
    site.user("root", administrator=True)
    builder.commit({b"a": b"1"})
    for text in TEMPLATES:
        answer = site.post(site.browser("root"), address, dict.fromkeys(names, text))
        assert answer.status_int in (400, 422)
        assert "62615533" not in answer.text
        shown = [*answer.html.select("input[type=text], input:not([type])"), *answer.html.select("textarea")]
        assert text.split() in [(field.get("value") or field.text).split() for field in shown]


def test_p20_what_was_looked_for_is_no_template(site: Site, builder: RepositoryBuilder) -> None:
    builder.commit({b"a": b"1"})
    for address in ("/", "/r/branches", "/r/files-find/tip", "/r/files-search/tip", "/r/changelog", "/r/refs-menu"):
        for text in TEMPLATES:
            answer = get(site.browser(), address, params=dict.fromkeys(("f", "q", "author"), text))
            assert answer.status_int == 200
            assert "62615533" not in answer.text, address


HOSTILE_CELLS = [
    {"cell_type": "markdown", "source": "<script>alert(1)</script><img src=x onerror=a>"},
    {
        "cell_type": "code",
        "source": "The end",
        "outputs": [
            {
                "output_type": "display_data",
                "data": {
                    "text/html": "<iframe src=//evil.example></iframe><a href=javascript:alert(1) onclick=a>x</a>"
                },
            }
        ],
    },
]
DOCUMENTS = (
    (
        b".md",
        SCRIPT
        + b"\n\n<img src=x onerror=alert(1)>\n\n[x](javascript:alert(1)) [y](data:text/html,x) ![z](data:image/png,x)"
        b"\n\n<iframe src=//evil.example></iframe><form action=//evil.example><input></form><style>*{}</style>"
        b"\n\n<a href='vbscript:x' style='position:fixed' onclick=alert(1)>a</a><base href=//evil.example>"
        b"\n\n![t](https://tracker.example/x.png) <svg onload=alert(1)></svg><div id=main class=k-top></div>"
        b"\n\nThe end",
    ),
    (
        b".rst",
        b".. raw:: html\n\n   <script>alert(1)</script>\n\n.. include:: /etc/passwd\n\n"
        b".. csv-table:: x\n   :file: /etc/passwd\n\n.. csv-table:: y\n   :url: file:///etc/passwd\n\n"
        b"`x <javascript:alert(1)>`_\n\n"
        b".. image:: https://tracker.example/x.png\n   :target: javascript:alert(1)\n\nThe end\n",
    ),
    (
        b".ipynb",
        json.dumps({"nbformat": 4, "cells": HOSTILE_CELLS}).encode(),
    ),
    (b".csv", SCRIPT + b",<img src=x onerror=alert(1)>\nThe end,=cmd()\n"),
    (b".txt", SCRIPT + b"The end"),
    (b".html", SCRIPT + b"The end"),
    (b".org", SCRIPT + b"The end"),
    (b"", SCRIPT + b"The end"),
)


@pytest.mark.parametrize(("ending", "content"), DOCUMENTS)
@pytest.mark.parametrize(
    "address", ["/r", "/r/files/tip", "/r/files/tip/README{}", "/r/files/tip/README{}?view=source"]
)
def test_p28_documents_hold_nothing_that_acts(
    site: Site, builder: RepositoryBuilder, ending: bytes, content: bytes, address: str
) -> None:
    builder.commit({b"README" + ending: content})
    page = get(site.browser(), address.format(ending.decode()))
    assert page.status_int == 200
    assert "root:" not in page.text
    _assert_harmless(address, page.text)
    main = page.html.select_one("main")
    assert "The end" in main.text or "{}" not in address
    assert main.select("iframe, base, style, [style], [onclick], #main, .k-top") == []
    assert [form for form in main.select("form") if "evil" in form.get("action", "")] == []
    assert [one for one in main.select("[src]") if not one["src"].startswith(("/r", "/_avatar/"))] == []
    for one in main.select("[href]"):
        # a picture of another site is a link, which nothing follows by itself
        assert one["href"].startswith(("/r", "/icons/", "#", "https://tracker.example/x.png")), one


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (b"x.svg", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
        (b"y.svg", b"<html>" + SCRIPT),
        (b"z.svg", b'<?xml version="1.0"?><?xml-stylesheet type="text/xsl" href="x.xsl"?><svg/>'),
        (b"x.html", b"<html>" + SCRIPT),
        (b"x.xhtml", b'<html xmlns="http://www.w3.org/1999/xhtml">' + SCRIPT),
        (b"x.xml", b'<?xml version="1.0"?><?xml-stylesheet href="x.xsl"?><x/>'),
        (b"x.pdf", b"%PDF-1.7 /JS (app.alert(1))"),
        (b"x.ipynb", b'{"cells": [{"output": "' + SCRIPT + b'"}]}'),
        (b"x.mmd", b"graph TD; A-->B; click A javascript:alert(1)"),
        (b"x.js", b"alert(1)"),
        (b"x.swf", b"FWS\x09"),
        (b"x.png", b"<html>" + SCRIPT),
    ],
)
@pytest.mark.parametrize("verb", ["raw", "rawfile"])
def test_p29_raw_contents_are_text_or_attachments(
    site: Site, builder: RepositoryBuilder, verb: str, name: bytes, content: bytes
) -> None:
    builder.commit({name: content})
    answer = get(site.browser(), f"/r/{verb}/tip/{name.decode()}")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    attachment = answer.headers.get("Content-Disposition", "").startswith("attachment")
    if name == b"x.svg" and not attachment:
        # drawn, by a browser that runs and loads nothing for it: see tests/browser/test_pictures.py
        assert answer.content_type == "image/svg+xml"
        policy = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'"
        assert answer.headers["Content-Security-Policy"] == policy
    else:
        assert answer.content_type == "text/plain" or attachment


def test_p29_what_a_browser_has_keeps_its_policy(site: Site, builder: RepositoryBuilder) -> None:
    commit_id = builder.commit({b"x.svg": b"<svg/>"})
    for revision in ("tip", commit_id):
        first = get(site.browser(), f"/r/raw/{revision}/x.svg")
        again = get(site.browser(), f"/r/raw/{revision}/x.svg", headers={"If-None-Match": first.headers["ETag"]})
        assert again.status_int == 304
        assert again.headers["Content-Security-Policy"] == first.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "name",
    [
        b"<img src=x onerror=alert(1)>.py",
        b'"><svg onload=alert(1)>.md',
        b"javascript:alert(1)",
        b"a\nb<script>alert(1)<",
        "gpj\u202excod.exe".encode(),
        b"\xff\xfe<b>",
        b"' onmouseover='alert(1)",
    ],
)
def test_p30_names_of_files_are_text(site: Site, builder: RepositoryBuilder, name: bytes) -> None:
    if b"\n" in name and builder.kind is Kind.HG:
        pytest.skip("Mercurial has no such names")
    builder.commit({b"d/" + name: b"1\n", b"README.md": b"x"})
    builder.commit({b"d/" + name: b"2\n"})
    pages = _pages(site)
    assert len(pages) > 8
    for address, text in pages.items():
        _assert_harmless(address, text)
        assert "\u202e" not in text, address


@pytest.mark.parametrize(
    "name", [b"<img/src=x>", b'"onload="alert(1)', b"<script>alert(1)</script>", "x\u202ey".encode()]
)
def test_p31_names_of_branches_bookmarks_and_tags_are_text(site: Site, builder: RepositoryBuilder, name: bytes) -> None:
    commit_id = builder.commit({b"a": b"1"}, branch=b"<b>bold</b>" if builder.kind is Kind.HG else None)
    builder.bookmark(name, commit_id)
    builder.tag(name + b"2", commit_id)
    for address, text in _pages(site).items():
        _assert_harmless(address, text)
        assert "<b>bold" not in text, address
        assert "\u202e" not in text, address


def test_p32_authors_and_messages_are_text(site: Site, builder: RepositoryBuilder) -> None:
    # Git's own names hold no angle brackets
    names = {Kind.GIT: b'A "onload="alert(1) <" onerror="alert(1)@x>', Kind.HG: b"<script>alert(1)</script><img src=x>"}
    builder.commit(
        {b"README.txt": SCRIPT}, author=names[builder.kind], message=SCRIPT + b"\n\n" + SCRIPT + b"</p><img onerror=x>"
    )
    pages = _pages(site)
    assert any("&lt;script&gt;alert(1)&lt;/script&gt;" in text for text in pages.values())
    for address, text in pages.items():
        _assert_harmless(address, text)


HOSTILE_TEXT = (
    '<script>alert(1)</script> https://x.example/"onclick=alert(1)// @root"><img src=x onerror=alert(1)> '
    "javascript:alert(1)"
)


def test_p32_p33_p34_links_in_texts_are_made_of_text(site: Site, builder: RepositoryBuilder) -> None:
    site.user("root", administrator=True)
    first = builder.commit({b"a": b"1"})
    text = f"{HOSTILE_TEXT} {first[:10]}<b>{first}</b>"
    second = builder.commit({b"a": b"2"}, message=f"{text}\n\n{text}\n".encode())
    with writing(site.application) as services:
        services.repositories.get("r").description = text
    for address in ("/", "/r", f"/r/changeset/{second}", "/r/changelog"):
        page = get(site.browser("root"), address)
        _assert_harmless(address, page.text)
        assert page.html.select("main [onclick], main script") == [], address
        for link in page.html.select("main a[href]"):
            assert link["href"].startswith(("/", "https://x.example/", "#")), link


@pytest.mark.parametrize(
    "page", ["changeset/{}", "changeset/{}?layout=split", "compare/{first}..{}", "annotate/{}/a.html"]
)
def test_p35_changed_lines_are_text(site: Site, builder: RepositoryBuilder, page: str) -> None:
    content = b"</script>" + SCRIPT + b"\n</td></table><img src=x onerror=alert(1)>\n<!-- \n]]>\n"
    first = builder.commit({b"a.html": b"<b>\n"})
    commit_id = builder.commit({b"a.html": content})
    answer = get(site.browser(), f"/r/{page.format(commit_id, first=first)}")
    assert answer.status_int == 200
    _assert_harmless(page, answer.text)
    assert "</script><script>alert(1)</script>" in answer.html.select_one("main").text


def test_p36_what_was_looked_for_is_text(site: Site, builder: RepositoryBuilder) -> None:
    builder.commit({b"<img src=x onerror=alert(1)>": b"1", b"a": SCRIPT})
    browser = site.browser()
    for address in (
        "/r/files-find/tip?q={}",
        "/r/files-search/tip?q={}",
        "/r/branches?f={}",
        "/r/changelog?q={}",
        "/?f={}",
    ):
        for text in ("%22%3E%3Cscript%3Ealert(1)%3C/script%3E", "img"):
            page = get(browser, address.format(text))
            assert page.status_int == 200
            _assert_harmless(address, page.text)
    names = get(browser, "/r/files-names/tip")
    assert names.content_type == "text/plain"
    assert names.headers["X-Content-Type-Options"] == "nosniff"


def test_p44_no_form_of_a_document_gets_a_token(site: Site, builder: RepositoryBuilder) -> None:
    site.user("root", administrator=True)
    form = b'<form action="https://evil.example/" method=post><input name=x><button>Sign in</button></form>'
    outside = b'\n\n[x](https://evil.example/)\n\n<button form=f formaction="//evil.example/">x</button>\n'
    builder.commit({b"README.md": form + outside, b"a.ipynb": b"{}"})
    browser = site.browser("root")
    pages = ("/", "/r", "/r/files/tip", "/r/files/tip/README.md", "/r/files-find/tip", "/r/changelog", "/r/settings")
    for address in pages:
        page = get(browser, address)
        assert page.headers["Referrer-Policy"] == "same-origin"
        (token,) = {one["value"] for one in page.html.select(f"form[method=post] input[name={FIELD}]")}
        assert site.token(browser) not in page.text, address
        assert page.html.select("[formaction]") == []
        assert [one for one in page.html.select("form[action]") if not _is_ours(one["action"])] == []
        assert [one for one in page.html.select("form:not([method=post]) input") if one.get("value") == token] == []
        assert [one for one in page.html.select("[href], [src]") if token in (one.get("href") or one["src"])] == []


def test_p44_no_address_gets_the_token_that_a_form_carried(site: Site, builder: RepositoryBuilder) -> None:
    site.user("root", administrator=True)
    builder.commit({b"a": b"1"})
    browser = site.browser("root")
    for address, fields in (
        ("/_admin/repo_groups", {"group_name": "g"}),
        ("/_admin/repos", {"repo_name": "s", "repo_type": "git"}),
        ("/s/settings", {"repo_name": "t", "repo_group": "", "owner": "root"}),
        ("/t/settings/delete", {"path": "t"}),
        ("/_admin/logout", {}),
    ):
        token = site.token(browser)
        if address.endswith("/settings"):
            fields = {**fields, "was": form_of(get(browser, address))["was"].value}
        answer = site.post(browser, address, fields)
        assert answer.status_int == 303, address
        assert token not in answer.location
        assert _is_ours(answer.location.removeprefix("http://localhost"))


def _is_ours(address: str) -> bool:
    return address.startswith("/") and not address.startswith(("//", "/\\"))


def test_p33_p34_names_of_people_and_descriptions_are_text(site: Site) -> None:
    site.user("root", administrator=True)
    site.grant("visitors", Level.READ)
    site.group("g")
    with writing(site.application) as services:
        root = services.users.get("root")
        root.first_name, root.last_name, root.email = (
            "<img onerror=x>",
            "<script>alert(1)</script>",
            '"><svg onload=x>@x',
        )
        services.repository_groups.get("g").description = "<script>alert(1)</script>"
        services.repositories.insert(
            COMMAND_LINE, kind=Kind.GIT, path="g/x", folder="x", owner_id=root.user_id, description="<img onerror=x>"
        )
    for address, words in (("/", "<img onerror=x>"), ("/g", "<script>alert(1)</script>")):
        page = get(site.browser("root"), address)
        _assert_harmless(address, page.text)
        assert words in page.html.select_one("main").text


def _assert_harmless(address: str, text: str) -> None:
    for word in ("<script>alert", "<img src=x", "<img/src", "<svg onload", "<img onerror", 'href="javascript:'):
        assert word not in text, (address, word)
    page = BeautifulSoup(text, "html.parser")
    assert page.select("[onload], [onerror], [onmouseover], script:not([src])") == [], address
