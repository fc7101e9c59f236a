"""``kallithea job``: what is seen of jobs, and done about them, at the command line."""

from pathlib import Path

import pytest
from sqlalchemy import update

from kallithea.core.ini import read_ini
from kallithea.core.jobs import SettleRepository
from kallithea.core.settings import parse_settings
from kallithea.model.outbox import OutboxJob, OutboxState
from kallithea.services.application import Application
from kallithea.services.work import open_application, writing
from tests.cli.conftest import Kallithea, done, refused, rows


@pytest.fixture
def failed(site: Kallithea, tmp_path: Path) -> Kallithea:
    """Three jobs have failed for good."""
    application: Application = open_application(parse_settings(read_ini(tmp_path / "site.ini").application))
    with writing(application) as services:
        for number in range(3):
            services.outbox.add(SettleRepository(number))
        services.session.execute(
            update(OutboxJob).values(state=OutboxState.DEAD, finished=services.now, waiting_key=None, problem="Broken.")
        )
        services.progress.set_(1, 30, "step", "a line of the log")
    application.close()
    return site


def numbers(kallithea: Kallithea, state: str) -> list[int]:
    return [row["job"] for row in rows(kallithea("job", "list", "--state", state, "--json"))]


def test_failed_jobs_are_listed(failed: Kallithea) -> None:
    listed = rows(failed("job", "list", "--json"))
    assert [(row["job"], row["kind"], row["state"], row["problem"]) for row in listed] == [
        (number, "SettleRepository", "failed", "Broken.") for number in (3, 2, 1)
    ]
    assert [row["job"] for row in rows(failed("job", "list", "--limit", "2", "--json"))] == [3, 2]
    assert rows(failed("job", "list", "--queue", "mail", "--json")) == []


def test_one_job_is_shown_with_its_log(failed: Kallithea) -> None:
    shown = done(failed("job", "show", "1"))
    assert "percent: 30" in shown
    assert "a line of the log" in shown
    assert rows(failed("job", "show", "1", "--json"))["log"] == "a line of the log\n"
    assert "There is no such job" in refused(failed("job", "show", "99"))


def test_jobs_are_run_again(failed: Kallithea) -> None:
    done(failed("job", "retry", "1", "3"))
    assert (numbers(failed, "failed"), numbers(failed, "waiting")) == ([2], [1, 3])
    assert "has failed" in refused(failed("job", "retry", "1"))
    assert [row["action"] for row in rows(failed("audit", "list", "--kind", "job", "--json"))] == ["job.retry"] * 2


def test_all_jobs_are_run_again(failed: Kallithea) -> None:
    assert rows(failed("job", "retry", "--all", "--queue", "mail", "--json")) == {"jobs": []}
    assert rows(failed("job", "retry", "--all", "--json")) == {"jobs": [3, 2, 1]}
    assert numbers(failed, "waiting") == [1, 2, 3]


def test_nothing_is_run_again_by_mistake(failed: Kallithea) -> None:
    assert failed("job", "retry").exit_code == 2
    assert failed("job", "retry", "1", "--all").exit_code == 2


def test_job_is_cancelled_and_deleted(failed: Kallithea) -> None:
    done(failed("job", "retry", "1"))
    assert "Cancel it first" in refused(failed("job", "delete", "1"))
    done(failed("job", "cancel", "1"))
    done(failed("job", "delete", "1"))
    assert "There is no such job" in refused(failed("job", "show", "1"))


def test_celery_run_needs_celery(site: Kallithea) -> None:
    assert "use_celery = true" in refused(site("celery-run"))
