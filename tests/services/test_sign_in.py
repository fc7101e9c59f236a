"""Who is it: passwords, tokens, waits after wrong passwords, and nothing that tells whether a name exists."""

import collections
import concurrent.futures
import datetime
import threading
from collections.abc import Callable
from typing import Any

import bcrypt
import pytest
from sqlalchemy import select

from kallithea.auth import internal_password
from kallithea.auth.method import Attempt, Recognised
from kallithea.core.access import SIGNED_IN, Level, Viewer
from kallithea.core.actor import COMMAND_LINE
from kallithea.core.errors import KallitheaError, ThrottledError
from kallithea.core.settings import Settings
from kallithea.model.outbox import OutboxJob
from kallithea.model.sign_in_failure import SignInFailure
from kallithea.model.user import User
from kallithea.services.application import Application
from kallithea.services.sign_in import SignInRefusedError, identify_wire, sign_in_with_password
from kallithea.services.sign_in_failures import network
from kallithea.services.work import open_application, reading, writing
from tests.applications import Clock
from tests.factories.people import PASSWORD, Factory, password_hash, subject
from tests.passwords import REAL
from tests.processes import FRESH
from tests.statements import counted

HERE = "192.0.2.1"
WRONG = "wrong horse battery"


@pytest.fixture(autouse=True)
def quick_hashing(monkeypatch: pytest.MonkeyPatch) -> list[str | None]:
    """The hashes that were verified; argon2 itself, which is slow, has tests of its own."""
    verified: list[str | None] = []

    def verify(password: str, hash_: str | None) -> bool:
        verified.append(hash_)
        return hash_ is not None and password == PASSWORD

    monkeypatch.setattr(internal_password, "verify_password", verify)
    return verified


@pytest.fixture
def ada(application: Application) -> User:
    return Factory(application).user("Ada", password=PASSWORD)


def test_right_password(application: Application, ada: User) -> None:
    assert sign_in_with_password(application, "ada", PASSWORD, HERE).user_id == ada.user_id


@pytest.mark.parametrize("name", ["ada", "nobody", "", "a/b", "x" * 5000, "nul\0", "\ud800"], ids=ascii)
def test_wrong_password_and_wrong_name_get_the_same_answer(application: Application, ada: User, name: str) -> None:
    for ask in (sign_in_with_password, identify_wire):
        with pytest.raises(SignInRefusedError, match=r"^The name or the password is wrong\.$"):
            ask(application, name, WRONG, HERE)


def test_user_without_a_password_cannot_sign_in_with_one(application: Application) -> None:
    Factory(application).user("bob")
    with pytest.raises(SignInRefusedError):
        sign_in_with_password(application, "bob", PASSWORD, HERE)


def test_disabled_user_is_refused_at_once_everywhere(application: Application, ada: User) -> None:
    with writing(application) as services:
        session_id = services.user_sessions.create(ada, address=HERE, client="test")
        _, token = services.tokens.create(COMMAND_LINE, ada)
    identify_wire(application, "ada", PASSWORD, HERE)
    with writing(application) as services:
        services.users.disable(COMMAND_LINE, services.users.get("ada"))
    for password in (PASSWORD, token):
        with pytest.raises(SignInRefusedError):
            identify_wire(application, "ada", password, HERE)
    with pytest.raises(SignInRefusedError):
        sign_in_with_password(application, "ada", PASSWORD, HERE)
    with reading(application) as services:
        assert services.user_sessions.find(session_id) is None


class Directory:
    """A directory on another machine, in which everybody has a short name as well."""

    takes_passwords = True

    def __init__(self, *, creates: bool) -> None:
        self._creates = creates

    def recognise(self, attempt: Attempt) -> Recognised | None:
        """Knows one password for all."""
        return Recognised(attempt.name.removeprefix("x-"), self._creates) if attempt.password == PASSWORD else None


