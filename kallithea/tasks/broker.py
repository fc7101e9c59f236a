"""The message broker, as seen by who hands jobs over to it."""

import contextlib

from celery import Celery
from kombu import Connection, Producer
from kombu.exceptions import KombuError

from kallithea.core.errors import UnavailableError
from kallithea.services.handed_jobs import HandedJob
from kallithea.tasks.celery_app import TASK, queue_name

#: Celery ends the process of a job so long after the job's own watch should have; for a process that does nothing more.
_MARGIN_SECONDS = 60


class Broker:
    """One connection, made when there is something to send, and made anew after a failure."""

    def __init__(self, app: Celery) -> None:
        self._app = app
        self._connection: Connection | None = None
        self._producer: Producer | None = None

    def send(self, job: HandedJob) -> None:
        """Returns when the broker has confirmed that it has the number. Raises UnavailableError."""
        limit = job.seconds + _MARGIN_SECONDS if job.seconds is not None else None
        try:
            self._app.send_task(
                TASK,
                (job.outbox_id,),
                queue=queue_name(job.queue),
                producer=self._open(),
                retry=False,
                time_limit=limit,
                confirm_timeout=self._app.conf.broker_transport_options.get("read_timeout"),
            )
        except (KombuError, OSError, *self._errors()) as problem:
            self.close()
            # what the libraries say of it may hold the password
            raise UnavailableError(f"The message broker cannot be used: {type(problem).__name__}.") from problem

    def close(self) -> None:
        """Close the connection, if there is one."""
        connection, self._connection, self._producer = self._connection, None, None
        if connection is not None:
            with contextlib.suppress(KombuError, OSError, *connection.connection_errors):
                connection.close()

    def _open(self) -> Producer:
        if self._producer is None:
            self._connection = self._app.connection_for_write()
            self._connection.connect()
            self._producer = self._app.amqp.Producer(self._connection)
        return self._producer

    def _errors(self) -> tuple[type[Exception], ...]:
        if self._connection is None:
            return ()
        return (*self._connection.connection_errors, *self._connection.channel_errors)
