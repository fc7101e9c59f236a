"""The scripts in kallithea/front_end/js, in a real browser and under the content security policy of the application."""

import json
import re
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.selection import find_chromium

PUBLIC = Path(__file__).resolve().parents[2] / "kallithea/public"
FILES = json.loads((PUBLIC / "manifest.json").read_text())
SCRIPTS = sorted(path for name, path in FILES.items() if name.startswith("js/"))

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("scripts")]

Show = Callable[[str], Page]


class _Handler(SimpleHTTPRequestHandler):
    """Serves the static files, and below /page and /part the HTML that a test has set."""

    html = ""
    parts: ClassVar[dict[str, str]] = {}

    def do_GET(self) -> None:
        if not self.path.startswith(("/page", "/part")):
            super().do_GET()
            return
        body = self.parts.get(self.path, self.html).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(204)
        self.end_headers()

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", "default-src 'self'")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, directory=str(PUBLIC)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def show(browser: Browser, address: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Show]:
    """Return a function that shows a body with the style sheet and all scripts; complaints of the browser fail."""
    page = browser.new_page(viewport={"width": 1000, "height": 600})
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    scripts = "".join(f'<script type="module" src="/{path}"></script>' for path in SCRIPTS)
    style = f'<link rel="stylesheet" href="/{FILES["css/kallithea.css"]}">'
    head = f'<meta charset="utf-8"><title>Test</title>{style}{scripts}'
    icon = f'<link rel="icon" href="/{FILES["images/logo.svg"]}">'

    def show_body(body: str) -> Page:
        html = (
            f'<!doctype html><html lang="en" data-bs-theme="auto"><head>{head}{icon}</head><body>{body}</body></html>'
        )
        monkeypatch.setattr(_Handler, "html", html)
        page.goto(f"{address}/page")
        return page

    yield show_body
    page.close()
    assert complaints == []


MENUS = """
<details class="k-menu"><summary id="first">One</summary><div class="k-pop"><a href="#a">a</a></div></details>
<details class="k-menu"><summary id="second">Two</summary><div class="k-pop"><a href="#b">b</a></div></details>
<p id="outside">Text</p>
"""


def _open_menus(page: Page) -> list[str | None]:
    return [menu.get_attribute("id") for menu in page.locator(".k-menu[open] > summary").all()]


def test_opening_a_menu_closes_the_other(show: Show) -> None:
    page = show(MENUS)
    page.click("#first")
    page.locator("#second").press("Enter")
    assert _open_menus(page) == ["second"]


@pytest.mark.parametrize("close", [lambda page: page.keyboard.press("Escape"), lambda page: page.mouse.click(900, 500)])
def test_menu_closes_by_escape_and_by_a_click_outside(show: Show, close: Callable[[Page], None]) -> None:
    page = show(MENUS)
    page.click("#first")
    close(page)
    assert _open_menus(page) == []


def test_chosen_theme_is_kept_in_a_cookie_and_applied_to_the_next_page(show: Show) -> None:
    switch = "".join(
        f'<label><input type="radio" name="theme" value="{theme}" data-set="theme">{theme}</label>'
        for theme in ("auto", "light", "dark")
    )
    page = show(switch)
    page.check("[value=dark]")
    assert ("kallithea-theme", "dark") in [(cookie["name"], cookie["value"]) for cookie in page.context.cookies()]
    page = show(switch)
    assert page.locator("html").get_attribute("data-bs-theme") == "dark"
    assert page.locator("[value=dark]").is_checked()


def test_copy_button_copies_and_says_so(show: Show) -> None:
    page = show('<button data-copy="git clone x" aria-label="Copy" data-copied="Copied">Copy</button>')
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.click("button")
    page.wait_for_selector("[aria-label=Copied]")
    assert page.evaluate("navigator.clipboard.readText()") == "git clone x"


WIDE = f'<div class="k-prose"><pre class="wide">{"x" * 500}</pre><pre class="small">x</pre></div>'


