"""Accounts: made, disabled and given passwords, each change with its line in the audit."""

import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from kallithea.core.actor import COMMAND_LINE, Actor, Way
from kallithea.core.errors import ConflictError, InvalidError, NotFoundError, UnavailableError
from kallithea.model.user import User
from kallithea.services.application import Application
from kallithea.services.users import UserChange
from kallithea.services.work import reading, writing
from tests.factories.people import PASSWORD, Factory

ROOT = Actor(1, "root", Way.WEB, "192.0.2.1")


def test_user_is_found_by_name_in_whatever_case(application: Application) -> None:
    ada = Factory(application).user("Ada")
    with reading(application) as services:
        assert services.users.get("aDA").user_id == ada.user_id
        assert services.users.find("bob") is None
        assert services.users.find_by_id(404) is None
        with pytest.raises(NotFoundError, match="There is no user 'bob'"):
            services.users.get("bob")


def test_columns_are_kept(application: Application) -> None:
    with writing(application) as services:
        services.users.create(
            COMMAND_LINE,
            name="ada",
            email="Ada@Example.org",
            first_name="Ada",
            last_name="Lovelace",
            super_administrator=True,
        )
    with reading(application) as services:
        ada = services.users.get("ada")
    assert (ada.email, ada.full_name, ada.active, ada.super_administrator) == (
        "Ada@Example.org",
        "Ada Lovelace",
        True,
        True,
    )
    assert ada.password_hash is None


def test_name_stands_for_a_person_without_names(application: Application) -> None:
    assert Factory(application).user("ada").full_name == "ada"


@pytest.mark.parametrize("second", [{"name": "ADA"}, {"name": "bob", "email": "ADA@example.org"}])
def test_name_and_address_are_taken_once(every_application: Application, second: dict[str, str]) -> None:
    with writing(every_application) as services:
        services.users.create(COMMAND_LINE, name="ada", email="ada@example.org")
        with pytest.raises(ConflictError, match="Another account has"):
            services.users.create(COMMAND_LINE, **second)  # type: ignore[arg-type]  # texts only
        # the unit goes on
        services.users.create(COMMAND_LINE, name="carol")
    with reading(every_application) as services:
        assert [user.name for user in services.users.list_()] == ["ada", "carol"]


@pytest.mark.parametrize(
    "values", [{"name": "-"}, {"email": "nowhere"}, {"first_name": "a\nb"}, {"last_name": "x" * 101}], ids=str
)
def test_wrong_values_are_named(application: Application, values: dict[str, str]) -> None:
    with reading(application) as services, pytest.raises(InvalidError) as caught:
        services.users.create(COMMAND_LINE, **{"name": "ada"} | values)  # type: ignore[arg-type]  # texts only
    assert list(caught.value.problems) == list(values)


def test_list_is_paged_in_the_order_of_names(every_application: Application) -> None:
    people = Factory(every_application)
    for name in ("b", "C", "a", "d_", "d-"):
        people.user(name)
    with reading(every_application) as services:
        assert [user.name for user in services.users.list_()] == ["a", "b", "C", "d-", "d_"]
        assert [user.name for user in services.users.list_(offset=1, limit=2)] == ["b", "C"]
        assert services.users.count() == 5


def test_new_password_ends_web_sessions_and_what_was_verified(application: Application) -> None:
    ada = Factory(application).user("ada")
    with writing(application) as services:
        session_id = services.user_sessions.create(ada, address="", client="")
    with writing(application) as services:
        services.users.set_password_hash(ROOT, services.users.get("ada"), "$hash")
    with reading(application) as services:
        assert services.user_sessions.find(session_id) is None
        assert (services.users.get("ada").password_version, services.users.get("ada").password_hash) == (1, "$hash")


def test_hash_is_renewed_only_while_the_password_is_the_same(application: Application) -> None:
    ada = Factory(application).user("ada")
    with writing(application) as services:
        services.users.set_password_hash(ROOT, services.users.get("ada"), "new")
        services.users.renew_hash(ada.user_id, "old", "old, hashed better")
        services.users.renew_hash(ada.user_id, "new", "new, hashed better")
        services.users.renew_hash(404, "new", "new, hashed better")
    with reading(application) as services:
        assert services.users.get("ada").password_hash == "new, hashed better"


