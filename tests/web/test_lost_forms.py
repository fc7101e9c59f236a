"""A form that came to nothing holds on the page of the error what was in it, and no secret."""

from collections.abc import Mapping

import pytest
from sqlalchemy import delete

from kallithea.model.user_session import UserSession
from kallithea.services.work import reading, writing
from tests.web.site import Browser, Site, form_of, get

FROM_HERE = {"Origin": "http://localhost"}


@pytest.fixture
def browser(site: Site) -> Browser:
    """The browser of an administrator."""
    site.user("root", administrator=True)
    return site.browser("root")


def test_an_account_outlives_the_session(site: Site, browser: Browser) -> None:
    """It has none of the fields for texts that pages of errors show by name."""
    user_id = site.user("ada")
    form = form_of(get(browser, f"/_admin/users/edit/{user_id}"), "firstname")
    form["firstname"] = 'Ada "of" <London>'
    with writing(site.application) as services:
        services.session.execute(delete(UserSession))
    lost = form.submit(headers=FROM_HERE, expect_errors=True)
    site.sign_in("root", browser=browser)
    kept = form_of(lost).submit(headers=FROM_HERE, expect_errors=True)
    assert (lost.status_int, kept.status_int, form_of(kept).submit(headers=FROM_HERE).status_int) == (403, 403, 303)
    with reading(site.application) as services:
        assert services.users.get_by_id(user_id).first_name == 'Ada "of" <London>'


SECRETS = [
    ("password", {"username": "ada", "password": "s3cret"}),
    ("new_password", {"username": "ada", "new_password": "s3cret"}),
    ("clone_uri", {"schedule": "day", "clone_uri": "https://ada:s3cret@example.org/r"}),
]


@pytest.mark.parametrize(("name", "fields"), SECRETS, ids=[name for name, _ in SECRETS])
def test_a_secret_is_asked_for_again(browser: Browser, name: str, fields: Mapping[str, str]) -> None:
    lost = browser.post("/_admin/users/new", fields, headers=FROM_HERE, expect_errors=True)
    assert (lost.status_int, "s3cret" in lost.text) == (403, False)
    asked = lost.html.find(attrs={"name": name})
    assert (asked["value"], asked.has_attr("required")) == ("", True)
    others = {other: form_of(lost)[other].value for other in fields if other != name}
    assert others == {other: value for other, value in fields.items() if other != name}


@pytest.mark.parametrize(
    "fields", [{"show": " "}, {"new_password": "s3cret"}, {"username": "ada", "token": "s3cret"}], ids=list
)
def test_what_may_not_be_shown_is_not_kept(browser: Browser, fields: Mapping[str, str]) -> None:
    """The token of a link is a secret as well, and without it the form could not be sent again."""
    lost = browser.post("/_admin/users/new", fields, headers=FROM_HERE, expect_errors=True)
    assert (lost.status_int, "Send again" in lost.text, "s3cret" in lost.text) == (403, False, False)
