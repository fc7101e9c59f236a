"""Units of work: all or nothing, jobs only after a commit, and no waiting where one only reads."""

import contextlib
import datetime
from collections.abc import Iterator
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import DBAPIError

from kallithea.core.access import SIGNED_IN, Level
from kallithea.core.actor import COMMAND_LINE
from kallithea.core.errors import KallitheaError, UnavailableError
from kallithea.core.jobs import CleanUp, RemoveFolder
from kallithea.core.settings import SettingsError
from kallithea.model.engine import Unit, for_unit, open_engine
from kallithea.model.outbox import OutboxJob
from kallithea.model.repository import RepositoryState
from kallithea.model.setting import Setting
from kallithea.model.user import User
from kallithea.services.application import Application
from kallithea.services.sign_in import identify_wire, sign_in_with_password
from kallithea.services.work import open_application, reading, writing
from tests.applications import settings_for
from tests.factories.people import PASSWORD, Factory
from tests.processes import FRESH

_PROCESSES = 8
_ROUNDS = 25


@pytest.fixture
def application(every_application: Application) -> Application:
    """All of this holds on every engine."""
    return every_application


def test_commits_at_the_end(application: Application) -> None:
    with writing(application) as services:
        services.users.create(COMMAND_LINE, name="ada")
    with reading(application) as services:
        assert services.users.get("ada").name == "ada"


@pytest.mark.parametrize("problem", [KallitheaError("no"), ValueError("no")])
def test_rolls_back_when_the_block_fails(application: Application, problem: Exception) -> None:
    with contextlib.suppress(KallitheaError, ValueError), writing(application) as services:
        services.users.create(COMMAND_LINE, name="ada")
        raise problem
    with reading(application) as services:
        assert services.users.count() == 0
        assert services.audit.list_() == []


def test_hands_jobs_over_after_the_commit(application: Application) -> None:
    seen: list[int] = []

    def wake() -> None:
        with reading(application) as services:
            seen.append(services.session.scalar(select(func.count()).select_from(OutboxJob)) or 0)

    application.wake = wake
    with writing(application) as services:
        services.outbox.add(CleanUp())
        assert seen == []
    assert seen == [1]


def test_hands_over_no_jobs_of_a_unit_that_failed(application: Application) -> None:
    woken: list[bool] = []
    application.wake = lambda: woken.append(True)
    with contextlib.suppress(ValueError), writing(application) as services:
        services.outbox.add(RemoveFolder("x"))
        raise ValueError("no")
    with reading(application) as services:
        assert services.session.scalar(select(func.count()).select_from(OutboxJob)) == 0
    assert woken == []


def test_wakes_nobody_without_jobs(application: Application) -> None:
    woken: list[bool] = []
    application.wake = lambda: woken.append(True)
    with writing(application) as services:
        services.users.create(COMMAND_LINE, name="ada")
    assert woken == []


def test_reading_unit_cannot_write(application: Application) -> None:
    Factory(application).admit_visitors()
    with pytest.raises((DBAPIError, UnavailableError)), reading(application) as services:
        services.session.execute(update(Setting).values(value="changed"))
    with reading(application) as services:
        assert services.settings.visitors


def test_connection_can_write_again_after_it_read(application: Application) -> None:
    people = Factory(application)
    for _ in range(3):
        with reading(application) as services:
            services.users.count()
        people.user()
    with reading(application) as services:
        assert services.users.count() == 3


def test_reading_unit_sees_one_state(application: Application) -> None:
    people = Factory(application)
    people.user()
    with reading(application) as services:
        assert services.users.count() == 1
        people.user()
        assert services.users.count() == 1
    with reading(application) as services:
        assert services.users.count() == 2


def test_times_keep_microseconds_and_bytes_stay_bytes(application: Application) -> None:
    repository = Factory(application).repository()
    at = datetime.datetime(2031, 5, 6, 7, 8, 9, 123_457, tzinfo=datetime.timezone(datetime.timedelta(hours=5)))
    refs = bytes(range(256)) * 4096
    with writing(application) as services:
        services.session.add(RepositoryState(repository_id=repository.repository_id, refs=refs, recorded=at))
    with reading(application) as services:
        state = services.session.get_one(RepositoryState, repository.repository_id)
        assert state.recorded == at
        assert state.recorded.tzinfo is datetime.UTC
        assert state.refs == refs
        same = select(RepositoryState.repository_id).where(RepositoryState.recorded == at)
        assert services.session.scalars(same).all() == [repository.repository_id]


def test_time_without_a_zone_is_refused(application: Application) -> None:
    naive = datetime.datetime(2031, 1, 1)  # noqa: DTZ001  # what must not be stored
    with pytest.raises(Exception, match="must have a time zone"), writing(application) as services:
        services.session.add(Setting(name="x", value="", changed=naive))


def test_text_outside_the_basic_plane_is_kept(application: Application) -> None:
    repository = Factory(application).repository(description="🎉 日本語 \u0001 'quoted'")
    with reading(application) as services:
        found = services.repositories.get_by_id(repository.repository_id)
        assert found.description == "🎉 日本語 \u0001 'quoted'"