def test_the_keyboard_reaches_what_scrolls(show: Show) -> None:
    page = show(f'{WIDE}<div id="later"></div>')
    page.wait_for_selector(".wide[tabindex='0']")
    assert page.locator(".small[tabindex]").count() == 0

    page.locator("#later").evaluate("(element, html) => { element.innerHTML = html; }", WIDE)
    page.wait_for_selector("#later .wide[tabindex='0']")

    page.locator("#later .wide").evaluate("(element) => { element.parentElement.style.maxWidth = 'none'; }")
    page.set_viewport_size({"width": 9000, "height": 600})
    page.wait_for_selector("#later .wide[tabindex]", state="detached")


def test_filter_hides_the_rows_without_the_words(show: Show) -> None:
    page = show('<input data-filter="list"><div id="list"><a href="#1">Alpha</a><a href="#2">Beta</a></div>')
    page.fill("input", "ALP")
    assert page.locator("#list a:visible").all_inner_texts() == ["Alpha"]


def _lines(count: int) -> str:
    rows = "".join(
        f'<tr id="L{n}"><td class="ln"><a href="#L{n}">{n}</a></td><td class="src">text</td></tr>'
        for n in range(1, count + 1)
    )
    return f'<table class="k-code" data-lines>{rows}</table>'


def test_key_opens_the_menu_of_branches(show: Show) -> None:
    page = show('<details class="k-pick"><summary>main</summary><input></details>')
    page.keyboard.press("b")
    assert page.locator("details input").evaluate("(element) => element === document.activeElement")


def test_key_shows_the_permanent_address(show: Show) -> None:
    page = show(f'<h1 data-permanent="/files/0123/x">x</h1>{_lines(3)}')
    page.click("#L2 .ln a")
    page.evaluate("history.replaceState(null, '', '?view=source&at=main#L2')")
    page.keyboard.press("y")
    page.wait_for_url("**/files/0123/x?view=source#L2")


def test_key_goes_to_a_line(show: Show) -> None:
    page = show(
        f'{_lines(9)}<dialog id="line"><form method="dialog"><input name="line" type="number" autofocus>'
        "<button>Go</button></form></dialog>"
    )
    page.keyboard.press("l")
    page.locator("dialog input").press_sequentially("7")
    page.keyboard.press("Enter")
    page.wait_for_url("**#L7")
    assert [row.get_attribute("id") for row in page.locator("tr.sel").all()] == ["L7"]


def test_shift_click_selects_a_range_and_the_address_says_so(show: Show) -> None:
    page = show(_lines(9))
    page.click("#L7 .ln a")
    page.click("#L5 .ln a", modifiers=["Shift"])
    page.wait_for_url("**#L5-L7")
    assert [row.get_attribute("id") for row in page.locator("tr.sel").all()] == ["L5", "L6", "L7"]


def test_address_selects_lines(show: Show) -> None:
    page = show(_lines(9) + '<a id="link" href="#L2-L3">there</a>')
    page.click("#link")
    expect(page.locator("tr.sel")).to_have_count(2)
    assert [row.get_attribute("id") for row in page.locator("tr.sel").all()] == ["L2", "L3"]


def _linebar() -> str:
    return (
        '<h1 data-permanent="/files/0123/x">x</h1>'
        '<div data-linebar data-one="Line #" data-several="Lines # to ##" hidden>'
        '<b></b><button data-copy="" data-copied="Copied">Copy</button>'
        '<a href="/annotate/0123/x?at=main" data-page-lines="3">Annotate</a>'
        '<a href="/changelog/0123/x?at=%FF" data-lines-history="/changelog/0123/x?at=%FF">History</a></div>'
    )


