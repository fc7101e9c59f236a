"""Celery, as the .ini has it. A message carries the number of a job and nothing else; see ``services.handed_jobs``."""

from collections.abc import Mapping
from typing import Any

from celery import Celery
from kombu import Exchange, Queue

from kallithea.core.jobs import JOBS
from kallithea.core.jobs import Queue as JobQueue
from kallithea.core.settings import Settings, SettingsError

#: The task that every message is for; its argument is the number of a job.
TASK = "kallithea.run"

_EXCHANGE = Exchange("kallithea", type="topic")
_PREFIX = "celery."
_MARGIN_SECONDS = 3600
#: How long who hands over waits for a broker: to connect, and for each answer.
_CONNECT_SECONDS, _ANSWER_SECONDS = 5, 15


def make_celery(settings: Settings, values: Mapping[str, str], *, handing_over: bool = False) -> Celery:
    """An application of Celery without a connection yet. ``values`` are those of the .ini.

    Whoever hands jobs over waits for a broker for some seconds only. Raises SettingsError.
    """
    if not settings.use_celery or not settings.broker_url:
        raise SettingsError("Celery needs use_celery = true and celery.broker_url in the .ini.")
    app = Celery("kallithea", set_as_current=False, fixups=[])
    app.conf.update(_chosen(values))
    app.conf.update(_fixed(settings, handing_over=handing_over))
    return app


def queue_name(queue: str) -> str:
    """What a queue of jobs is called at the broker."""
    return f"kallithea.{queue}"


def _fixed(settings: Settings, *, handing_over: bool) -> dict[str, Any]:
    amqp = settings.broker_url.startswith("amqp")
    return {
        "broker_url": settings.broker_url,
        "broker_connection_timeout": _CONNECT_SECONDS,
        "broker_connection_max_retries": None,
        "broker_connection_retry_on_startup": True,
        "broker_transport_options": _transport_options(amqp=amqp, handing_over=handing_over),
        "task_queues": [_queue(queue, amqp=amqp) for queue in JobQueue],
        "task_default_queue": queue_name(JobQueue.QUICK),
        "task_create_missing_queues": False,
        # A message is the broker's until its job is done, and a worker has no more of them than it runs.
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        "worker_prefetch_multiplier": 1,
        "task_publish_retry": False,
        # What became of a job stands in the outbox.
        "task_ignore_result": True,
        "result_backend": None,
        "task_serializer": "json",
        "accept_content": ["json"],
        "worker_hijack_root_logger": False,
        "worker_cancel_long_running_tasks_on_connection_loss": False,
        "enable_utc": True,
    }


def _chosen(values: Mapping[str, str]) -> dict[str, Any]:
    """What the operator has set of Celery's own settings: ``celery.worker_concurrency = 4``."""
    defaults: dict[str, Any] = {"worker_concurrency": 2, "worker_enable_remote_control": False}
    found = {key.removeprefix(_PREFIX): value for key, value in values.items() if key.startswith(_PREFIX)}
    return defaults | {key: _typed(value.strip()) for key, value in found.items()}


def _typed(value: str) -> str | int | bool:
    if value.lower() in ("true", "false"):
        return value.lower() == "true"
    return int(value) if value.isdecimal() else value


def _longest() -> int:
    """Seconds after which no job runs any more."""
    return int(max(job.time_limit + job.grace for job in JOBS.values())) + _MARGIN_SECONDS


def _queue(queue: JobQueue, *, amqp: bool) -> Queue:
    name = queue_name(queue)
    # RabbitMQ drops a consumer that keeps a message for half an hour, unless it is told of longer jobs.
    arguments = {"x-queue-type": "quorum", "x-consumer-timeout": _longest() * 1000} if amqp else None
    return Queue(name, _EXCHANGE, routing_key=name, durable=True, queue_arguments=arguments)


def _transport_options(*, amqp: bool, handing_over: bool) -> dict[str, Any]:
    options: dict[str, Any] = {"confirm_publish": True} if amqp else {"visibility_timeout": _longest()}
    if handing_over:
        options["max_retries"] = 1
        timeouts = ("read_timeout", "write_timeout") if amqp else ("socket_timeout",)
        options |= dict.fromkeys(timeouts, _ANSWER_SECONDS)
        if not amqp:
            options["socket_connect_timeout"] = _CONNECT_SECONDS
    return options
