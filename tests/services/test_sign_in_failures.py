"""Who waits after wrong passwords, and that nobody is kept out of their own account by others."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from kallithea.auth import internal_password
from kallithea.core.actor import COMMAND_LINE
from kallithea.core.errors import KallitheaError, ThrottledError
from kallithea.model.audit import AuditEntry
from kallithea.model.known_network import KnownNetwork
from kallithea.services.application import Application
from kallithea.services.clean_up import clean_up
from kallithea.services.sign_in import SignInRefusedError, identify_wire, sign_in_with_password
from kallithea.services.work import reading, writing
from tests.applications import Clock
from tests.factories.people import PASSWORD, Factory
from tests.statements import counted

HOME, NEIGHBOUR, HOTEL = "192.0.2.1", "192.0.2.99", "203.0.113.5"
WRONG = "wrong horse battery"
Ask = Callable[[Application, str, str, str], object]


@pytest.fixture(autouse=True)
def quick_hashing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2 itself, which is slow, has tests of its own."""
    monkeypatch.setattr(
        internal_password, "verify_password", lambda password, hash_: hash_ is not None and password == PASSWORD
    )


@pytest.fixture
def root(every_application: Application, clock: Clock) -> Application:
    """A site whose administrator has signed in at home."""
    every_application.clock = clock
    Factory(every_application).user("root", password=PASSWORD, super_administrator=True)
    with writing(every_application) as services:
        services.sign_in_failures.know("root", HOME)
    return every_application


def _attack(application: Application, addresses: list[str], name: str = "root", rounds: int = 1) -> int:
    """Guess from each address; the answer is how many guesses were looked at."""
    looked_at = 0
    for _ in range(rounds):
        for address in addresses:
            try:
                sign_in_with_password(application, name, WRONG, address)
            except SignInRefusedError:
                looked_at += 1
            except ThrottledError:
                pass
    return looked_at


def _networks(count: int) -> list[str]:
    return [f"198.{18 + number // 250}.{number % 250}.7" for number in range(count)]


@pytest.mark.parametrize("ask", [sign_in_with_password, identify_wire])
def test_attacker_from_many_networks_keeps_the_owner_out_of_nowhere(root: Application, ask: Ask) -> None:
    assert _attack(root, _networks(300)) == 300
    for address in (HOME, NEIGHBOUR, HOTEL, "2001:db8::1"):
        ask(root, "root", PASSWORD, address)


def test_attacker_in_the_network_of_the_owner_does_not_either(root: Application) -> None:
    neighbours = [f"192.0.2.{number}" for number in range(100, 140)]
    assert _attack(root, neighbours, rounds=3) == 120
    sign_in_with_password(root, "root", PASSWORD, HOME)
    sign_in_with_password(root, "root", PASSWORD, HOTEL)


def test_besieged_account_gives_each_new_network_one_guess(root: Application, clock: Clock) -> None:
    _attack(root, _networks(20))
    guesses = [_attack(root, ["203.0.113.77"], rounds=5)]
    with pytest.raises(ThrottledError) as caught:
        sign_in_with_password(root, "root", PASSWORD, "203.0.113.77")
    assert (guesses, caught.value.retry_after) == ([1], 60)
    clock.pass_(60)
    assert _attack(root, ["203.0.113.77"], rounds=5) == 1
    with pytest.raises(ThrottledError) as caught:
        sign_in_with_password(root, "root", PASSWORD, "203.0.113.77")
    assert caught.value.retry_after == 120


def test_known_network_has_as_many_attempts_as_ever(root: Application) -> None:
    _attack(root, _networks(50))
    assert _attack(root, [HOME], rounds=10) == 5


def test_right_password_does_not_end_a_siege(root: Application) -> None:
    _attack(root, _networks(50))
    sign_in_with_password(root, "root", PASSWORD, HOME)
    assert _attack(root, ["203.0.113.77"], rounds=5) == 1


def test_siege_ends_with_the_hour(root: Application, clock: Clock) -> None:
    _attack(root, _networks(50))
    clock.pass_(3601)
    assert _attack(root, ["203.0.113.77"], rounds=10) == 5


def test_guesses_from_one_customer_with_many_ipv6_networks_are_bounded(root: Application) -> None:
    addresses = [f"2001:db8:7:{number:x}::1" for number in range(150)]
    for number, address in enumerate(addresses):
        _attack(root, [address], name=f"user{number}")
    assert _attack(root, ["2001:db8:7:ffff::1"], name="somebody") == 0
    assert _attack(root, ["2001:db8:8:1::1"], name="somebody") == 1


def test_network_is_forgotten_after_half_a_year(root: Application, clock: Clock) -> None:
    clock.pass_(181 * 86400)
    _attack(root, _networks(50))
    assert _attack(root, [HOME], rounds=10) == 1
    clean_up(root)
    with reading(root) as services:
        assert services.session.scalars(select(KnownNetwork.seen)).all() == []


def test_known_networks_tell_nobody_where_people_are(root: Application, clock: Clock) -> None:
    clock.pass_(3600)
    with writing(root) as services:
        services.sign_in_failures.know("Root", NEIGHBOUR)
    with reading(root) as services:
        (row,) = services.session.scalars(select(KnownNetwork)).all()
    assert row.seen == clock.now
    assert set(row.subject) <= set("0123456789abcdef:")


def test_administrator_forgives(root: Application) -> None:
    _attack(root, [HOME, *_networks(50)], rounds=6)
    with pytest.raises(ThrottledError):
        sign_in_with_password(root, "root", PASSWORD, HOME)
    with writing(root) as services:
        assert services.sign_in_failures.forgive(COMMAND_LINE, "root") == 51
    sign_in_with_password(root, "root", PASSWORD, HOME)
    assert _attack(root, ["203.0.113.77"], rounds=10) == 5
    with reading(root) as services:
        assert "user.forgive" in services.session.scalars(select(AuditEntry.action)).all()


@pytest.mark.parametrize("ask", [sign_in_with_password, identify_wire])
def test_besieged_or_not_known_or_not_the_statements_are_the_same(root: Application, ask: Ask) -> None:
    _attack(root, _networks(30))
    _attack(root, _networks(30), name="nobody")
    runs = []
    for name in ("root", "nobody"):
        with counted(root.engine) as statements, pytest.raises(KallitheaError):
            ask(root, name, WRONG, "203.0.113.20")
        runs.append(statements)
    assert runs[0] == runs[1]


def test_waits_end(root: Application, clock: Clock) -> None:
    _attack(root, _networks(50))
    _attack(root, [HOTEL])
    waits = []
    for _ in range(6):
        with pytest.raises(ThrottledError) as caught:
            sign_in_with_password(root, "root", PASSWORD, HOTEL)
        waits.append(caught.value.retry_after)
        clock.pass_(caught.value.retry_after)
        _attack(root, [HOTEL])
    assert waits == [60, 120, 240, 480, 900, 900]
    clock.pass_(900)
    sign_in_with_password(root, "root", PASSWORD, HOTEL)