def test_selected_lines_have_a_bar_with_their_addresses(show: Show) -> None:
    page = show(_linebar() + _lines(9))
    bar = page.locator("[data-linebar]")
    expect(bar).to_be_hidden()
    page.click("#L5 .ln a")
    expect(bar.locator("b")).to_have_text("Line 5")
    page.evaluate("history.replaceState(null, '', '?view=source&at=main#L5')")
    page.click("#L7 .ln a", modifiers=["Shift"])
    expect(bar.locator("b")).to_have_text("Lines 5 to 7")
    for place, name, address in (
        ("button", "data-copy", "/files/0123/x?view=source#L5-L7"),
        ("a[data-page-lines]", "href", "/annotate/0123/x?at=main&page=2#L5-L7"),
        ("a[data-lines-history]", "href", "/changelog/0123/x?at=%FF&lines=5-7"),
    ):
        expect(bar.locator(place)).to_have_attribute(name, re.compile(re.escape(address) + "$"))


@pytest.mark.parametrize(("at_once", "found"), [(0, "/files/0123/x?from=25#L29"), (10, "/files/0123/x?page=3#L29")])
def test_the_bar_leads_to_lines_that_are_not_on_the_page(show: Show, at_once: int, found: str) -> None:
    absent = f'<span data-absent hidden>elsewhere <a href="/files/0123/x" data-at-once="{at_once}">Show them</a></span>'
    page = show(_linebar().replace("<b></b>", f"<b></b>{absent}") + _lines(9) + '<a id="link" href="#L29">there</a>')
    page.click("#L5 .ln a")
    expect(page.locator("[data-absent]")).to_be_hidden()
    page.click("#link")
    expect(page.locator("[data-absent] a")).to_have_attribute("href", re.compile(re.escape(found) + "$"))
    expect(page.locator("[data-absent]")).to_be_visible()


def test_the_history_of_the_lines_follows_the_selection(show: Show) -> None:
    page = show(_linebar().replace("?at=%FF", "") + _lines(9) + '<a id="link" href="#L9-L8">there</a>')
    link = page.locator("[data-lines-history]")
    for place, extends, lines in (
        ("#L5 .ln a", False, "5"),
        ("#L3 .ln a", True, "3-5"),
        ("#link", False, "8-9"),
        ("#L1 .ln a", False, "1"),
    ):
        page.click(place, modifiers=["Shift"] if extends else [])
        expect(link).to_have_attribute("href", f"/changelog/0123/x?lines={lines}")


def test_slash_goes_to_the_search_field_but_not_while_typing(show: Show) -> None:
    page = show('<input id="q"><textarea id="text"></textarea>')
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "q"
    page.focus("#text")
    page.keyboard.press("/")
    assert page.input_value("#text") == "/"


def test_shortcuts_can_be_switched_off(show: Show) -> None:
    on, off = (
        f'<label>{word}<input type="radio" name="k" value="{word}" data-set="shortcuts"></label>'
        for word in ("on", "off")
    )
    body = f'{on}{off}<input id="q" aria-label="Find">'
    page = show(body)
    page.get_by_label("off").check()
    page.mouse.click(500, 300)
    page.keyboard.press("/")
    expect(page.locator("#q")).not_to_be_focused()
    page = show(body)
    expect(page.get_by_label("off")).to_be_checked()
    page.get_by_label("on").check()
    page.mouse.click(500, 300)
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()


def test_a_key_leads_to_the_annotation(show: Show) -> None:
    page = show('<a href="#annotated" data-annotate>Show Annotation</a>')
    page.keyboard.press("a")
    page.wait_for_url("**#annotated")


def test_viewed_folds_the_file_and_counts(show: Show) -> None:
    page = show(
        '<progress data-seen max="2" value="0"></progress><b data-seen-n>0</b>'
        '<div class="k-file"><input type="checkbox" class="fold" aria-label="Fold">'
        '<label class="k-seen"><input type="checkbox">Viewed</label></div>'
    )
    page.check(".k-seen input")
    assert page.is_checked(".fold")
    assert page.inner_text("[data-seen-n]") == "1"


