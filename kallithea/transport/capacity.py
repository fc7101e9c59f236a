"""How much of the machine clones and pulls may take: for each repository, member and network, and in all.

Making an answer takes processors and memory, so it needs a slot of the machine, and one of its repository, member and
network each, so that none of them takes all. Sending it costs next to nothing, whether the file is finished or grows,
but holds a connection and a thread of the web server as long as the client likes: so it counts for the member and the
network only. The hundredth clone of what is known may come at once; a hundred slow readers of one network may not.
A push takes all of that at once, and is counted apart.
"""

import logging
import os
import secrets
import select
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from kallithea.cache.slots import Claim, Slots, Taken
from kallithea.core.addresses import network_of
from kallithea.core.settings import Settings
from kallithea.services.application import Application
from kallithea.transport.gate import Admitted
from kallithea.transport.request_body import RequestLostError
from kallithea.vcs.types import BusyError

log = logging.getLogger(__name__)

#: For those who have waited in vain.
BUSY = "Too many clones and pulls are being worked on. Try again in a moment."
#: The same for those who push.
BUSY_PUSHES = "Too many pushes are being worked on. Nothing was changed: try again in a moment."
_LEAST_PRODUCTIONS = 4
_GONE = select.POLLRDHUP | select.POLLHUP | select.POLLERR | select.POLLNVAL


@dataclass(frozen=True, slots=True)
class Capacity:
    """What one request may take."""

    application: Application
    admitted: Admitted
    environ: Mapping[str, Any]

    @property
    def settings(self) -> Settings:
        """The site's."""
        return self.application.settings

    @property
    def slots(self) -> Slots:
        """Those of the machine."""
        return self.application.slots

    @property
    def for_production(self) -> tuple[Claim, ...]:
        """What is needed to make an answer."""
        machine = self.settings.wire_productions or max(_LEAST_PRODUCTIONS, 2 * (os.cpu_count() or 1))
        each = self.settings.wire_productions_each or max(1, machine * 3 // 4)
        repository = Claim("make-repository", str(self.admitted.repository_id), each)
        return (repository, *self._of_sender("make", each), Claim("make-machine", "", machine))

    @property
    def for_sending(self) -> tuple[Claim, ...]:
        """What is needed to send it."""
        return self._of_sender("send", self.settings.wire_sends_each)

    @property
    def for_push(self) -> tuple[Claim, ...]:
        """What is needed to push."""
        machine, each = self.settings.wire_pushes, self.settings.wire_pushes_each
        repository = (Claim("push-repository", str(self.admitted.repository_id), each),) if each else ()
        return (
            *repository,
            *self._of_sender("push", each),
            *((Claim("push-machine", "", machine),) if machine else ()),
        )

    def is_gone(self) -> bool:
        """Whether the client has closed its connection; never where the web server does not let us see that."""
        connection = self.environ.get("gunicorn.socket")
        if connection is None:
            return False
        poll = select.poll()
        poll.register(connection, _GONE)
        return bool(poll.poll(0))

    def require_client(self) -> None:
        """Raises RequestLostError where nobody waits for an answer any more."""
        if self.is_gone():
            raise RequestLostError("the client is gone, while it waited for its turn")

    def try_sending(self) -> Taken | None:
        """The slots to send an answer, if they are free."""
        return self._or_free(lambda: self.slots.try_to_take(self.for_sending))

    def try_production(self) -> Taken | None:
        """The slots to make an answer, if they are free."""
        return self._or_free(lambda: self.slots.try_to_take(self.for_production))

    def wait_for_production(self, topic: str, is_wanted: Callable[[], bool]) -> Taken:
        """The same, in the queue as long as it is wanted: each who waits for it has a time. Raises BusyError."""
        taken = self._or_free(lambda: self._wait(self.for_production, topic, is_wanted))
        if taken is None:
            raise BusyError(BUSY)
        return taken

    def take_push(self) -> Taken:
        """The slots to push, after a while in the queue if need be. Raises BusyError, RequestLostError."""
        claims, topic = self.for_push, secrets.token_hex(8)
        taken = self._or_free(lambda: self.slots.try_to_take(claims) or self._wait(claims, topic, self._patience()))
        if taken is None:
            self.require_client()
            raise BusyError(BUSY_PUSHES)
        return taken

    def take_production(self) -> Taken:
        """The slots to make an answer for this client alone. Raises BusyError."""
        return self.try_production() or self.wait_for_production(secrets.token_hex(8), self._patience())

    def _patience(self) -> Callable[[], bool]:
        """Whether the client is still there and has not waited long enough."""
        deadline = time.monotonic() + self.settings.wire_wait_limit
        return lambda: time.monotonic() < deadline and not self.is_gone()

    def _wait(self, claims: tuple[Claim, ...], topic: str, is_wanted: Callable[[], bool]) -> Taken | None:
        with self.slots.queue(claims, topic) as place:
            while is_wanted():
                taken, _before = place.look()
                if taken is not None:
                    return taken
        return None

    def _or_free(self, take: Callable[[], Taken | None]) -> Taken | None:
        """A folder that cannot be used is no reason to refuse anybody."""
        try:
            return take()
        except OSError as problem:
            log.warning("clones and pulls are not counted: %s", problem)
            return Taken()

    def _of_sender(self, kind: str, count: int) -> tuple[Claim, ...]:
        actor = self.admitted.actor
        claims = [Claim(f"{kind}-network", network_of(actor.address), count)] if count else []
        if count and actor.user_id is not None:
            claims.append(Claim(f"{kind}-user", str(actor.user_id), count))
        return tuple(claims)
