"""How Celery is set up, whatever the .ini says of it."""

from pathlib import Path
from typing import Any

import pytest

from kallithea.core.jobs import JOBS, Queue
from kallithea.core.settings import SettingsError
from kallithea.tasks.celery_app import make_celery
from tests.applications import settings_for

RABBIT = "amqp://guest:guest@127.0.0.1:5672/site"
REDIS = "redis://127.0.0.1:6379/2"


def make(folder: Path, url: str, *, handing_over: bool = False, **further: str) -> Any:
    settings = settings_for("sqlite://", folder, use_celery="true", celery__broker_url=url)
    values = {key.replace("__", "."): value for key, value in further.items()}
    return make_celery(settings, {"celery.broker_url": url, **values}, handing_over=handing_over)


def test_a_message_is_the_brokers_until_its_job_is_done(tmp_path: Path) -> None:
    conf = make(tmp_path, RABBIT, celery__task_acks_late="false", celery__worker_prefetch_multiplier="9").conf
    assert (conf.task_acks_late, conf.task_reject_on_worker_lost, conf.worker_prefetch_multiplier) == (True, True, 1)
    assert conf.broker_transport_options["confirm_publish"] is True


def test_only_json_is_read(tmp_path: Path) -> None:
    conf = make(tmp_path, REDIS, celery__accept_content="pickle").conf
    assert (conf.accept_content, conf.task_serializer, conf.result_backend) == (["json"], "json", None)


def test_every_queue_of_jobs_is_a_quorum_queue(tmp_path: Path) -> None:
    queues = make(tmp_path, RABBIT).conf.task_queues
    assert [queue.name for queue in queues] == [f"kallithea.{queue}" for queue in Queue]
    assert {queue.queue_arguments["x-queue-type"] for queue in queues} == {"quorum"}
    assert all(queue.durable for queue in queues)


@pytest.mark.parametrize("url", [RABBIT, REDIS])
def test_no_broker_gives_the_longest_job_to_somebody_else(tmp_path: Path, url: str) -> None:
    conf = make(tmp_path, url).conf
    longest = max(job.time_limit + job.grace for job in JOBS.values())
    if url == RABBIT:
        assert min(queue.queue_arguments["x-consumer-timeout"] for queue in conf.task_queues) > longest * 1000
    else:
        assert conf.broker_transport_options["visibility_timeout"] > longest


@pytest.mark.parametrize(("url", "option"), [(RABBIT, "read_timeout"), (REDIS, "socket_timeout")])
def test_who_hands_over_waits_for_seconds_only(tmp_path: Path, url: str, option: str) -> None:
    assert option in make(tmp_path, url, handing_over=True).conf.broker_transport_options
    assert option not in make(tmp_path, url).conf.broker_transport_options


def test_settings_of_celery_stand_in_the_ini(tmp_path: Path) -> None:
    conf = make(tmp_path, REDIS, celery__worker_concurrency="7", celery__worker_enable_remote_control="true").conf
    assert (conf.worker_concurrency, conf.worker_enable_remote_control) == (7, True)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"use_celery": "true"}, "celery.broker_url is missing"),
        ({"use_celery": "true", "celery__broker_url": "filesystem://"}, "begins with amqp://"),
    ],
)
def test_broker_that_is_none_is_told(tmp_path: Path, values: dict[str, str], words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        settings_for("sqlite://", tmp_path, **values)


def test_password_of_the_broker_is_not_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as problem:
        settings_for("sqlite://", tmp_path, use_celery="true", celery__broker_url="ampq://kallithea:hunter2@host/")
    assert "hunter2" not in str(problem.value)
    settings = settings_for("sqlite://", tmp_path, use_celery="true", celery__broker_url=RABBIT)
    assert "guest" not in repr(settings)