def test_what_was_viewed_is_fetched_and_kept(show: Show, monkeypatch: pytest.MonkeyPatch) -> None:
    file = '<section class="k-file" data-code="{0}"><label class="k-seen"><input type="checkbox">{0}</label></section>'
    form = '<form data-viewed action="/part/viewed" hidden><input type="hidden" name="token" value="t"></form>'
    monkeypatch.setattr(_Handler, "parts", {"/part/viewed": '["b"]'})
    page = show(form + file.format("a") + file.format("b"))
    expect(page.get_by_label("b")).to_be_checked()
    expect(page.get_by_label("a")).not_to_be_checked()
    with page.expect_request(lambda request: request.method == "POST") as asked:
        page.get_by_label("a").check()
    assert asked.value.post_data == "token=t&file=a&viewed=1"
    expect(page.get_by_label("a")).to_be_checked()


def test_outline_and_scope_follow_the_first_visible_line(show: Show) -> None:
    rows = "".join(f'<tr id="L{n}"><td class="ln">{n}</td><td class="src">line</td></tr>' for n in range(1, 101))
    links = '<a href="#L10" data-last="90">Station</a><a href="#L40" data-last="60">ask</a>'
    page = show(
        f'<div class="k-scope" data-scope><span>In</span><span>station.py</span></div>'
        f'<table class="k-code"><tbody>{rows}</tbody></table><nav class="k-outline">{links}</nav>'
    )
    scope = page.locator("[data-scope]")
    for line, words in ((50, "InStation \u203a ask"), (70, "InStation"), (1, "Instation.py")):
        page.evaluate(f"document.getElementById('L{line}').scrollIntoView()")
        expect(scope).to_have_text(words)
        assert page.locator(".k-outline [aria-current]").count() == (line > 1)


DIFF = f"""
<div class="k-difftools" data-lines-above="Show unchanged lines above line #"
 data-lines-from="Show unchanged lines from line #"></div>
<svg class="ico"><use href="/{FILES["icons/icons.svg"]}#x"/></svg>
<section class="k-file" id="f3"><div class="k-body">
<table class="k-diff" data-lines="/part/lines" data-anchor="f3" data-gap-after="9 9 0"><tbody>
<tr class="hunk" data-gap="1 1 6"><td class="x" colspan="2"></td><td class="mk"></td><td class="src"></td></tr>
<tr id="f3-n7"><td class="ln">7</td><td class="ln">7</td><td class="mk"></td><td class="src">seven</td></tr>
</tbody></table>
<div class="k-coll"><p>More</p><a href="/part/file?skip=7" data-rest>Show more</a></div>
</div></section>
"""


def test_unchanged_lines_are_shown_in_their_place(show: Show, monkeypatch: pytest.MonkeyPatch) -> None:
    row = '<tr id="f3-n6"><td class="ln">6</td><td class="ln">6</td><td class="mk"></td><td class="src">six</td></tr>'
    after = row.replace("6", "9").replace("six", "nine")
    monkeypatch.setattr(
        _Handler,
        "parts",
        {
            "/part/lines?old=1&new=1&last=6&anchor=f3&layout=unified": row,
            "/part/lines?old=9&new=9&last=0&anchor=f3&layout=unified": after,
        },
    )
    page = show(DIFF)
    page.click("[aria-label='Show unchanged lines above line 7']")
    page.wait_for_selector("#f3-n6")
    page.click("[aria-label='Show unchanged lines from line 9']")
    page.wait_for_selector("#f3-n9")
    assert [cell.inner_text() for cell in page.locator("td.src").all()] == ["six", "seven", "nine"]


def test_the_rest_of_a_file_is_shown_in_its_place(show: Show, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_Handler, "parts", {"/part/file?skip=7&part=1&anchor=f3": '<p id="rest">the rest</p>'})
    page = show(DIFF)
    page.click("[data-rest]")
    assert page.inner_text("#f3 #rest") == "the rest"
    assert page.locator("[data-rest]").count() == 0


def test_a_number_is_the_address_of_its_line(show: Show) -> None:
    page = show(DIFF)
    page.click("#f3-n7 td.ln >> nth=0")
    page.wait_for_url("**#f3-n7")


ANNOTATED = """
<div class="k-filebar"><span data-authors-facts>{facts}</span></div>{notice}
<table class="k-code k-ann" data-lines>{bodies}</table>
"""


