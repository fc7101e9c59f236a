"""A database server that is away and back: refusals in words meanwhile, and nobody has to start anything again."""

import os
import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event, make_url, text
from webtest import TestApp as WebTestApp

from kallithea.core.access import Level
from kallithea.core.actor import COMMAND_LINE
from kallithea.core.errors import UnavailableError
from kallithea.core.storage import StorageError
from kallithea.services.application import Application
from kallithea.services.work import looking, open_application, reading, writing
from kallithea.transport.http import WireApplication
from kallithea.vcs.types import Kind
from tests.applications import settings_for
from tests.prepared_databases import PreparedDatabases
from tests.web.site import Site
from tests.wires import Wire

pytestmark = pytest.mark.services


@pytest.fixture(params=["postgresql", "mariadb"])
def wired(
    request: pytest.FixtureRequest, prepared_databases: PreparedDatabases, tmp_path: Path
) -> Iterator[tuple[Application, Wire]]:
    """An application, and what its way to the database server is cut with."""
    with prepared_databases.lend(request.param, tmp_path) as url:
        server = make_url(url)
        assert server.port is not None
        wire = Wire(server.port)
        through = server.set(port=wire.port).render_as_string(hide_password=False)
        application = open_application(settings_for(through, tmp_path))
        yield application, wire
        application.close()
        wire.cut()


def test_browsers_and_clients_are_told_to_come_back_and_find_all_well(wired: tuple[Application, Wire]) -> None:
    application, wire = wired
    site = Site(application)
    site.grant("visitors", Level.READ)
    for kind in Kind:
        site.repository(kind.value, kind).commit({b"a": b"1"})
    door = WebTestApp(WireApplication(application, site.pages), extra_environ={"REMOTE_ADDR": "192.0.2.7"})
    addresses = ["/", "/git/changelog", "/git/info/refs?service=git-upload-pack", "/hg?cmd=capabilities"]
    assert [door.get(address).status_int for address in addresses] == [200] * 4
    wire.cut()
    for address in addresses:
        answer = door.get(address, expect_errors=True)
        assert (answer.status_int, answer.headers["Retry-After"].isdigit()) == (503, True)
        assert "The database cannot be reached or is busy" in answer.text
    assert door.get("/_healthz").status_int == 200
    wire.mend()
    assert [door.get(address).status_int for address in addresses] == [200] * 4


@pytest.mark.parametrize("back", [True, False], ids=["at once", "later"])
def test_unit_whose_connection_breaks_says_so(wired: tuple[Application, Wire], back: bool) -> None:
    """All connections of the pool are broken then, those that nobody uses as well."""
    application, wire = wired
    with reading(application), reading(application):
        pass
    with pytest.raises(UnavailableError, match="Nothing was changed"):
        _add_two(application, wire, back)
    if not back:
        with pytest.raises(UnavailableError), reading(application) as services:
            services.users.count()
        wire.mend()
    with writing(application) as services:
        assert services.users.count() == 0
        services.users.create(COMMAND_LINE, name="eve")


def test_commit_that_gets_no_answer_claims_nothing(wired: tuple[Application, Wire]) -> None:
    application, wire = wired
    event.listen(application.engine, "commit", lambda _connection: wire.cut())
    with pytest.raises(UnavailableError, match="may be stored or not"), writing(application) as services:
        services.users.create(COMMAND_LINE, name="ada")


def test_a_server_that_refuses_to_write_is_connected_to_anew(wired: tuple[Application, Wire]) -> None:
    """Its connections work as before, while its address may lead to another server by now."""
    application, _wire = wired
    setting = {"postgresql": "default_transaction_read_only", "mariadb": "tx_read_only"}
    with application.engine.begin() as connection:
        connection.execute(text(f"SET SESSION {setting[application.engine.dialect.name]} = ON"))
    with pytest.raises(StorageError), writing(application) as services:
        services.users.create(COMMAND_LINE, name="ada")
    with writing(application) as services:
        services.users.create(COMMAND_LINE, name="ada")


def test_server_that_says_nothing_is_not_waited_for_without_end(wired: tuple[Application, Wire]) -> None:
    application, _wire = wired
    waits: list[object] = []
    event.listen(
        application.engine, "do_connect", lambda _dialect, _record, _args, given: waits.append(given["connect_timeout"])
    )
    application.engine.dispose()
    with application.engine.connect() as connection:
        connection.execute(text("SELECT 1"))
    assert waits == [10]


def test_a_server_that_is_gone_without_a_word_is_waited_for_half_a_minute(wired: tuple[Application, Wire]) -> None:
    application, _wire = wired
    with application.engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        number = driver.fileno() if hasattr(driver, "fileno") else driver._sock.fileno()
        with socket.socket(fileno=os.dup(number)) as opened:
            assert opened.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 30_000
            assert opened.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)


@pytest.mark.parametrize(("unit", "most"), [(looking, 3), (reading, 4)])
def test_a_unit_asks_the_server_for_its_begin_its_statement_and_its_end(
    wired: tuple[Application, Wire], unit: Callable[[Application], AbstractContextManager[Any]], most: int
) -> None:
    """Whether the connection works is not asked where it was in use a moment ago. A session ends twice on MariaDB."""
    _ask(wired, unit)
    assert _ask(wired, unit) <= most


def test_a_connection_that_nobody_used_for_a_while_is_asked(
    wired: tuple[Application, Wire], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that has vanished breaks no connection."""
    _ask(wired, looking)
    before = _ask(wired, looking)
    monkeypatch.setattr("kallithea.model.lent_connections.BELIEVED_SECONDS", 0.0)
    assert _ask(wired, looking) == before + 1


def _ask(wired: tuple[Application, Wire], unit: Callable[[Application], AbstractContextManager[Any]]) -> int:
    """How often a unit of one statement asks the server."""
    application, wire = wired
    before = wire.asked
    with unit(application) as opened:
        connection = opened if isinstance(opened, Connection) else opened.session.connection()
        connection.execute(text("SELECT 1"))
    return wire.asked - before


def _add_two(application: Application, wire: Wire, back: bool) -> None:
    with writing(application) as services:
        services.users.create(COMMAND_LINE, name="ada")
        wire.cut()
        if back:
            wire.mend()
        services.users.create(COMMAND_LINE, name="bob")
