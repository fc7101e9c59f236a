"""An index that is made anew while people search and push: no error, and nothing that was found is missing."""

import contextlib
import datetime
import itertools
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import select, update

from kallithea.cli.config import create_config
from kallithea.core.actor import COMMAND_LINE
from kallithea.core.errors import ConflictError
from kallithea.core.ini import read_ini
from kallithea.core.jobs import IndexRepository, RebuildIndex
from kallithea.core.settings import parse_settings
from kallithea.model.lease import Lease
from kallithea.model.outbox import OutboxState
from kallithea.search.engine import SearchEngine
from kallithea.services import held_leases
from kallithea.services.application import Application, utc_now
from kallithea.services.handlers import HANDLERS
from kallithea.services.index_rebuilding import LeftOutError, rebuild, rebuild_index
from kallithea.services.job_context import JobContext
from kallithea.services.search_index import UnderIndexingError, ask_for_indexing, find_outdated, index_repository
from kallithea.services.settling import settle
from kallithea.services.tasks import TaskState
from kallithea.services.work import open_application, reading, writing
from kallithea.services.worker import Worker
from kallithea.vcs.types import Kind
from tests.applications import Clock
from tests.factories.repositories import GitBuilder, RepositoryBuilder, make_builder
from tests.prepared_databases import PreparedDatabases
from tests.search.conftest import ENGINES
from tests.search.samples import ask
from tests.services.test_outbox import stored_jobs
from tests.services.test_search_index import add, found

_READERS = 3
_REPOSITORIES = 4
_PATIENCE_SECONDS = 120


@dataclass
class Crowd:
    """Readers, each a thread with its own look at the index, who compare what they find with what had been indexed."""

    application: Application
    numbers: tuple[int, ...]
    indexed: int = 0
    asked: int = 0
    problems: list[str] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def read(self) -> None:
        while not self.over.is_set():
            expected = self.indexed
            try:
                with engine_of(self.application).open() as index:
                    total = ask(index, "common", self.numbers).total
            except Exception as problem:  # noqa: BLE001 - whatever a reader meets fails the test
                self.problems.append(repr(problem))
                return
            if total < expected:
                self.problems.append(f"{total} of {expected}")
            self.asked += 1


def engine_of(application: Application) -> SearchEngine:
    assert application.search is not None
    return application.search


@pytest.fixture(params=ENGINES)
def place(request: pytest.FixtureRequest, prepared_databases: PreparedDatabases, tmp_path: Path) -> Iterator[Path]:
    """The .ini of a site that searches by the engine."""
    database = "postgresql" if request.param == "postgresql" else "sqlite"
    with prepared_databases.lend(database, tmp_path) as url:
        ini = tmp_path / "site.ini"
        create_config(ini, {"sqlalchemy.url": url.replace("%", "%%"), "index.backend": request.param})
        yield ini


@pytest.mark.slow
def test_who_searches_meets_no_error_and_no_gap(place: Path) -> None:
    settings = parse_settings(read_ini(place).application)
    for folder in (settings.repository_folder, settings.cache_dir):
        folder.mkdir(parents=True)
    application = open_application(settings)
    kinds = [list(Kind)[at % len(Kind)] for at in range(_REPOSITORIES)]
    builders = [make_builder(kind, settings.repository_folder / f"r{at}") for at, kind in enumerate(kinds)]
    numbers = tuple(add(application, kind, f"r{at}") for at, kind in enumerate(kinds))
    crowd = Crowd(application, numbers)
    for builder, number in zip(builders, numbers, strict=True):
        push(crowd, builder, number)
    readers = [threading.Thread(target=crowd.read) for _reader in range(_READERS)]
    for reader in readers:
        reader.start()
    try:
        before = crowd.indexed
        making = start_rebuild(place)
        for at in itertools.cycle(range(_REPOSITORIES)):
            if making.poll() is not None:
                break
            push(crowd, builders[at], numbers[at])
        said = making.communicate()[0]
        assert making.returncode == 0, said
        assert crowd.indexed > before
        wait_for_answers(crowd, 2 * _READERS)
    finally:
        crowd.over.set()
        for reader in readers:
            reader.join()
    application.close()
    assert crowd.problems == []


def push(crowd: Crowd, builder: RepositoryBuilder, number: int) -> None:
    """One more file, which the readers expect once it is indexed."""
    builder.commit({b"f%d.txt" % crowd.indexed: b"common"})
    settle(crowd.application, number)
    while number in find_outdated(crowd.application):
        try:
            index_repository(crowd.application, number)
        except UnderIndexingError:
            time.sleep(0.05)
    crowd.indexed += 1