def _annotated(facts: str, notice: str, who: str) -> str:
    rows = (f'<tr id="L{number}"><td class="who">{who}</td></tr>' for number in (1, 2))
    bodies = "".join(f"<tbody>{row}</tbody>" for row in rows)
    return ANNOTATED.format(facts=facts, notice=notice, bodies=bodies)


@pytest.mark.parametrize("words", ["", '<div role="status">Only half is known.</div>'])
def test_who_wrote_the_lines_comes_after_the_page(show: Show, monkeypatch: pytest.MonkeyPatch, words: str) -> None:
    notice = '<div role="status" data-authors="/part/more">Not all is known.</div>'
    monkeypatch.setattr(_Handler, "parts", {"/part/more": _annotated("2 commits", words, "Ada")})

    page = show(_annotated("", notice, "Not yet known") + "<a href='#L2'>go</a>")
    page.locator(".who", has_text="Ada").first.wait_for()
    page.click("a")

    assert page.locator(".who").all_inner_texts() == ["Ada", "Ada"]
    assert page.locator("[data-authors-facts]").inner_text() == "2 commits"
    assert page.locator("[role=status]").all_inner_texts() == (["Only half is known."] if words else [])
    assert page.locator("tr.sel").get_attribute("id") == "L2"


def test_a_notice_stays_where_nothing_more_is_found(show: Show, monkeypatch: pytest.MonkeyPatch) -> None:
    notice = '<div role="status" data-authors="/part/more">Not all is known.</div>'
    monkeypatch.setattr(_Handler, "parts", {"/part/more": "<p>Something else.</p>"})

    page = show(_annotated("", notice, "Not yet known"))
    page.wait_for_load_state("networkidle")

    assert page.locator("[role=status]").all_inner_texts() == ["Not all is known."]


FIND = """
<form action="/page">
<input type="search" name="q" data-find="/part-names" data-before="/files/1/" data-after="?at=x"
 data-counted="{found} of {all} files" data-best="The best." data-none="No file." data-failed="Not read.">
</form>
<ul data-found></ul><p data-found-words>Type.</p>
"""


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("views", ["a/views.py", "a/views/x.py"]),
        ("avx", ["a/views/x.py"]),
        ("A v i p y", ["a/views.py", "a/views/x.py"]),
        ("caf", ["caf\u00e9 ?"]),
        ("zzz", []),
    ],
)
def test_files_are_found_while_one_types(
    show: Show, monkeypatch: pytest.MonkeyPatch, wanted: str, found: list[str]
) -> None:
    monkeypatch.setitem(_Handler.parts, "/part-names", "a/views.py\na/views/x.py\nb\ncaf\u00e9 ?\0caf%E9%20%3F")
    page = show(FIND)
    page.locator("input").press_sequentially(wanted)
    expect(page.locator("[data-found-words]")).not_to_have_text("Type.")
    expect(page.locator("[data-found] a")).to_have_text(found)
    if wanted == "caf":
        assert page.locator("[data-found] a").get_attribute("href") == "/files/1/caf%E9%20%3F?at=x"
    page.fill("input", "")
    assert page.locator("[data-found] a").count() == 0
    assert page.locator("[data-found-words]").inner_text() == "Type."


def test_a_hundred_thousand_files_are_found_in_slices(show: Show, monkeypatch: pytest.MonkeyPatch) -> None:
    names = "\n".join(f"folder/{number % 100}/file-{number:06}.py" for number in range(100_000))
    monkeypatch.setitem(_Handler.parts, "/part-names", names)
    page = show(FIND)
    page.evaluate("window.turns = 0; setInterval(() => (window.turns += 1))")
    page.locator("input").press_sequentially("file-09")
    expect(page.locator("[data-found-words]")).to_have_text(f"{100_000 - 9**5} of 100000 files. The best.")
    assert page.locator("[data-found] a").count() == 50
    assert page.locator("[data-found] a").first.inner_text() == "folder/0/file-090000.py"
    # others had their turn in between
    assert page.evaluate("window.turns") > 10


