"""The pages about networks from which people may come, and what these mean for browsers."""

from ipaddress import ip_network

import pytest

from kallithea.core.actor import COMMAND_LINE
from kallithea.services.work import reading, writing
from tests.web.site import Browser, Site, form_of, get

SITE_PAGE = "/_admin/permissions/ips"


@pytest.fixture
def root(site: Site) -> Browser:
    site.user("root", administrator=True)
    return site.browser("root")


def _save(browser: Browser, address: str, networks: str) -> tuple[int, str]:
    form = form_of(get(browser, address))
    form["networks"] = networks
    answer = form.submit(expect_errors=True)
    if answer.status_int == 303:
        answer = answer.follow()
        return 303, answer.html.select_one(".k-notice.ok").get_text(strip=True)
    return answer.status_int, answer.html.select_one(".k-error").get_text(strip=True)


def test_list_of_the_site_is_saved_and_shown_again(site: Site, root: Browser) -> None:
    page = get(root, SITE_PAGE)
    assert "Now it answers everybody." in page.text
    assert "You come from 192.0.2.7." in page.text
    assert _save(root, SITE_PAGE, "192.0.2.0/24\n2001:db8::/32")[0] == 303
    page = get(root, SITE_PAGE)
    assert page.html.select_one("textarea").text.split() == ["192.0.2.0/24", "2001:db8::/32"]
    assert "Now it answers these networks alone." in page.text
    assert get(site.browser(), "/").status_int == 200
    elsewhere = get(site.browser(REMOTE_ADDR="198.51.100.7"), "/")
    assert elsewhere.status_int == 403
    assert "This site is not for the network that you come from." in elsewhere.text


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("198.51.100.0/24", "This would keep you out, who come from 192.0.2.7: add a network with it."),
        ("nowhere", "Write networks such as 192.0.2.0/24 or 2001:db8::/32; 'nowhere' is none."),
        ("192.0.2.7/24", "'192.0.2.7/24' is inside of a network: do you mean 192.0.2.0/24?"),
    ],
)
def test_wrong_lists_are_refused_with_what_was_typed(site: Site, root: Browser, typed: str, words: str) -> None:
    for address in (SITE_PAGE, "/_admin/users/ips/1"):
        assert _save(root, address, typed) == (422, words)
        form = form_of(get(root, address))
        form["networks"] = typed
        assert form.submit(expect_errors=True).html.select_one("textarea").text.strip() == typed
    with reading(site.application) as services:
        assert (services.settings.networks, services.users.get("root").networks) == ("", None)


def test_list_of_an_account_ends_its_sessions_elsewhere_alone(site: Site, root: Browser) -> None:
    user_id = site.user("ada")
    page = f"/_admin/users/ips/{user_id}"
    here = site.browser("ada")
    elsewhere = site.browser("ada", REMOTE_ADDR="198.51.100.7")
    assert get(elsewhere, "/_admin/my_account").status_int == 200
    assert _save(root, page, "192.0.2.0/24")[0] == 303
    assert (get(here, "/_admin/my_account").status_int, get(elsewhere, "/_admin/my_account").status_int) == (200, 303)
    assert "Now it is used from these networks alone." in get(root, page).text
    assert _save(root, page, "")[0] == 303
    assert get(elsewhere, "/_admin/my_account").status_int == 200


def test_page_of_an_account_shows_the_list_of_the_site(site: Site, root: Browser) -> None:
    _save(root, SITE_PAGE, "192.0.2.0/24")
    assert "192.0.2.0/24" in get(root, "/_admin/users/ips/1").text
    assert get(root, "/_admin/users/ips/77").status_int == 404
    assert get(root, "/_admin/users/ips").status_int == 404


def test_address_behind_a_proxy_is_the_clients(site: Site, root: Browser) -> None:
    settings = site.application.settings
    object.__setattr__(settings, "remote_addr_variable", "HTTP_X_FORWARDED_FOR")
    object.__setattr__(settings, "trusted_proxies", (ip_network("192.0.2.7"),))
    with writing(site.application) as services:
        services.allow_lists.set_for_site(COMMAND_LINE, "203.0.113.0/24")
    for forwarded, status in (("203.0.113.9", 200), ("203.0.113.9, 198.51.100.1", 403), ("198.51.100.1", 403)):
        assert get(site.browser(), "/", headers={"X-Forwarded-For": forwarded}).status_int == status
    direct = site.browser(REMOTE_ADDR="198.51.100.7")
    assert get(direct, "/", headers={"X-Forwarded-For": "203.0.113.9"}).status_int == 403


def test_form_that_would_keep_out_comes_from_the_clients_address(site: Site, root: Browser) -> None:
    """What the guard looks at is the same address that is refused later."""
    assert _save(root, SITE_PAGE, "192.0.2.7")[0] == 303
    assert get(root, SITE_PAGE).status_int == 200


def test_nobody_signs_in_from_another_network(site: Site) -> None:
    site.user("ada")
    with writing(site.application) as services:
        services.allow_lists.set_for_user(COMMAND_LINE, services.users.get("ada"), "198.51.100.0/24")
    _browser, answer = site.sign_in("ada")
    assert answer.status_int == 200
    assert "Login or password is wrong." in answer.text
    _browser, answer = site.sign_in("ada", browser=site.browser(REMOTE_ADDR="198.51.100.7"))
    assert answer.status_int == 303
