"""What a worker of Celery does with a message once its job has come to an end."""

import logging

from celery.worker.request import Request as CeleryRequest
from kombu.asynchronous import get_event_loop

log = logging.getLogger(__name__)


class Request(CeleryRequest):  # type: ignore[misc]  # Celery has no types
    """A message. Where the broker cannot be told that its job has ended, the worker connects anew.

    Celery only logs that. With Redis such a worker, which may have one message at a time, never takes another.
    """

    acknowledged: bool

    def acknowledge(self) -> None:
        """Called by Celery when the job has ended."""
        if self.acknowledged:
            return
        self.acknowledged = True
        try:
            self._on_ack(log, ())
        except self._connection_errors as problem:
            log.warning("the message broker is away: %s", type(problem).__name__)
            _connect_anew(problem)


def _connect_anew(problem: Exception) -> None:
    """Have the loop of the worker meet the problem: it then does what it does when it meets one itself."""
    hub = get_event_loop()
    if hub is None:
        raise problem

    def meet() -> None:
        raise problem

    hub.call_soon(meet)