@pytest.mark.parametrize("ask", [sign_in_with_password, identify_wire])
@pytest.mark.parametrize("name", ["bob", "x-bob"])
def test_directory_makes_accounts_by_the_names_that_it_tells(
    application: Application, ask: Callable[..., Any], name: str
) -> None:
    application.sign_in_methods = (Directory(creates=False),)
    with pytest.raises(SignInRefusedError):
        ask(application, name, PASSWORD, HERE)
    application.sign_in_methods = (Directory(creates=True),)
    for _turn in range(2):
        assert ask(application, name, PASSWORD, HERE).name == "bob"
    with reading(application) as services:
        assert [entry.target for entry in services.audit.list_() if entry.action == "user.create"] == ["user:bob"]


def test_directory_lets_no_disabled_account_in(application: Application) -> None:
    bob = Factory(application).user("bob")
    with writing(application) as services:
        services.users.disable(COMMAND_LINE, services.users.get(bob.name))
    application.sign_in_methods = (Directory(creates=True),)
    with pytest.raises(SignInRefusedError):
        sign_in_with_password(application, "bob", PASSWORD, HERE)


@pytest.mark.parametrize("ask", [sign_in_with_password, identify_wire])
def test_unknown_name_and_disabled_user_run_the_same_statements_and_hashing(
    application: Application, quick_hashing: list[str | None], ask: Callable[[Application, str, str, str], object]
) -> None:
    people = Factory(application)
    people.user("ada", password=PASSWORD)
    people.user("gone", password=PASSWORD)
    with writing(application) as services:
        services.users.disable(COMMAND_LINE, services.users.get("gone"))
    runs = []
    for name in ("ada", "gone", "nobody"):
        with counted(application.engine) as statements, pytest.raises(SignInRefusedError):
            ask(application, name, WRONG, HERE)
        runs.append(statements)
    assert runs[0] == runs[1] == runs[2]
    assert [hash_ is None for hash_ in quick_hashing] == [False, True, True]


def test_fifth_wrong_password_makes_wait_and_each_further_one_twice_as_long(
    application: Application, ada: User
) -> None:
    clock = application.clock = Clock()
    for _ in range(5):
        with pytest.raises(SignInRefusedError):
            sign_in_with_password(application, "ada", WRONG, HERE)
    waits = []
    for _ in range(12):
        with pytest.raises(ThrottledError) as caught:
            sign_in_with_password(application, "ADA", PASSWORD, HERE)
        waits.append(caught.value.retry_after)
        clock.pass_(caught.value.retry_after)
        with pytest.raises(SignInRefusedError):
            sign_in_with_password(application, "ada", WRONG, HERE)
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]


def test_wait_ends_and_the_right_password_clears_it(application: Application, ada: User) -> None:
    clock = application.clock = Clock()
    _fail(application, "ada", 5)
    with pytest.raises(ThrottledError, match="Wait 1 s and try again"):
        sign_in_with_password(application, "ada", PASSWORD, HERE)
    clock.pass_(1)
    sign_in_with_password(application, "ada", PASSWORD, HERE)
    _fail(application, "ada", 4)
    sign_in_with_password(application, "ada", PASSWORD, HERE)


def test_attempts_during_a_wait_are_not_counted(application: Application, ada: User) -> None:
    clock = application.clock = Clock()
    _fail(application, "ada", 5)
    for _ in range(50):
        with pytest.raises(ThrottledError):
            identify_wire(application, "ada", WRONG, HERE)
    clock.pass_(1)
    sign_in_with_password(application, "ada", PASSWORD, HERE)


def test_name_that_nobody_has_waits_as_well(application: Application) -> None:
    _fail(application, "nobody", 5)
    with pytest.raises(ThrottledError):
        sign_in_with_password(application, "nobody", WRONG, HERE)


def test_other_accounts_do_not_wait(application: Application, ada: User) -> None:
    _fail(application, "bob", 6)
    sign_in_with_password(application, "ada", PASSWORD, HERE)