def test_ids_of_what_was_deleted_are_not_given_again(application: Application) -> None:
    people = Factory(application)
    first = people.repository("first")
    with writing(application) as services:
        services.repositories.delete(COMMAND_LINE, services.repositories.get("first"))
    assert people.repository("second").repository_id > first.repository_id


@pytest.mark.parametrize(
    "url",
    ["postgresql://nobody@127.0.0.1:1/nothing", "mysql://nobody@127.0.0.1:1/nothing", "sqlite:////nowhere/at/all.db"],
)
def test_database_that_is_away_is_unavailable(url: str, tmp_path: Path) -> None:
    application = open_application(settings_for(url, tmp_path))
    for unit in (reading, writing):
        with pytest.raises(UnavailableError, match="Nothing was changed"), unit(application) as services:
            services.users.count()
    application.close()


def test_reading_waits_for_no_writer(application: Application) -> None:
    """Another process has changed rows and holds on to them: on SQLite nobody else can write at all."""
    people = Factory(application)
    ada = people.user("ada", password=PASSWORD)
    group = people.group("tools")
    tool = people.repository("tools/hammer")
    people.grant(SIGNED_IN, Level.READ)
    with writing(application) as services:
        session_id = services.user_sessions.create(ada, address="127.0.0.1", client="test")
        _, token = services.tokens.create(COMMAND_LINE, ada)
    with _changing_users(application):
        with reading(application) as services:
            assert services.user_sessions.find(session_id) is not None
            viewer = services.permissions.viewer_for(ada)
            services.permissions.require(viewer, tool, Level.READ)
            assert services.repository_groups.overview(viewer).below(None)[0].path == "tools"
            assert services.repository_lists.list_(viewer, group_id=group.repository_group_id).total == 1
            assert len(services.journal.list_(viewer)) == 1
            assert services.permissions.list_(None)
        assert identify_wire(application, "ada", token, "127.0.0.1").name == "ada"
        assert sign_in_with_password(application, "ada", PASSWORD, "127.0.0.1").first_name == ""


@pytest.mark.slow
def test_writers_on_sqlite_wait_for_each_other_and_lose_nothing(tmp_path: Path, migrated_file: Path) -> None:
    database = tmp_path / "kallithea.db"
    database.write_bytes(migrated_file.read_bytes())
    processes = [FRESH.Process(target=_write_often, args=(tmp_path, number)) for number in range(_PROCESSES)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(300)
    assert [process.exitcode for process in processes] == [0] * _PROCESSES
    application = open_application(settings_for(f"sqlite:///{database}", tmp_path))
    with reading(application) as services:
        assert services.session.get_one(Setting, "counter").value == str(_PROCESSES * _ROUNDS)
        assert services.users.count() == _PROCESSES * _ROUNDS
    application.close()


def _write_often(folder: Path, number: int) -> None:
    """Each round reads, then writes what it read and one more: with a lost update the sum is too small."""
    application = open_application(settings_for(f"sqlite:///{folder / 'kallithea.db'}", folder))
    for round_ in range(_ROUNDS):
        with writing(application) as services:
            count = int(services.settings.get("counter", "0"))
            services.session.merge(Setting(name="counter", value=str(count + 1), changed=services.now))
            services.users.create(COMMAND_LINE, name=f"user{number}.{round_}")
    application.close()


@contextlib.contextmanager
def _changing_users(application: Application) -> Iterator[None]:
    """For the length of the block, a child process is in the middle of a writing unit."""
    begun, end = FRESH.Event(), FRESH.Event()
    url = application.engine.url.render_as_string(hide_password=False)
    process = FRESH.Process(target=_change_users, args=(url, begun, end))
    process.start()
    assert begun.wait(60)
    yield
    end.set()
    process.join(60)
    assert process.exitcode == 0


def _change_users(url: str, begun: Event, end: Event) -> None:
    engine = for_unit(open_engine(url), Unit.WRITING)
    with engine.connect() as connection:
        connection.execute(update(User).values(first_name="uncommitted"))
        begun.set()
        end.wait(120)


@pytest.mark.parametrize(
    ("own", "refused"),
    [
        ({"sqlalchemy__url": "sqlite:////srv/shared/kallithea.db?timeout=30"}, r"sqlalchemy\.url: /srv/shared/kallith"),
        ({"session__type": "ext:database", "session__url": "sqlite:////srv/shared/s.db"}, r"session\.url: /srv/shared"),
        ({"session__type": "ext:database", "session__url": "postgresql://localhost/shared/x"}, None),
        ({"session__type": "ext:redis", "session__url": "redis://localhost/shared"}, None),
    ],
)
def test_files_of_databases_on_another_machine_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, own: dict[str, str], refused: str | None
) -> None:
    network = "kallithea.model.engine.find_network_file_system"
    monkeypatch.setattr(network, lambda file: "nfs4" if "shared" in file.parts else None)
    url = own.pop("sqlalchemy__url", f"sqlite:///{tmp_path / 'kallithea.db'}")
    settings = settings_for(url, tmp_path, index__backend="none", **own)
    if refused is None:
        open_application(settings).close()
        return
    with pytest.raises(SettingsError, match=rf"{refused}.* network file system \(nfs4\).* use PostgreSQL or MariaDB"):
        open_application(settings)
