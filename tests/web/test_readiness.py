"""What whatever stands in front of the site asks."""

import datetime
import shutil
from dataclasses import replace

from sqlalchemy import text, update

from kallithea.core.jobs import SettleRepository
from kallithea.model.engine import open_engine
from kallithea.model.outbox import OutboxJob
from kallithea.services.work import writing
from tests.statements import counted
from tests.web.site import Site, get


def test_process_that_lives_says_so_and_looks_at_nothing(site: Site) -> None:
    with counted(site.application.engine) as statements:
        answer = get(site.browser(), "/_healthz")
    assert (answer.status_int, answer.text, len(statements)) == (200, "alive\n", 0)


def test_ready(site: Site) -> None:
    answer = get(site.browser(), "/_readyz")
    assert (answer.status_int, answer.text, answer.content_type) == (200, "ready\n", "text/plain")


def test_jobs_that_wait_are_told_and_are_no_reason(site: Site) -> None:
    with writing(site.application) as services:
        services.outbox.add(SettleRepository(7))
        since = services.now - datetime.timedelta(minutes=9)
        services.session.execute(update(OutboxJob).values(due=since))
    answer = get(site.browser(), "/_readyz")
    assert answer.status_int == 200
    told = since.isoformat(timespec="seconds")
    assert answer.text == f"ready\njobs wait since {told}: no worker seems to be running\n"


def test_folder_of_repositories_that_is_gone(site: Site) -> None:
    site.application.settings.repository_folder.rmdir()
    answer = get(site.browser(), "/_readyz")
    assert (answer.status_int, answer.text) == (503, "not ready\nrepository_folder cannot be read\n")
    assert answer.headers["Retry-After"] == "10"


def test_folder_of_caches_that_is_gone_is_told_and_is_no_reason(site: Site) -> None:
    shutil.rmtree(site.application.settings.cache_dir)
    answer = get(site.browser(), "/_readyz")
    assert (answer.status_int, answer.text) == (200, "ready\ncache_dir cannot be written: everything takes longer\n")


def test_schema_of_another_version(site: Site) -> None:
    with writing(site.application) as services:
        services.session.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    answer = get(site.browser(), "/_readyz")
    assert answer.status_int == 503
    assert "The database has version 0001, this program needs " in answer.text


def test_schema_that_was_upgraded_under_a_running_process(site: Site) -> None:
    with writing(site.application) as services:
        services.session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    answer = get(site.browser(), "/_readyz")
    assert answer.status_int == 200
    assert "the database belongs to a newer program by now" in answer.text


def test_database_that_is_away(site: Site) -> None:
    application = site.application
    engine = open_engine("postgresql://nobody:hunter2@127.0.0.1:1/nothing")
    application.engine = application.readers = application.writers = engine
    application.settings = replace(application.settings, database_url="postgresql://nobody:hunter2@127.0.0.1:1/x")
    answer = get(site.browser(), "/_readyz")
    assert (answer.status_int, answer.text) == (503, "not ready\nthe database cannot be reached or is busy\n")