def start_rebuild(ini: Path) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "kallithea.cli", "index-create", "--full", "-c", str(ini)]
    return subprocess.Popen(command, env=os.environ.copy(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def wait_for_answers(crowd: Crowd, number: int) -> None:
    deadline, before = time.monotonic() + _PATIENCE_SECONDS, crowd.asked
    while crowd.asked < before + number and not crowd.problems:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def pushed(application: Application) -> int:
    """A repository with a file, indexed."""
    make_builder(Kind.GIT, application.settings.repository_folder / "r").commit({b"a": b"apple"})
    number = add(application)
    settle(application, number)
    index_repository(application, number)
    return number


def silent(_percent: int, _step: str, _line: str = "") -> None:
    """Tell nobody."""


def test_rebuild_is_a_job_that_says_how_far_it_is(application: Application) -> None:
    number = pushed(application)
    with writing(application) as services:
        task_id = services.outbox.add_asked(RebuildIndex(1))
    assert Worker(application, HANDLERS, "worker", [RebuildIndex.queue]).run_once()
    with reading(application) as services:
        task = services.tasks.get(1, task_id)
    assert (task.state, task.percent) == (TaskState.DONE, 100)
    assert [line.partition(" ")[2] for line in task.log] == ["r", "done"]
    assert found(application, "apple", number) == ["a"]


def test_whoever_asks_waits_for_the_same_new_index(application: Application) -> None:
    with writing(application) as services:
        asked = {services.outbox.add_asked(RebuildIndex(user_id)) for user_id in (None, 1)}
    with writing(application) as services:
        assert services.taken_jobs.take("worker", [RebuildIndex.queue]) is not None
    with writing(application) as services:
        asked.add(services.outbox.add_asked(RebuildIndex(2)))
    assert len(asked) == len(stored_jobs(application)) == 1


def test_cancelled_rebuild_leaves_the_index_and_nothing_else(application: Application) -> None:
    number = pushed(application)
    before = generations(application)
    with writing(application) as services:
        task_id = services.outbox.add_asked(RebuildIndex(1))
        taken = services.taken_jobs.take("worker", [RebuildIndex.queue])
        assert taken is not None
        services.tasks.cancel(1, task_id)
    rebuild_index(application, RebuildIndex(1), JobContext(application, task_id))
    assert generations(application) == before
    assert found(application, "apple", number) == ["a"]
    with reading(application) as services:
        assert services.tasks.get(1, task_id).log[-1].endswith("cancelled")


def test_one_process_makes_a_new_index(application: Application) -> None:
    """Another one that asks meanwhile is refused; what one that was killed has left goes away."""
    pushed(application)
    asked = generations(application)
    engine_of(application).begin()
    refused: list[Exception] = []

    def tell(_percent: int, _step: str, _line: str = "") -> None:
        with pytest.raises(ConflictError) as problem:
            rebuild(application, silent)
        refused.append(problem.value)

    assert rebuild(application, tell) == []
    assert refused
    assert len(generations(application)) == 1
    assert generations(application) != asked


def generations(application: Application) -> set[str]:
    """The names of all that there are."""
    return {path.stem for path in (application.settings.cache_dir / "index").glob("*.db")}


def test_what_a_worker_is_indexing_is_not_left_out(application: Application) -> None:
    builder = make_builder(Kind.GIT, application.settings.repository_folder / "r")
    builder.commit({b"a": b"apple"})
    number = add(application)
    settle(application, number)
    began, go_on = threading.Event(), threading.Event()

    def wait(_count: int) -> None:
        began.set()
        go_on.wait(_PATIENCE_SECONDS)

    def index() -> None:
        with contextlib.suppress(UnderIndexingError):
            index_repository(application, number, tell=wait)

    worker = threading.Thread(target=index)
    worker.start()
    assert began.wait(_PATIENCE_SECONDS)
    problems: list[str] = []
    maker = threading.Thread(target=lambda: problems.extend(rebuild(application, lambda *_told: go_on.set())))
    maker.start()
    worker.join()
    maker.join()
    assert problems == []
    assert found(application, "apple", number) == ["a"]
    assert find_outdated(application) == []


def test_what_can_be_found_is_not_dropped_because_it_is_away(application: Application) -> None:
    builder = make_builder(Kind.GIT, application.settings.repository_folder / "r")
    builder.commit({b"a": b"apple"})
    number = add(application)
    index_repository(application, number)
    asked = generations(application)
    away = builder.path.rename(builder.path.with_name("away"))
    with pytest.raises(LeftOutError, match=r"cannot be read now \(1, such as r: "):
        rebuild(application, lambda *_told: None)
    assert generations(application) == asked
    assert found(application, "apple", number) == ["a"]

    with writing(application) as services:
        services.repositories.delete(COMMAND_LINE, services.repositories.get_by_id(number))
    assert rebuild(application, lambda *_told: None) == []
    assert generations(application) != asked
    away.rename(builder.path)


def test_what_is_damaged_does_not_keep_the_old_index(application: Application) -> None:
    builder = GitBuilder(application.settings.repository_folder / "r")
    tip = builder.commit({b"a": b"apple"})
    number = add(application)
    index_repository(application, number)
    (builder.path / "objects" / tip[:2] / tip[2:]).unlink()
    assert len(rebuild(application, lambda *_told: None)) == 1
    assert found(application, "apple", number) == []


def test_what_comes_right_before_the_switch_is_indexed_after_it(
    application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    builder = make_builder(Kind.GIT, application.settings.repository_folder / "r")
    builder.commit({b"a": b"apple"})
    number = add(application)
    settle(application, number)
    index_repository(application, number)
    engine = engine_of(application)
    switch = engine.switch

    def late(name: str) -> None:
        builder.commit({b"b": b"berry"})
        settle(application, number)
        HANDLERS[IndexRepository](application, IndexRepository(number), JobContext(application, 1))
        assert found(application, "berry", number) == []
        switch(name)

    monkeypatch.setattr(engine, "switch", late)
    assert rebuild(application, lambda *_told: None) == []
    assert find_outdated(application) == [number]
    assert stored_jobs(application, IndexRepository)
    HANDLERS[IndexRepository](application, IndexRepository(number), JobContext(application, 1))
    assert found(application, "apple OR berry", number) == ["a", "b"]


@pytest.mark.parametrize("when", ["indexing", "switching"])
def test_what_a_killed_process_held_is_free_within_seconds(application: Application, tmp_path: Path, when: str) -> None:
    """What is pushed after it is found as soon as its leases are over, and by then is tried again and again."""
    builder = make_builder(Kind.GIT, application.settings.repository_folder / "r")
    builder.commit({b"a": b"apple"})
    number = add(application)
    settle(application, number)
    arguments = [application.settings.database_url, str(tmp_path), str(number), when]
    died = subprocess.run([sys.executable, "-m", "tests.services.dying_index", *arguments], check=False)
    assert died.returncode == -signal.SIGKILL
    with reading(application) as services:
        latest = services.leases.now() + datetime.timedelta(seconds=held_leases.LEASE_SECONDS)
        held = services.session.scalars(select(Lease).where(Lease.expires > services.leases.now())).all()
        assert held
        assert max(lease.expires for lease in held) <= latest

    application.clock = clock = Clock(utc_now())
    worker = Worker(application, HANDLERS, "worker", [IndexRepository.queue])
    builder.commit({b"b": b"berry"})
    settle(application, number)
    assert worker.run_once()
    again = stored_jobs(application, IndexRepository)[-1]
    assert again.state == OutboxState.WAITING
    assert again.due <= clock.now + datetime.timedelta(seconds=2)

    with writing(application) as services:
        services.session.execute(update(Lease).values(expires=services.leases.now()))
    clock.pass_(2)
    assert worker.run_once()
    assert found(application, "apple OR berry", number) == ["a", "b"]


def test_an_index_of_an_earlier_version_is_made_anew(application: Application) -> None:
    """By one job, and it answers until then."""
    number = pushed(application)
    (before,) = generations(application)
    with contextlib.closing(sqlite3.connect(application.settings.cache_dir / "index" / f"{before}.db")) as file:
        file.execute("PRAGMA user_version = 0")
    for _hour in range(2):
        ask_for_indexing(application)
        assert found(application, "apple", number) == ["a"]
    assert Worker(application, HANDLERS, "worker", [RebuildIndex.queue]).run_once()
    assert before not in generations(application)
    assert found(application, "apple", number) == ["a"]

    ask_for_indexing(application)
    assert len(stored_jobs(application, RebuildIndex)) == 1
