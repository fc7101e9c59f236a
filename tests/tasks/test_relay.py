"""Handing jobs over to a broker that is there, and to one that is not."""

import pathlib
import threading
import time
from collections.abc import Iterator

import pytest

from kallithea.core.errors import UnavailableError
from kallithea.core.jobs import SendMail, SettleRepository
from kallithea.services.application import Application
from kallithea.tasks.broker import Broker as Client
from kallithea.tasks.celery_app import make_celery
from kallithea.tasks.relay import Relay
from tests.applications import settings_for
from tests.services.test_outbox import stored_jobs
from tests.services.test_worker import ask
from tests.tasks.conftest import Broker, open_broker

pytestmark = pytest.mark.services

MAIL = SendMail(("ada@example.org",), "subject", "text of a mail", "1@example.org")


@pytest.fixture(params=["rabbitmq", "redis"])
def broker(request: pytest.FixtureRequest, tmp_path: pathlib.Path) -> Iterator[Broker]:
    with open_broker(request.param, tmp_path) as broker:
        yield broker


@pytest.fixture
def client(broker: Broker, tmp_path: pathlib.Path) -> Iterator[Client]:
    settings = settings_for("sqlite://", tmp_path, use_celery="true", celery__broker_url=broker.url)
    client = Client(make_celery(settings, {}, handing_over=True))
    yield client
    client.close()


def test_a_message_holds_a_number_and_nothing_of_the_job(
    application: Application, broker: Broker, client: Client, tmp_path: pathlib.Path
) -> None:
    ask(application, MAIL)
    assert Relay(application, client).hand_over() == 1
    assert Relay(application, client).hand_over() == 0
    settings = settings_for("sqlite://", tmp_path, use_celery="true", celery__broker_url=broker.url)
    with make_celery(settings, {}).connection_for_read() as connection:
        queue = connection.SimpleQueue(
            next(queue for queue in make_celery(settings, {}).conf.task_queues if queue.name == "kallithea.mail")
        )
        message = queue.get(timeout=30)
        message.ack()
        queue.close()
    (row,) = stored_jobs(application)
    assert message.payload[0] == [row.outbox_id]
    assert "ada@example.org" not in str(message.body) + str(message.headers)


def test_what_a_broker_did_not_get_waits_for_its_return(
    application: Application, broker: Broker, client: Client
) -> None:
    relay = Relay(application, client)
    ask(application, SettleRepository(1))
    assert relay.hand_over() == 1
    broker.stop()
    ask(application, SettleRepository(2), MAIL)
    with pytest.raises(UnavailableError, match="The message broker cannot be used"):
        relay.hand_over()
    assert [row.handed_until is None for row in stored_jobs(application)] == [False, True, True]
    broker.start()
    assert relay.hand_over() == 2


def test_a_broker_that_is_away_is_not_asked_all_the_time(
    application: Application, broker: Broker, client: Client
) -> None:
    relay, stop = Relay(application, client), threading.Event()
    ask(application, SettleRepository(1))
    broker.stop()
    with pytest.raises(UnavailableError):
        relay.hand_over_all(stop)
    broker.start()
    relay.hand_over_all(stop)
    assert stored_jobs(application)[0].handed_until is None
    deadline = time.monotonic() + 30
    while stored_jobs(application)[0].handed_until is None and time.monotonic() < deadline:
        relay.hand_over_all(stop)
        time.sleep(0.05)
    assert stored_jobs(application)[0].handed_until is not None


def test_a_broker_that_does_not_answer_is_given_up(
    application: Application, broker: Broker, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The way to it is still there, and nothing comes back."""
    for option in ("read_timeout", "write_timeout", "socket_timeout"):
        options = client._app.conf.broker_transport_options
        if option in options:
            monkeypatch.setitem(options, option, 1)
    relay = Relay(application, client)
    ask(application, SettleRepository(1))
    assert relay.hand_over() == 1
    assert broker.wire is not None
    broker.wire.swallow = True
    ask(application, SettleRepository(2))
    with pytest.raises(UnavailableError):
        relay.hand_over()
    broker.wire.swallow = False
    assert relay.hand_over() == 1
