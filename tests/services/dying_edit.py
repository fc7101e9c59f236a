"""A change whose process is killed: when it is announced, or when the ref has moved and nothing is recorded.

Arguments: database URL, folder, repository id, kind, the head that is edited, and "announced" or "moved"; and the
commit that is merged, where that is to be done.
"""

import os
import pathlib
import signal
import sys
from collections.abc import Sequence

from kallithea.core.actor import Actor, Way
from kallithea.services.ref_moves import RefMove, find_writable, move_refs
from kallithea.services.work import open_application, reading
from kallithea.vcs.backend import Repository
from kallithea.vcs.merging import MergeRequest
from kallithea.vcs.types import Kind, RefUpdate
from kallithea.vcs.writing import Announce, EditFile
from tests.applications import settings_for
from tests.factories.people import Factory
from tests.factories.writing import TEXT, on_branch, request

url, folder, repository_id, kind, head, when, *merged = sys.argv[1:]
application = open_application(settings_for(url, pathlib.Path(folder)))
with reading(application) as services:
    known = services.users.find("ada")
ada = known or Factory(application).user("ada", super_administrator=True)


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def edit(repository: Repository, announce: Announce) -> str:
    def announce_and_die(updates: Sequence[RefUpdate]) -> None:
        announce(updates)
        if when == "announced":
            die()

    if merged:
        return repository.merge(MergeRequest(on_branch(Kind(kind), head), merged[0], TEXT), announce_and_die)
    return repository.commit_files(request(Kind(kind), head, EditFile(b"file", b"mine")), announce_and_die)


def die_instead(self: RefMove, *, moved: bool) -> None:
    die()


RefMove.settle_whole = die_instead  # type: ignore[method-assign]
place = find_writable(application, Factory(application).viewer(ada), int(repository_id))
move_refs(application, place, Actor(ada.user_id, "ada", Way.WEB, "192.0.2.1"), edit)
