"""From which networks people may come: every way in, and what is noted of a change."""

import json
from collections.abc import Callable

import pytest
from sqlalchemy import select

from kallithea.core.actor import COMMAND_LINE, Actor, Way
from kallithea.core.allow_lists import AddressRefusedError
from kallithea.core.errors import InvalidError
from kallithea.model.audit import AuditEntry
from kallithea.model.user import User
from kallithea.services.application import Application
from kallithea.services.sign_in import SignInRefusedError, identify_wire, sign_in_with_password
from kallithea.services.work import reading, writing
from tests.factories.people import PASSWORD, Factory
from tests.statements import counted

HERE, ELSEWHERE = "192.0.2.1", "198.51.100.1"
Ask = Callable[[Application, str, str, str], object]


@pytest.fixture
def ada(every_application: Application) -> User:
    return Factory(every_application).user("ada", password=PASSWORD, super_administrator=True)


def _set(application: Application, networks: str, name: str = "") -> None:
    with writing(application) as services:
        if name:
            services.allow_lists.set_for_user(COMMAND_LINE, services.users.get(name), networks)
        else:
            services.allow_lists.set_for_site(COMMAND_LINE, networks)


@pytest.mark.parametrize("ask", [sign_in_with_password, identify_wire])
def test_password_counts_from_the_list_of_the_account_alone(
    every_application: Application, ada: User, ask: Ask
) -> None:
    ask(every_application, "ada", PASSWORD, ELSEWHERE)
    _set(every_application, "192.0.2.0/24 2001:db8::/32", "ada")
    for address in (HERE, "2001:db8::1"):
        ask(every_application, "ada", PASSWORD, address)
    for address in (ELSEWHERE, "2001:db9::1", ""):
        with pytest.raises(SignInRefusedError, match=r"^The name or the password is wrong\.$"):
            ask(every_application, "ada", PASSWORD, address)
    _set(every_application, "", "ada")
    ask(every_application, "ada", PASSWORD, ELSEWHERE)


@pytest.mark.parametrize("ask", [sign_in_with_password, identify_wire])
def test_right_and_wrong_passwords_from_elsewhere_run_the_same_statements(
    every_application: Application, ada: User, ask: Ask
) -> None:
    _set(every_application, "192.0.2.0/24", "ada")
    runs = []
    for password in (PASSWORD, "wrong horse battery"):
        with counted(every_application.engine) as statements, pytest.raises(SignInRefusedError):
            ask(every_application, "ada", password, ELSEWHERE)
        runs.append(statements)
    assert runs[0] == runs[1]


def test_tokens_and_sessions_count_from_both_lists_alone(every_application: Application, ada: User) -> None:
    with writing(every_application) as services:
        _, token = services.tokens.create(COMMAND_LINE, ada)
        session_id = services.user_sessions.create(ada, address=HERE, client="test")

    def find(address: str) -> bool:
        with reading(every_application) as services:
            return services.user_sessions.find(session_id, address) is not None

    identify_wire(every_application, "ada", token, ELSEWHERE)
    assert find(ELSEWHERE)
    _set(every_application, "192.0.2.0/24", "ada")
    assert (find(HERE), find(ELSEWHERE)) == (True, False)
    identify_wire(every_application, "ada", token, HERE)
    with pytest.raises(SignInRefusedError):
        identify_wire(every_application, "ada", token, ELSEWHERE)
    _set(every_application, "198.51.100.0/24")
    with pytest.raises(AddressRefusedError):
        find(HERE)
    for text in (token, "kat_" + "0" * 40):
        with pytest.raises(AddressRefusedError):
            identify_wire(every_application, "ada", text, HERE)


@pytest.mark.parametrize("ask", [sign_in_with_password, identify_wire])
@pytest.mark.parametrize("name", ["ada", "nobody"])
def test_nobody_signs_in_where_the_site_answers_nobody(
    every_application: Application, ada: User, ask: Ask, name: str
) -> None:
    _set(every_application, "192.0.2.0/24")
    with counted(every_application.engine) as statements, pytest.raises(AddressRefusedError):
        ask(every_application, name, PASSWORD, ELSEWHERE)
    assert not any("INSERT" in statement for statement in statements)


def test_changes_are_noted_with_what_was_before(every_application: Application, ada: User) -> None:
    _set(every_application, "10.0.0.0/8")
    _set(every_application, "10.0.0.0/8, ::1")
    _set(every_application, "10.0.0.0/8", "ada")
    _set(every_application, "10.0.0.0/8", "ada")
    chosen = select(AuditEntry).where(AuditEntry.action.endswith("set-networks")).order_by(AuditEntry.audit_entry_id)
    with reading(every_application) as services:
        rows = services.session.scalars(chosen).all()
    assert [(row.action, row.target, json.loads(row.before), json.loads(row.after)) for row in rows] == [
        ("setting.set-networks", "setting:networks", {"networks": ""}, {"networks": "10.0.0.0/8"}),
        ("setting.set-networks", "setting:networks", {"networks": "10.0.0.0/8"}, {"networks": "10.0.0.0/8 ::1/128"}),
        ("user.set-networks", "user:ada", {"networks": ""}, {"networks": "10.0.0.0/8"}),
    ]


def test_nobody_locks_themselves_out(every_application: Application, ada: User) -> None:
    Factory(every_application).user("bob")
    actor = Actor(ada.user_id, "ada", Way.WEB, HERE)
    with writing(every_application) as services:
        bob = services.users.get("bob")
        for address in (HERE, ""):
            with pytest.raises(InvalidError, match="this would keep you out"):
                services.allow_lists.set_for_site(actor, "198.51.100.0/24", address)
            with pytest.raises(InvalidError, match="this would keep you out"):
                services.allow_lists.set_for_user(actor, ada, "198.51.100.0/24", address)
        services.allow_lists.set_for_user(actor, bob, "198.51.100.0/24", HERE)
        services.allow_lists.set_for_site(actor, "192.0.2.1", HERE)
        services.allow_lists.set_for_site(COMMAND_LINE, "198.51.100.0/24")
    with reading(every_application) as services:
        assert services.settings.networks == "198.51.100.0/24"