def test_network_waits_after_thirty_failures_with_any_names(application: Application, ada: User) -> None:
    application.clock = Clock()
    for number in range(30):
        _fail(application, f"user{number}", 1, f"192.0.2.{number}")
    with pytest.raises(ThrottledError):
        sign_in_with_password(application, "ada", PASSWORD, "192.0.2.200")
    sign_in_with_password(application, "ada", PASSWORD, "198.51.100.1")


def test_old_failures_are_forgotten(application: Application, ada: User) -> None:
    clock = application.clock = Clock()
    _fail(application, "ada", 5)
    clock.pass_(3601)
    _fail(application, "ada", 4)
    sign_in_with_password(application, "ada", PASSWORD, HERE)


def test_names_that_were_tried_are_not_stored(application: Application) -> None:
    _fail(application, "my-secret-typed-into-the-wrong-field", 1)
    with reading(application) as services:
        subjects = services.session.scalars(select(SignInFailure.subject)).all()
    assert sorted(subject.partition(":")[0] for subject in subjects) == ["account", "network", "noted", "pair"]
    assert not any("secret" in subject or "192.0.2" in subject for subject in subjects)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.77", "192.0.2.0/24"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("unix:", "unix:"),
    ],
)
def test_network_of_an_address(address: str, expected: str) -> None:
    assert network(address) == expected


def test_failures_of_many_processes_are_all_counted(every_application: Application) -> None:
    settings = every_application.settings
    processes = [FRESH.Process(target=_count_failures, args=(settings, 20)) for _ in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(200)
    assert [process.exitcode for process in processes] == [0, 0, 0]
    with reading(every_application) as services:
        assert services.session.scalars(select(SignInFailure.count)).all() == [60, 60, 60]


@pytest.mark.parametrize("name", ["ada", "nobody"])
def test_attempts_at_the_same_moment_are_bounded_like_others(every_application: Application, name: str) -> None:
    """From three processes with eight threads each, all of which want to be judged before the first one counts."""
    with writing(every_application) as services:
        # a hash that takes its time, as those of sites do
        services.users.create(COMMAND_LINE, name="ada", password_hash=REAL["_HASHER"].hash(PASSWORD))
    with concurrent.futures.ProcessPoolExecutor(3, FRESH) as processes:
        runs = [processes.submit(_guess_at_once, every_application.settings, name, 8) for _ in range(3)]
        answers = collections.Counter(answer for run in runs for answer in run.result(200))
    assert answers == {"SignInRefusedError": 5, "ThrottledError": 19}


def test_old_hash_is_renewed_and_the_password_stays_verified(application: Application) -> None:
    old = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4)).decode()
    with writing(application) as services:
        services.users.create(COMMAND_LINE, name="bob", password_hash=old)
    sign_in_with_password(application, "bob", PASSWORD, HERE)
    with reading(application) as services:
        bob = services.users.get("bob")
    assert bob.password_hash is not None
    assert bob.password_hash.startswith("$argon2id$")
    assert bob.password_version == 0


def test_wire_verifies_once_a_minute(application: Application, ada: User, quick_hashing: list[str | None]) -> None:
    for _ in range(3):
        assert identify_wire(application, "ada", PASSWORD, HERE).user_id == ada.user_id
    assert len(quick_hashing) == 1


def test_wire_refuses_the_old_password_at_once(application: Application, ada: User) -> None:
    identify_wire(application, "ada", PASSWORD, HERE)
    assert len(application.verified_passwords) == 1
    with writing(application) as services:
        services.users.set_password_hash(COMMAND_LINE, services.users.get("ada"), password_hash("another one"))
    assert not application.verified_passwords.knows(ada.user_id, 1, PASSWORD)


def test_remembered_password_has_to_wait_like_any_other(application: Application, ada: User) -> None:
    """Else a wait would not keep anybody from guessing while the user works."""
    identify_wire(application, "ada", PASSWORD, HERE)
    _fail(application, "ada", 5)
    with pytest.raises(ThrottledError):
        identify_wire(application, "ada", PASSWORD, HERE)


