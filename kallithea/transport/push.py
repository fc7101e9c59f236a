"""What surrounds a push, in git and Mercurial alike: announced before a ref moves, recorded after."""

import logging
from collections.abc import Sequence

from kallithea.core.errors import NotFoundError, UnavailableError
from kallithea.services.application import Application
from kallithea.services.work import writing
from kallithea.transport.gate import Admitted
from kallithea.vcs.opener import open_repository
from kallithea.vcs.types import RefState, RefUpdate, VcsError

log = logging.getLogger(__name__)

REFUSED_WITHOUT_DATABASE = (
    "The push was refused, because it cannot be recorded now. Nothing was changed; try again later."
)


class Push:
    """One push by somebody who may push. ``announce`` and ``settle`` each take a short writing unit of their own.

    A process that dies in between leaves an open intent, which settling the repository closes.
    """

    def __init__(self, application: Application, admitted: Admitted) -> None:
        self._application = application
        self._admitted = admitted
        self._announced: list[tuple[int, tuple[RefUpdate, ...]]] = []

    def announce(self, updates: Sequence[RefUpdate]) -> None:
        """Store who is about to move which refs. Raises UnavailableError: then no ref may move."""
        try:
            with writing(self._application) as services:
                intent_id = services.pushes.announce(self._admitted.actor, self._admitted.repository_id, updates)
        except UnavailableError as problem:
            log.warning("push to %s refused: %s", self._admitted.path, problem)
            raise UnavailableError(REFUSED_WITHOUT_DATABASE) from problem
        self._announced.append((intent_id, tuple(updates)))

    def settle(self, accepted: frozenset[bytes] | None) -> None:
        """Record what was done of what was announced. ``accepted`` names the refs that moved, None if that is unknown.

        Never fails: the refs have moved, and whoever pushed is told so. What cannot be recorded now is settled later.
        """
        announced, self._announced = self._announced, []
        if not announced:
            return
        try:
            state = self.read_state()
            for intent_id, updates in announced:
                self._record(intent_id, _done(updates, accepted, state), state)
        except (UnavailableError, NotFoundError, VcsError) as problem:
            log.warning("push to %s is left to be settled: %s", self._admitted.path, problem)

    def settle_whole(self, *, moved: bool) -> None:
        """Record a push of which everything that was announced was done, or nothing."""
        names = (update.name for _, updates in self._announced for update in updates)
        self.settle(frozenset(names if moved else ()))

    def _record(self, intent_id: int, done: Sequence[RefUpdate], state: RefState) -> None:
        with writing(self._application) as services:
            services.pushes.record(intent_id, done, state)

    def read_state(self) -> RefState:
        """The refs as they are now. Raises VcsError."""
        admitted = self._admitted
        with open_repository(admitted.kind, admitted.folder, self._application.vcs_options) as repository:
            return repository.state()


def _done(updates: Sequence[RefUpdate], accepted: frozenset[bytes] | None, state: RefState) -> list[RefUpdate]:
    if accepted is not None:
        return [update for update in updates if update.name in accepted]
    return [update for update in updates if state.refs.get(update.name) == update.new]
