"""Where repositories come from: kept with their credentials, changed by who administers them, pulled in their time."""

import datetime
import json

import pytest
from sqlalchemy import select

from kallithea.core.access import Level
from kallithea.core.actor import COMMAND_LINE, Actor, Way
from kallithea.core.errors import ForbiddenError, NotFoundError
from kallithea.core.jobs import ImportRepository, PullOnSchedule
from kallithea.core.remote_addresses import RemoteAddress, parse_remote_address
from kallithea.core.schedules import Schedule
from kallithea.core.words import Text, _
from kallithea.model.audit import AuditEntry
from kallithea.model.remote import Remote
from kallithea.model.user import User
from kallithea.services.application import Application
from kallithea.services.clean_up import clean_up
from kallithea.services.remote_pulls import ask_for_due_pulls
from kallithea.services.remotes import RemoteChange, ShownRemote
from kallithea.services.sealing import SealError
from kallithea.services.work import reading, writing
from kallithea.vcs.remote import Credentials, RemoteError
from tests.applications import Clock
from tests.factories.people import Factory
from tests.services.test_outbox import stored_jobs

PASSWORD = "a password of elsewhere"
ADA = Credentials("ada", PASSWORD)


def address(text: str = "https://example.com/r") -> RemoteAddress:
    return parse_remote_address(text, ("https", "http", "ssh"))


@pytest.fixture
def application(every_application: Application, clock: Clock) -> Application:
    """On every engine, with a clock that stands still."""
    every_application.clock = clock
    return every_application


@pytest.fixture
def repository_id(application: Application) -> int:
    return Factory(application).repository("r").repository_id


def update(application: Application, repository_id: int, change: RemoteChange) -> None:
    with writing(application) as services:
        services.remotes.update(COMMAND_LINE, None, repository_id, change)


def find(application: Application, repository_id: int) -> ShownRemote | None:
    with reading(application) as services:
        return services.remotes.find(repository_id)


def test_remote_is_shown_without_its_credentials(application: Application, repository_id: int) -> None:
    assert find(application, repository_id) is None
    update(application, repository_id, RemoteChange(address(), Schedule.DAILY, ADA))
    shown = find(application, repository_id)
    assert shown == ShownRemote("https://example.com/r", True, Schedule.DAILY, None, None, "", ())
    with reading(application) as services:
        assert services.remotes.source_of(repository_id).credentials == ADA
        stored = services.session.scalars(select(Remote)).one()
        assert PASSWORD not in stored.address
        assert PASSWORD.encode() not in (stored.credentials or b"")


def test_change_is_in_the_audit_without_secrets(application: Application, repository_id: int) -> None:
    update(application, repository_id, RemoteChange(address(), Schedule.OFF, ADA))
    update(application, repository_id, RemoteChange(address(), Schedule.OFF, Credentials("ada", "other")))
    update(application, repository_id, RemoteChange(address(), Schedule.OFF))
    with writing(application) as services:
        services.remotes.remove(COMMAND_LINE, None, repository_id)
    with reading(application) as services:
        rows = services.session.scalars(
            select(AuditEntry).where(AuditEntry.action == "repository.update").order_by(AuditEntry.audit_entry_id)
        ).all()
    words = [json.loads(row.after) for row in rows]
    assert [word["remote"] for word in words] == ["https://example.com/r", "https://example.com/r", None]
    assert words[1]["remote_password"] == "a new one"
    assert PASSWORD not in str([(row.before, row.after) for row in rows])


def test_credentials_stay_until_they_are_removed(application: Application, repository_id: int) -> None:
    update(application, repository_id, RemoteChange(address(), Schedule.OFF, ADA))
    update(application, repository_id, RemoteChange(address("https://EXAMPLE.com:443/r"), Schedule.HOURLY))
    with reading(application) as services:
        assert services.remotes.source_of(repository_id).credentials == ADA
    update(application, repository_id, RemoteChange(address(), Schedule.OFF, forget=True))
    with reading(application) as services:
        assert services.remotes.source_of(repository_id).credentials is None