def test_wire_writes_nothing_for_a_right_password(application: Application, ada: User) -> None:
    with counted(application.engine) as statements:
        identify_wire(application, "ada", PASSWORD, HERE)
    assert {statement.split()[0] for statement in statements} == {"SELECT"}


@pytest.mark.parametrize("place", ["password", "name"])
def test_token_is_one_indexed_read(application: Application, ada: User, place: str) -> None:
    with writing(application) as services:
        token, text = services.tokens.create(COMMAND_LINE, ada, scopes=["read"])
    name, password = ("whoever", text) if place == "password" else (text, "x-oauth-basic")
    with counted(application.engine) as statements:
        identity = identify_wire(application, name, password, HERE)
    assert (identity.user_id, identity.name, identity.token_id) == (ada.user_id, "Ada", token.token_id)
    assert identity.viewer == Viewer(ada.user_id, frozenset({SIGNED_IN, subject(ada)}), ceiling=Level.READ)
    assert len(statements) == 1


def test_wrong_token_is_refused(application: Application, ada: User) -> None:
    with pytest.raises(SignInRefusedError, match="The token is wrong or has expired"):
        identify_wire(application, "ada", "kat_" + "0" * 40, HERE)


def test_token_that_has_expired_or_was_revoked_is_refused(application: Application, ada: User) -> None:
    clock = application.clock = Clock()
    with writing(application) as services:
        _, short = services.tokens.create(COMMAND_LINE, ada, expires=clock.now + datetime.timedelta(minutes=1))
        token, revoked = services.tokens.create(COMMAND_LINE, ada)
    identify_wire(application, "ada", short, HERE)
    clock.pass_(60)
    with writing(application) as services:
        services.tokens.revoke(COMMAND_LINE, services.tokens.get(ada, token.token_id))
    for text in (short, revoked):
        with pytest.raises(SignInRefusedError):
            identify_wire(application, "ada", text, HERE)


def test_use_of_a_token_is_noted_by_a_job_at_most_hourly(application: Application, ada: User) -> None:
    clock = application.clock = Clock()
    with writing(application) as services:
        token, text = services.tokens.create(COMMAND_LINE, ada)
    for _ in range(3):
        identify_wire(application, "ada", text, HERE)
    application.later.flush()
    with writing(application) as services:
        notes = services.session.scalars(select(OutboxJob.kind).where(OutboxJob.kind == "NoteUse"))
        assert notes.all() == ["NoteUse"]
        services.tokens.note_use(token.token_id, clock.now)
        services.tokens.note_use(token.token_id, clock.now - datetime.timedelta(days=1))
    clock.pass_(1800)
    with counted(application.engine) as statements:
        identify_wire(application, "ada", text, HERE)
        application.later.flush()
    assert len(statements) == 1


def _fail(application: Application, name: str, times: int, address: str = HERE) -> None:
    for _ in range(times):
        with pytest.raises(KallitheaError):
            sign_in_with_password(application, name, WRONG, address)


def _count_failures(settings: Settings, times: int) -> None:
    application = open_application(settings)
    for _ in range(times):
        with writing(application) as services:
            services.sign_in_failures.add("ada", HERE)
    application.close()


def _guess_at_once(settings: Settings, name: str, times: int) -> list[str]:
    application = open_application(settings)
    application.clock = Clock()
    begun = threading.Barrier(times, timeout=60)

    def guess() -> str:
        begun.wait()
        try:
            sign_in_with_password(application, name, WRONG, HERE)
        except KallitheaError as problem:
            return type(problem).__name__
        return "signed in"

    with concurrent.futures.ThreadPoolExecutor(times) as threads:
        answers = [run.result() for run in [threads.submit(guess) for _ in range(times)]]
    application.close()
    return answers
