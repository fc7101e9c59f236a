"""Somebody who reads pages of one repository at one server, and looks whether they are complete."""

import hashlib
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from scripts.benchmarks.client import Answer, Client
from scripts.benchmarks.measuring import LackError, Visit
from scripts.benchmarks.pages.rest import Rest
from scripts.benchmarks.pages.targets import Target
from scripts.benchmarks.sites import RunningSite, Site

_OK, _BEING_MADE, _NOT_MODIFIED = 200, 202, 304
_LOOK_SECONDS = 0.5
#: Nobody clicks more often than this to see all of one thing.
_MOST_ANSWERS = 2000


@dataclass
class Reader:
    """Reads over connections of its own. ``rest`` finds what a page does not contain itself; peers' pages are whole."""

    site: Site
    running: RunningSite
    repository: str
    rest: Rest | None = None
    _etags: dict[str, str] = field(default_factory=dict)
    _checked: set[tuple[int, bytes]] = field(default_factory=set)
    _kept: Client | None = None

    def read(self, target: Target) -> Visit:
        """A visitor comes, sees all of it, and goes. Raises LackError, OSError or HTTPException."""
        client, started = Client(self.running.port), time.perf_counter()
        try:
            answers = list(self._answers(client, target))
        finally:
            client.close()
        wall = time.perf_counter() - started
        self._check(target, b"".join(answer.body for answer in answers))
        return Visit(answers[0].wall, wall, len(answers))

    def read_again(self, target: Target) -> Visit:
        """A visitor who has stayed comes back to the same page, and says which one is known. Raises as ``read``."""
        self._kept = self._kept or Client(self.running.port)
        address = self.site.address(self.repository, target)
        etag = self._etags.get(address)
        answer = self._kept.get(address, {"If-None-Match": etag} if etag else {})
        if answer.status != _NOT_MODIFIED:
            self._require_page(address, answer)
            if self.rest is not None:
                raise LackError(f"{address}: 200 instead of 304")
            self._check(target, answer.body)
        return Visit(answer.wall, answer.wall)

    def _answers(self, client: Client, target: Target) -> Iterator[Answer]:
        wanted, asked = [self.site.address(self.repository, target)], 0
        while asked < len(wanted) and asked < _MOST_ANSWERS:
            answer = client.get(wanted[asked])
            while answer.status == _BEING_MADE:
                time.sleep(_LOOK_SECONDS)
                answer = client.get(wanted[asked])
            self._require_page(wanted[asked], answer)
            asked += 1
            yield answer
            if self.rest is not None:
                wanted += [address for address in self.rest.find(target, answer.body) if address not in wanted]

    def _require_page(self, address: str, answer: Answer) -> None:
        if answer.status != _OK:
            raise LackError(f"{address}: {answer.status}")
        if answer.etag:
            self._etags[address] = answer.etag

    def _check(self, target: Target, body: bytes) -> None:
        """Look into what has not been seen to be complete."""
        seen = (id(target), hashlib.blake2b(body).digest())
        if seen in self._checked:
            return
        lack = target.find_lack(body)
        if lack:
            raise LackError(f"{self.site.address(self.repository, target)} lacks {lack}")
        self._checked.add(seen)
