"""Statistics are counted anew on the command line."""

import pathlib

import pytest

from kallithea.core.ini import read_ini
from kallithea.core.jobs import CountRepository
from kallithea.core.settings import parse_settings
from kallithea.services.counting import bring_up
from kallithea.services.work import open_application, reading, writing
from kallithea.vcs.types import Kind
from tests.cli.conftest import Kallithea, done, refused, rows
from tests.factories.repositories import make_builder
from tests.services.test_outbox import stored_jobs


@pytest.mark.parametrize("kind", list(Kind), ids=str)
def test_all_commits_are_counted_again(site: Kallithea, tmp_path: pathlib.Path, kind: Kind) -> None:
    tip = make_builder(kind, tmp_path / "data/repositories/r").commit({b"a": b"1"})
    done(site("repo-scan"))
    application = open_application(parse_settings(read_ini(tmp_path / "site.ini").application))
    with reading(application) as services:
        repository_id = services.repositories.get("r").repository_id
    found = bring_up(application, repository_id)
    assert found is not None
    assert found.counts is not None
    found.counts.total = 1000
    with writing(application) as services:
        services.statistics.ensure(repository_id, tip, found.counts)
    assert rows(site("repository", "recount", "r", "--json")) == {"path": "r"}
    job = CountRepository(repository_id)
    assert job.arguments in [stored.arguments for stored in stored_jobs(application, CountRepository)]
    found = bring_up(application, repository_id)
    assert found is not None
    assert found.counts is not None
    assert found.counts.total == 1
    application.close()


def test_repository_that_is_not_counted(site: Kallithea) -> None:
    done(site("repository", "create", "r", "--kind", "git"))
    done(site("repository", "update", "r", "--no-statistics"))
    assert "leave statistics out" in refused(site("repository", "recount", "r"))
    assert "no repository 'absent'" in refused(site("repository", "recount", "absent"))
