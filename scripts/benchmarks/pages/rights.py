"""What deciding the rights of a page costs on a large site: whether somebody may see it, and which others they may."""

import time
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import select

from kallithea.core.settings import parse_settings
from kallithea.migrations.upgrade import create_schema
from kallithea.model.repository import Repository
from kallithea.model.user import User
from kallithea.services.application import Application, utc_now
from kallithea.services.work import open_application, reading, writing
from scripts.benchmarks.generated.people import add_people
from scripts.benchmarks.measuring import Cell, Effort, Visit, cell_of
from scripts.benchmarks.rows import Row, Unit
from scripts.benchmarks.suite import Run

RIGHTS = "rights"

#: Milliseconds that may be spent on rights.
_LIMIT = 5.0
_DIFFERENT = 100
_PAGES = (("a repository", False), ("with a list", True))


def measure_rights(run: Run) -> Iterator[Row]:
    """Two rows: of a page of one repository, and of a page that lists what somebody may read besides."""
    folder = run.folder / RIGHTS
    folder.mkdir(parents=True)
    application = _open(folder, run.repositories.scale)
    try:
        for kind, lists in _PAGES:
            cell = _measure(application, lists, run.effort)
            yield Row(RIGHTS, kind, Unit.CPU, cell.cpu, limit=_LIMIT, cells=(cell,))
    finally:
        application.close()


def _open(folder: Path, scale: float) -> Application:
    values = {
        "sqlalchemy.url": f"sqlite:///{folder / 'kallithea.db'}",
        "repository_folder": str(folder),
        "cache_dir": str(folder / "cache"),
        "session.secret": "a secret of the benchmark, long enough",
    }
    application = open_application(parse_settings(values))
    create_schema(application.engine)
    with writing(application) as services:
        add_people(services.session, utc_now(), scale)
    return application


def _measure(application: Application, lists: bool, effort: Effort) -> Cell:
    """Decide for one member after the other, each about another repository."""
    with reading(application) as services:
        users = list(services.session.scalars(select(User.user_id).limit(_DIFFERENT)))
        repositories = list(services.session.scalars(select(Repository.repository_id).limit(_DIFFERENT)))
    walls = []
    _decide(application, users[0], repositories[0], lists)
    before = time.process_time()
    for number in range(effort.most):
        start = time.perf_counter()
        _decide(application, users[number % len(users)], repositories[number % len(repositories)], lists)
        walls.append(time.perf_counter() - start)
        if time.process_time() - before >= effort.seconds:
            break
    return cell_of("kallithea", time.process_time() - before, [Visit(wall, wall) for wall in walls], "")


def _decide(application: Application, user_id: int, repository_id: int, lists: bool) -> None:
    with reading(application) as services:
        user = services.session.get_one(User, user_id)
        viewer = services.permissions.viewer_for(user)
        services.permissions.level(viewer, services.repositories.get_by_id(repository_id))
        if lists:
            services.permissions.readable(viewer)
