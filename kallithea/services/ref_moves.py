"""What surrounds every movement of refs, by pushes and by pages alike: announced before a ref moves, recorded after."""

import logging
import pathlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from kallithea.core.access import Level, Viewer
from kallithea.core.actor import Actor
from kallithea.core.errors import NotFoundError, UnavailableError
from kallithea.core.storage import StorageError
from kallithea.core.words import _
from kallithea.services.again import again_if_overtaken
from kallithea.services.application import Application
from kallithea.services.work import reading, writing
from kallithea.vcs.backend import Repository
from kallithea.vcs.hooks import HookCall, Hooks
from kallithea.vcs.opener import open_repository
from kallithea.vcs.types import Kind, RefState, RefUpdate, VcsError
from kallithea.vcs.writing import Announce

log = logging.getLogger(__name__)

REFUSED_WITHOUT_DATABASE = _(
    "The change was refused, because it cannot be recorded now. Nothing was changed; try again later."
)


@dataclass(frozen=True, slots=True)
class Place:
    """A repository and where it lies: ``path`` on the site, ``folder`` on the disk, absolute.

    ``publishing`` is that of ``model.repository``.
    """

    repository_id: int
    kind: Kind
    path: str
    folder: pathlib.Path
    publishing: bool = True


class RefMove:
    """One movement by somebody who may. ``announce`` and ``settle`` each take a short writing unit of their own.

    A process that dies in between leaves an open intent, which settling the repository closes. ``facts`` are more
    variables for the operator's hooks, and ``is_wanted`` tells whether whoever moves the refs is still there.
    """

    def __init__(
        self,
        application: Application,
        place: Place,
        actor: Actor,
        facts: Mapping[str, str] = {},
        is_wanted: Callable[[], bool] = lambda: True,
    ) -> None:
        self._application = application
        self._place = place
        self._actor = actor
        self._announced: list[tuple[int, tuple[RefUpdate, ...]]] = []
        self._words = b""
        self.hook_call = _hook_call(application, place, actor, facts, is_wanted)

    def announce(self, updates: Sequence[RefUpdate]) -> None:
        """Store who is about to move which refs, and ask the operator's hook.

        Raises UnavailableError, RefusedWriteError: then no ref may move.
        """
        self.announce_unasked(updates)
        self._words += self.hook_call.ask(updates)

    def announce_unasked(self, updates: Sequence[RefUpdate]) -> None:
        """Store who is about to move which refs; git asks the hook itself. Raises UnavailableError."""
        try:
            with writing(self._application) as services:
                intent_id = services.pushes.announce(self._actor, self._place.repository_id, updates)
        except UnavailableError as problem:
            log.warning("a change of %s was refused: %s", self._place.path, problem)
            if isinstance(problem, StorageError):
                raise
            raise UnavailableError(REFUSED_WITHOUT_DATABASE) from problem
        self._announced.append((intent_id, tuple(updates)))

    def settle(self, accepted: frozenset[bytes] | None) -> None:
        """Record what was done of what was announced. ``accepted`` names the refs that moved, None if that is unknown.

        Never fails: the refs have moved, and whoever moved them is told so. What cannot be recorded now is settled
        later. The operator's hook is told last.
        """
        announced, self._announced = self._announced, []
        if not announced:
            return
        done: list[RefUpdate] = []
        try:
            state = self.read_state()
            done = [update for _intent_id, updates in announced for update in _done(updates, accepted, state)]
            for intent_id, updates in announced:
                again_if_overtaken(self._record, intent_id, _done(updates, accepted, state), state)
        except (UnavailableError, NotFoundError, VcsError) as problem:
            log.warning("a change of %s is left to be settled: %s", self._place.path, problem)
        self._words += self.hook_call.tell(done)

    def take_words(self) -> bytes:
        """What hooks have printed since this was asked last."""
        words, self._words = self._words, b""
        return words

    def settle_whole(self, *, moved: bool) -> None:
        """Record a movement of which everything that was announced was done, or nothing."""
        names = (update.name for _intent_id, updates in self._announced for update in updates)
        self.settle(frozenset(names if moved else ()))

    def _record(self, intent_id: int, done: Sequence[RefUpdate], state: RefState) -> None:
        with writing(self._application) as services:
            services.pushes.record(intent_id, done, state)

    def read_state(self) -> RefState:
        """The refs as they are now. Raises VcsError."""
        with open_repository(self._place.kind, self._place.folder, self._application.vcs_options) as repository:
            return repository.state()


def find_writable(application: Application, viewer: Viewer, repository_id: int) -> Place:
    """The repository, if the viewer may write to it. Raises NotFoundError, ForbiddenError, UnavailableError."""
    with reading(application) as services:
        row = services.repositories.get_by_id(repository_id)
        services.permissions.require(viewer, row, Level.WRITE)
        return Place(repository_id, Kind(row.kind), row.path, services.repositories.folder(row), row.publishing)


def move_refs(
    application: Application, place: Place, actor: Actor, change: Callable[[Repository, Announce], str]
) -> str:
    """Do what ``change`` does to the open repository and return its answer, with an intent before and a record after.

    Raises what ``change`` raises, and UnavailableError.
    """
    move = RefMove(application, place, actor)
    options = replace(application.vcs_options, publishing=place.publishing)
    try:
        with open_repository(place.kind, place.folder, options) as repository:
            answer = change(repository, move.announce)
    except BaseException:
        # whether the ref has moved before this, the repository itself tells
        move.settle(None)
        raise
    move.settle_whole(moved=True)
    return answer


def _hook_call(
    application: Application, place: Place, actor: Actor, more: Mapping[str, str], is_wanted: Callable[[], bool]
) -> HookCall:
    settings = application.settings
    facts = {
        **more,
        "KALLITHEA_REPOSITORY": place.path,
        "KALLITHEA_REPOSITORY_ID": str(place.repository_id),
        "KALLITHEA_KIND": place.kind.value,
        "KALLITHEA_USER": actor.name,
        "KALLITHEA_WAY": actor.way.value,
        "KALLITHEA_ADDRESS": actor.address,
    }
    return HookCall(Hooks(settings.hook_dir, settings.hook_time_limit), place.kind, place.folder, facts, is_wanted)


def _done(updates: Sequence[RefUpdate], accepted: frozenset[bytes] | None, state: RefState) -> list[RefUpdate]:
    if accepted is not None:
        return [update for update in updates if update.name in accepted]
    return [update for update in updates if state.refs.get(update.name) == update.new]
