"""Below a path of a host that has other things as well, every address that a browser is given stays there."""

import re
from collections.abc import Iterator

import pytest
from webtest import TestResponse as Answer

from kallithea.services.application import Application
from tests.security.audited import STEPS, fill, send
from tests.web.harbour import ADDRESSES, Harbour, find_page, find_visitor
from tests.web.mailing import mailing_site
from tests.web.site import Site, get

PREFIX = "/hg"
_PLACES = re.compile(r"""=["'](/[^"']*)["']|https?://localhost(?::\d+)?(/[^\s"'<]*)?|"(/[^"\s]*)":?""")


def _outside(answer: Answer) -> Iterator[str]:
    """Addresses of the same host in an answer that are not below the prefix, and cookies that others get as well."""
    for name, value in answer.headerlist:
        if name == "Location" and not _is_below(value):
            yield f"{name}: {value}"
        if name == "Set-Cookie" and not re.search(rf"path={PREFIX}(;|$)", value, re.IGNORECASE):
            yield f"{name}: {value}"
    if (answer.content_type or "").endswith(("html", "json", "+xml")):
        for found in _PLACES.finditer(answer.text):
            place = next((group for group in found.groups() if group is not None), "")
            if not _is_below(place):
                yield found.group()


def _is_below(place: str) -> bool:
    path = place.removeprefix("http://localhost")
    return re.fullmatch(rf"{PREFIX}([/?#].*)?", path, re.DOTALL) is not None


def test_every_page_leads_to_places_below_the_prefix(harbour: Harbour) -> None:
    browsers = {name: harbour.site.browser(name, SCRIPT_NAME=PREFIX) for name in ("ada", "root")}
    wrong = {}
    for address, kind in ADDRESSES:
        named = PREFIX + harbour.address(address, kind)
        if found := list(_outside(get(browsers[find_visitor(*find_page(address))], named))):
            wrong[named] = found
    assert wrong == {}


def test_visitors_are_led_to_the_sign_in_page_below_the_prefix(site: Site) -> None:
    answer = get(site.browser(SCRIPT_NAME=PREFIX), f"{PREFIX}/_admin/my_account")
    assert (
        answer.headers["Location"]
        == f"{PREFIX}/_admin/login?came_from={PREFIX.replace('/', '%2F')}%2F_admin%2Fmy_account"
    )
    assert list(_outside(answer.follow())) == []


def test_every_form_leads_below_the_prefix(application: Application) -> None:
    with mailing_site(application) as site:
        fill(site)
        wrong = {}
        for (_context, name), step in STEPS.items():
            answer = send(site, step, step.before(site), PREFIX)
            assert answer.status_int in (200, 303), name
            if found := list(_outside(answer)):
                wrong[name] = found
    assert wrong == {}


@pytest.mark.parametrize("prefix", ["", PREFIX])
def test_cookies_are_for_this_application_alone(application: Application, prefix: str) -> None:
    with mailing_site(application) as site:
        site.user("ada")
        browser = site.browser(SCRIPT_NAME=prefix)
        form = get(browser, f"{prefix}/_admin/login").forms[0]
        form["username"], form["password"] = "ada", "correct horse battery staple"
        cookies = form.submit().headers.getall("Set-Cookie")
    assert len(cookies) == 2
    assert all(re.search(rf"path={prefix or '/'}(;|$)", cookie, re.IGNORECASE) for cookie in cookies), cookies