def test_disabled_user_can_be_enabled_again(application: Application) -> None:
    Factory(application).user("ada")
    with writing(application) as services:
        services.users.disable(ROOT, services.users.get("ada"))
        assert not services.users.get("ada").active
        services.users.enable(ROOT, services.users.get("ada"))
    with reading(application) as services:
        assert services.users.get("ada").active


def test_users_of_earlier_units_are_changed_as_well(every_application: Application) -> None:
    ada = Factory(every_application).user("ada")
    with writing(every_application) as services:
        services.users.set_password_hash(ROOT, ada, "first")
    with writing(every_application) as services:
        services.users.set_password_hash(ROOT, ada, "second")
        services.users.disable(ROOT, ada)
    with reading(every_application) as services:
        found = services.users.get("ada")
    assert (found.password_version, found.password_hash, found.active) == (2, "second", False)


def test_every_change_is_audited_without_secrets(application: Application) -> None:
    with writing(application) as services:
        ada = services.users.create(ROOT, name="ada", password_hash="$secret")
        services.users.set_password_hash(ROOT, ada, "$secret")
        services.users.disable(ROOT, ada)
        services.users.enable(ROOT, ada)
    with reading(application) as services:
        entries = services.audit.list_()
    assert [entry.action for entry in entries] == ["user.enable", "user.disable", "user.set-password", "user.create"]
    assert {(entry.actor_id, entry.actor_name, entry.way, entry.address) for entry in entries} == {
        (1, "root", "web", "192.0.2.1")
    }
    assert json.loads(entries[1].before) == {"active": True}
    assert json.loads(entries[1].after) == {"active": False}
    assert all("secret" not in entry.before + entry.after for entry in entries)


def test_further_address_of_somebody_else_is_taken(every_application: Application) -> None:
    people = Factory(every_application)
    people.user("ada")
    bob = people.user("bob")
    with writing(every_application) as services:
        ada = services.users.get("ada")
        for email in ("ada@example.org", "lovelace@example.org"):
            services.email_addresses.add(COMMAND_LINE, ada, email)
        with pytest.raises(ConflictError, match="Another account has"):
            services.users.create(COMMAND_LINE, name="eve", email="Lovelace@example.org")
        change = UserChange("bob", "LOVELACE@example.org", "", "", active=True, super_administrator=False)
        with pytest.raises(ConflictError, match="Another account has"):
            services.users.update(COMMAND_LINE, bob, change)
    with reading(every_application) as services:
        owner = services.email_addresses.find_user("lovelace@example.org")
        assert owner is not None
        assert (owner.name, services.users.get("bob").email) == ("ada", None)


def test_own_further_address_becomes_the_first(every_application: Application) -> None:
    Factory(every_application).user("ada")
    with writing(every_application) as services:
        ada = services.users.get("ada")
        for email in ("ada@example.org", "lovelace@example.org"):
            services.email_addresses.add(COMMAND_LINE, ada, email)
        change = UserChange("ada", "lovelace@example.org", "", "", active=True, super_administrator=False)
        services.users.update(COMMAND_LINE, ada, change)
    with reading(every_application) as services:
        ada = services.users.get("ada")
        assert (ada.email, services.email_addresses.list_(ada)) == ("lovelace@example.org", [])


def test_somebody_who_administers_the_site_can_sign_in_still(application: Application) -> None:
    people = Factory(application)
    root = people.user("root", password=PASSWORD, super_administrator=True)
    locked_out = people.user("locked-out", super_administrator=True)
    with pytest.raises(ConflictError, match="root is the only account that administers this site and can sign in"):
        _disable(application, root)
    _disable(application, locked_out)


def _disable(application: Application, user: User) -> None:
    with writing(application) as services:
        services.users.disable(COMMAND_LINE, user)


def test_two_administrators_who_disable_each_other_leave_one(every_application: Application) -> None:
    people, start = Factory(every_application), Barrier(2)
    pair = [people.user(name, password=PASSWORD, super_administrator=True) for name in ("ada", "bob")]

    def disable(user: User) -> bool:
        start.wait()
        try:
            _disable(every_application, user)
        except (ConflictError, UnavailableError):
            return False
        return True

    with ThreadPoolExecutor(2) as threads:
        assert sum(threads.map(disable, pair)) == 1
