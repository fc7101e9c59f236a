"""Two who change the same in opposite orders: the database ends one of them, who is told so and loses no words."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Connection, insert, select, text

from kallithea.core.actor import COMMAND_LINE
from kallithea.migrations.upgrade import create_schema
from kallithea.model.setting import Setting
from kallithea.model.user import User
from kallithea.model.user_group import UserGroup
from kallithea.services.application import Application, utc_now
from kallithea.services.work import open_application, reading, writing
from tests.applications import settings_for
from tests.databases import fresh_database
from tests.web.site import Site, form_of, get

pytestmark = pytest.mark.services

_WAITING = {
    "postgresql": "SELECT count(*) FROM pg_locks WHERE NOT granted",
    "mariadb": "SELECT count(*) FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'",
}


@pytest.fixture(params=["postgresql", "mariadb"])
def application(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Application]:
    with fresh_database(request.param, tmp_path) as url:
        found = open_application(settings_for(url, tmp_path))
        create_schema(found.engine)
        yield found
        found.close()


def test_form_that_a_deadlock_ended_comes_back_with_its_words(application: Application) -> None:
    site = Site(application)
    site.user("root", administrator=True)
    ada_id = site.user("ada")
    with writing(application) as services:
        group_id = services.user_groups.create(COMMAND_LINE, None, name="crew").user_group_id
    browser, page = site.browser("root"), f"/_admin/user_groups/edit/{group_id}"
    was = form_of(get(browser, page))["was"].value
    form = {"name": "crew", "description": "Long thought about", "owner": "ada", "was": was}
    with ThreadPoolExecutor(1) as thread, application.engine.connect() as other:
        _write_much(other)
        other.execute(select(User.user_id).where(User.user_id == ada_id).with_for_update())
        # it has the group, and waits for its new owner
        sent = thread.submit(site.post, browser, page, form, headers={"Origin": "http://localhost"})
        _wait_for_waiting(application)
        other.execute(select(UserGroup.user_group_id).with_for_update())
        answer = sent.result()
        other.rollback()
    assert (answer.status_int, answer.headers["Retry-After"].isdigit()) == (503, True)
    assert "Somebody else was changing the same at this moment" in answer.text
    assert answer.html.find(attrs={"name": "description"}).text.strip() == "Long thought about"
    assert site.post(browser, page, form).status_int == 303
    with reading(application) as services:
        assert services.user_groups.get("crew").owner_id == ada_id


def _write_much(connection: Connection) -> None:
    """MariaDB ends the one who has written less."""
    clock = utc_now()
    rows = [{"name": f"x{number}", "value": "x", "changed": clock} for number in range(50)]
    connection.execute(insert(Setting), rows)


def _wait_for_waiting(application: Application) -> None:
    question = text(_WAITING[application.engine.dialect.name])
    until = time.monotonic() + 30
    with application.engine.connect() as connection:
        while not connection.scalar(question):
            assert time.monotonic() < until, "nobody waits"
            connection.rollback()
            # MariaDB tells the same again to who asks more often
            time.sleep(0.15)
