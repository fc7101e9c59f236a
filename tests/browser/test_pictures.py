"""SVG of repositories in a real browser: it is drawn, and neither runs nor loads anything."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from kallithea.core.access import Level
from kallithea.services.application import Application
from kallithea.vcs.types import Kind
from tests.flows.browser import Visitor, visiting
from tests.flows.serving import serving
from tests.web.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.slow]

_ATTACKS = """
<script>document.title = "hacked"; fetch("/r/raw/tip/loaded-by-fetch")</script>
<script href="/r/raw/tip/loaded.js"/><script xlink:href="/r/raw/tip/loaded.js"/>
<script href="data:text/javascript,document.title='hacked'"/>
<foreignObject width="20" height="20"><body xmlns="http://www.w3.org/1999/xhtml" onload="document.title='hacked'">
<script>document.title = "hacked"</script><img src="/r/raw/tip/loaded.png" onerror="document.title='hacked'"/>
<iframe src="/r/raw/tip/loaded.html"/><iframe srcdoc="&lt;script>parent.document.title='hacked'&lt;/script>"/>
<object data="/r/raw/tip/loaded.html"/><embed src="/r/raw/tip/loaded.html"/>
<link rel="stylesheet" href="/r/raw/tip/loaded.css"/>
<form action="/r/raw/tip/loaded.html"><input name="x"/></form><video src="/r/raw/tip/loaded.mp4" autoplay="autoplay"/>
<meta http-equiv="refresh" content="0;url=/r/raw/tip/loaded.html"/></body></foreignObject>
<image href="/r/raw/tip/loaded.png" width="5" height="5"/>
<image href="http://127.0.0.1:9/outside.png" width="5" height="5"/>
<image xlink:href="/r/raw/tip/loaded.png" width="5" height="5"
onerror="document.title='hacked'" onload="document.title='hacked'"/>
<use href="/r/raw/tip/loaded.svg#x"/><animate attributeName="x" dur="1s" onbegin="document.title='hacked'"/>
<set attributeName="href" to="javascript:document.title='hacked'"/>
<style>@import "/r/raw/tip/loaded.css"; @font-face { font-family: f; src: url(/r/raw/tip/loaded.woff) }
text { font-family: f; fill: url(/r/raw/tip/loaded.svg#x) } rect { mask: url(/r/raw/tip/loaded.svg#m) }</style>
<text x="1" y="40">words</text><a href="javascript:document.title='hacked'"><text id="trap" x="1" y="60">trap</text></a>
"""
_SVG = (
    '<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
    """width="80" height="64" viewBox="0 0 80 64" onload="document.title='hacked'">"""
    f'<rect width="80" height="64" fill="#ff0000"/>{_ATTACKS}</svg>'
).encode()
_HARMLESS = _SVG.replace(_ATTACKS.encode(), b"")

_DRAWN = "(picture) => [picture.complete, picture.naturalWidth, picture.naturalHeight]"


@pytest.fixture
def address(application: Application) -> Iterator[str]:
    """Where a site with SVG of both sorts in a repository ``r`` is served by this process."""
    site = Site(application)
    site.grant("visitors", Level.READ)
    files = {
        b"evil.svg": _SVG,
        b"good.svg": _HARMLESS,
        b"README.md": b"# Pictures\n\n![evil](evil.svg) ![good](good.svg)\n",
    }
    site.repository("r", Kind.GIT).commit(files)
    with serving(site) as address:
        yield address


def _watch(visitor: Visitor) -> list[str]:
    """What is asked for from now on that only the content can want."""
    asked = list[str]()
    # of what a policy blocks a browser tells as well; the server is the one who knows what went out
    visitor.page.on("response", lambda answer: asked.append(answer.url))
    visitor.page.on("dialog", lambda dialog: asked.append(dialog.message))
    visitor.page.on("popup", lambda popup: asked.append(popup.url))
    return asked


def _settle(page: Page) -> None:
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(300)


@pytest.mark.parametrize("page", ["/r", "/r/files/tip/README.md", "/r/files/tip/evil.svg"])
def test_it_is_drawn_in_pages_and_loads_nothing(address: str, page: str) -> None:
    with visiting(address) as visitor:
        asked = _watch(visitor)
        visitor.open(page)
        _settle(visitor.page)
        pictures = visitor.page.locator("main img[src*='/raw/']")
        assert pictures.count() >= 1
        for picture in pictures.all():
            assert picture.evaluate(_DRAWN) == [True, 80, 64]
        assert [url for url in asked if "loaded" in url or "outside" in url] == []
        assert visitor.page.title() != "hacked"
        assert visitor.complaints == []


@pytest.mark.parametrize("again", [False, True], ids=["new", "kept"])
def test_opened_by_itself_it_runs_nothing_and_loads_nothing(address: str, again: bool) -> None:
    with visiting(address) as visitor:
        asked = _watch(visitor)
        visitor.open("/r/files/tip/evil.svg")
        raw = visitor.page.locator("main img[src*='/raw/']").get_attribute("src") or ""
        visitor.page.goto(visitor.site + raw)
        if again:
            # its policy must not have been taken from the answer that it is unchanged
            visitor.page.reload()
            visitor.page.goto(visitor.site + raw)
        _settle(visitor.page)
        assert visitor.page.evaluate("document.contentType") == "image/svg+xml"
        assert visitor.page.evaluate("self.origin") == "null"
        visitor.page.locator("#trap").click(force=True)
        _settle(visitor.page)
        assert visitor.page.url == visitor.site + raw
        assert visitor.page.evaluate("document.title") != "hacked"
        assert [url for url in asked if "loaded" in url or "outside" in url] == []


def test_a_page_of_svg_has_two_views_and_lines_lead_to_the_source(address: str) -> None:
    with visiting(address) as visitor:
        visitor.open("/r/files/tip/good.svg")
        assert visitor.page.locator("[aria-current=true]", has_text="Rendered").is_visible()
        visitor.page.get_by_role("link", name="Source").click()
        visitor.page.locator("#L2").wait_for()
        visitor.open("/r/files/tip/good.svg#L2")
        visitor.page.locator("#L2.sel").wait_for()
        visitor.page.wait_for_url("**view=source*")
        visitor.page.get_by_role("link", name="Show Annotation").click()
        visitor.page.get_by_role("link", name="Show Source").click()
        visitor.page.locator("#L2").wait_for()
        assert visitor.complaints == []