def test_arrows_go_through_the_files_and_enter_opens_the_first(show: Show, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(_Handler.parts, "/part-names", "part-1\npart-2")
    page = show(FIND.replace("/files/1/", "/").replace("?at=x", ""))
    page.locator("input").press_sequentially("part")
    page.locator("[data-found] a").nth(1).wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.textContent") == "part-2"
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.wait_for_url("**/part-1")


def test_who_is_in_the_list_stays_there_when_it_is_drawn_anew(show: Show, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(_Handler.parts, "/part-names", "part-1\npart-2")
    page = show(FIND)
    page.locator("input").press_sequentially("part")
    page.locator("[data-found] a").nth(1).focus()
    for letters, focused in (("2", "part-2"), ("1", "")):
        # as what was typed before, and is found now
        page.locator("input").evaluate(
            "(input, letters) => { input.value = letters; input.dispatchEvent(new Event('input')) }", letters
        )
        expect(page.locator("[data-found] a")).to_have_text([f"part-{letters}"])
        assert page.evaluate("document.activeElement.textContent") == focused
    assert page.evaluate("document.activeElement.tagName") == "INPUT"


def test_the_key_t_leads_to_the_files(show: Show) -> None:
    page = show('<a href="#found" data-find>Find file</a>')
    page.keyboard.press("t")
    page.wait_for_url("**#found")
    page = show(FIND)
    page.keyboard.press("t")
    assert page.evaluate("document.activeElement.name") == "q"


def test_an_address_with_lines_of_a_document_leads_to_its_source(show: Show) -> None:
    page = show('<div data-source="/page?view=source">Text</div>')
    page.evaluate("location.hash = '#doc-part'")
    assert "source" not in page.evaluate("location.href")
    page.evaluate("location.hash = '#L3-L5'")
    page.wait_for_url("**/page?view=source#L3-L5")


_CHANGE = '<tr class="hunk"><td class="src">@@</td></tr><tr><td class="src" height="900">line</td></tr>'
CHANGES = '<table><tr><td height="300">What was changed</td></tr></table>' + "".join(
    f'<section class="k-file" id="f{number}"><div class="fh"><input class="fold" type="checkbox" aria-label="Fold">'
    f'<label class="k-seen"><input type="checkbox">Viewed</label></div>'
    f'<div class="k-body"><table class="k-diff">{_CHANGE * 2}</table></div></section>'
    for number in (1, 2)
)


def test_each_j_goes_one_change_further_though_no_change_has_a_link(show: Show) -> None:
    page = show(CHANGES)
    tops = []
    for _press in range(4):
        page.keyboard.press("j")
        tops.append(page.evaluate("scrollY"))
    assert tops == sorted(set(tops))
    page.keyboard.press("k")
    assert page.evaluate("scrollY") == tops[2]


def test_a_change_that_is_folded_away_is_passed_over(show: Show) -> None:
    page = show(CHANGES)
    page.check("#f1 .fold")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.closest('.k-file').id") == "f2"


def test_v_marks_the_file_that_is_read(show: Show) -> None:
    page = show(CHANGES)
    page.keyboard.press("v")
    assert page.is_checked("#f1 .k-seen input")
    page.keyboard.press("n")
    page.keyboard.press("j")
    page.keyboard.press("v")
    assert page.is_checked("#f2 .k-seen input")
    assert page.is_checked("#f2 .fold")
    page.keyboard.press("v")
    assert not page.is_checked("#f2 .k-seen input")


def test_only_keys_that_do_something_here_are_listed(show: Show) -> None:
    rows = "".join(f'<div data-key="{key}">{key}</div>' for key in "?/tjvl")
    page = show(f'<dialog id="keys" aria-label="Keys">{rows}</dialog><a href="#found" data-find>Find file</a>{CHANGES}')
    page.keyboard.press("?")
    assert [row.inner_text() for row in page.locator("#keys div:visible").all()] == ["?", "t", "j", "v"]