@pytest.mark.parametrize("other", ["https://example.com/ada/secret", "https://example.com/r/", "https://example.com/R"])
def test_credentials_do_not_open_another_repository(application: Application, repository_id: int, other: str) -> None:
    """Who may change the address must not see what else the password of somebody else opens on that site."""
    update(application, repository_id, RemoteChange(address(), Schedule.OFF, ADA))
    update(application, repository_id, RemoteChange(address(other), Schedule.OFF))
    with reading(application) as services:
        assert services.remotes.source_of(repository_id).credentials is None
    # nor do they come back with the address
    update(application, repository_id, RemoteChange(address(), Schedule.OFF))
    with reading(application) as services:
        assert services.remotes.source_of(repository_id).credentials is None


def test_credentials_of_who_administers_no_more_are_not_used(application: Application, repository_id: int) -> None:
    people = Factory(application)
    ada, bob = people.user("ada"), people.user("bob")
    with reading(application) as services:
        row = services.repositories.get_by_id(repository_id)

    def refused() -> str:
        with reading(application) as services, pytest.raises(RemoteError) as caught:
            services.remotes.source_of(repository_id)
        return str(caught.value)

    def used() -> Credentials | None:
        with reading(application) as services:
            return services.remotes.source_of(repository_id).credentials

    def change(user: User, credentials: Credentials | None) -> None:
        with writing(application) as services:
            actor = Actor(user.user_id, user.name, Way.WEB)
            services.remotes.update(actor, None, repository_id, RemoteChange(address(), Schedule.OFF, credentials))

    for user in (ada, bob):
        people.grant(user, Level.ADMIN, on=row)
    change(ada, ADA)
    # who else saves the form leaves them whose they are
    change(bob, None)
    assert used() == ADA
    shown = find(application, repository_id)
    assert shown is not None
    assert shown.entered_by == "ada"
    people.grant(ada, Level.WRITE, on=row)
    assert "entered by ada" in refused()
    people.grant(ada, Level.ADMIN, on=row)
    with writing(application) as services:
        services.users.disable(COMMAND_LINE, services.users.get("ada"))
    assert "entered by ada" in refused()
    with writing(application) as services:
        services.users.enable(COMMAND_LINE, services.users.get("ada"))
    assert used() == ADA
    with writing(application) as services:
        services.session.delete(services.users.get("ada"))
    assert "entered by ada" in refused()
    change(bob, Credentials("bob", "other"))
    assert used() == Credentials("bob", "other")


def test_remote_without_credentials_needs_nobody(application: Application, repository_id: int) -> None:
    people = Factory(application)
    ada = people.user("ada")
    with writing(application) as services:
        actor = Actor(ada.user_id, ada.name, Way.WEB)
        for credentials, forget in ((ADA, False), (None, True)):
            change = RemoteChange(address(), Schedule.OFF, credentials, forget)
            services.remotes.update(actor, None, repository_id, change)
        assert services.remotes.source_of(repository_id).credentials is None


@pytest.mark.parametrize("other", ["https://evil.example/r", "http://example.com/r", "https://example.com:8443/r"])
def test_credentials_do_not_follow_to_another_site(application: Application, repository_id: int, other: str) -> None:
    """Who may change the address must not learn the password that somebody else has entered."""
    update(application, repository_id, RemoteChange(address(), Schedule.OFF, ADA))
    update(application, repository_id, RemoteChange(address(other), Schedule.OFF))
    with reading(application) as services:
        assert services.remotes.source_of(repository_id).credentials is None
    # nor where the database itself was changed
    update(application, repository_id, RemoteChange(address(), Schedule.OFF, ADA))
    with writing(application) as services:
        services.session.scalars(select(Remote)).one().address = other
    with reading(application) as services, pytest.raises(SealError):
        services.remotes.source_of(repository_id)


def test_who_administers_may_change(application: Application, repository_id: int) -> None:
    people = Factory(application)
    bob = people.user("bob")
    with reading(application) as services:
        row = services.repositories.get_by_id(repository_id)
    change = RemoteChange(address(), Schedule.OFF)
    with writing(application) as services, pytest.raises(NotFoundError):
        services.remotes.update(COMMAND_LINE, people.viewer(bob), repository_id, change)
    people.grant(bob, Level.WRITE, on=row)
    for name in ("update", "remove"):
        arguments = (COMMAND_LINE, people.viewer(bob), repository_id, *([change] if name == "update" else []))
        with writing(application) as services, pytest.raises(ForbiddenError):
            getattr(services.remotes, name)(*arguments)
    people.grant(bob, Level.ADMIN, on=row)
    with writing(application) as services:
        services.remotes.update(COMMAND_LINE, people.viewer(bob), repository_id, change)
    assert find(application, repository_id) is not None


def test_scheme_that_is_allowed_no_more(application: Application, repository_id: int) -> None:
    update(application, repository_id, RemoteChange(address("ssh://git@example.com/r"), Schedule.OFF))
    with reading(application) as services, pytest.raises(RemoteError, match="not allowed any more"):
        services.remotes.source_of(repository_id)


def test_repository_without_a_remote(application: Application, repository_id: int) -> None:
    with reading(application) as services, pytest.raises(NotFoundError):
        services.remotes.source_of(repository_id)
    with writing(application) as services:
        services.remotes.note_pull(repository_id, problem="x.")
        services.remotes.remove(COMMAND_LINE, None, repository_id)


def test_remote_goes_with_its_repository(application: Application, repository_id: int) -> None:
    update(application, repository_id, RemoteChange(address(), Schedule.OFF, ADA))
    with writing(application) as services:
        services.repositories.delete(COMMAND_LINE, services.repositories.get_by_id(repository_id))
    with reading(application) as services:
        assert services.session.scalars(select(Remote)).all() == []


def test_end_of_a_pull_is_kept_in_any_language(application: Application, repository_id: int, clock: Clock) -> None:
    update(application, repository_id, RemoteChange(address(), Schedule.OFF))
    with writing(application) as services:
        services.remotes.note_pull(repository_id, left=[(b"refs/heads/\xff", _("it has gone another way here"))])
    done = clock.now
    clock.pass_(60)
    with writing(application) as services:
        services.remotes.note_pull(repository_id, problem=_("There is no host %(host)s.", host="example.com"))
    shown = find(application, repository_id)
    assert shown is not None
    assert (shown.pulled, shown.tried) == (done, clock.now)
    assert shown.problem == "There is no host example.com."
    assert isinstance(shown.problem, Text)
    assert shown.left == ((r"refs/heads/\xff", "it has gone another way here"),)


@pytest.mark.parametrize(
    ("schedule", "hours"), [(Schedule.HOURLY, 1), (Schedule.DAILY, 24), (Schedule.WEEKLY, 168), (Schedule.OFF, 0)]
)
def test_pull_is_asked_for_once_in_its_time(
    application: Application, repository_id: int, clock: Clock, schedule: Schedule, hours: int
) -> None:
    update(application, repository_id, RemoteChange(address(), schedule))
    assert ask_for_due_pulls(application) == 0
    clock.pass_(datetime.timedelta(hours=hours or 1000).total_seconds() - 1)
    assert ask_for_due_pulls(application) == 0
    clock.pass_(1)
    assert ask_for_due_pulls(application) == (1 if hours else 0)
    assert ask_for_due_pulls(application) == 0
    asked = [row.arguments for row in stored_jobs(application, PullOnSchedule)]
    assert asked == ([PullOnSchedule(repository_id).arguments] if hours else [])


def test_remote_of_an_import_goes_when_no_job_is_left_for_it(application: Application) -> None:
    with writing(application) as services:
        change = RemoteChange(address(), Schedule.OFF, ADA)
        kept, lost = services.remotes.start(COMMAND_LINE, change), services.remotes.start(COMMAND_LINE, change)
        services.outbox.add(ImportRepository(1, kept, "https://example.com/r", "git", "r", "", False, ""))
    clean_up(application)
    with reading(application) as services:
        assert services.remotes.source(kept).credentials == ADA
        with pytest.raises(NotFoundError):
            services.remotes.source(lost)


def test_remote_of_a_repository_is_not_discarded(application: Application, repository_id: int) -> None:
    with writing(application) as services:
        remote_id = services.remotes.start(COMMAND_LINE, RemoteChange(address(), Schedule.DAILY))
        services.remotes.attach(remote_id, repository_id)
        services.remotes.discard(remote_id)
        assert services.remotes.find_repository(remote_id) == repository_id
