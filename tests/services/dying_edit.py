"""An edit whose process is killed: when it is announced, or when the ref has moved and nothing is recorded.

Arguments: database URL, folder, repository id, kind, the head that is edited, and "announced" or "moved".
"""

import os
import pathlib
import signal
import sys
from collections.abc import Sequence

from kallithea.core.actor import Actor, Way
from kallithea.services.ref_moves import RefMove, find_writable, move_refs
from kallithea.services.work import open_application
from kallithea.vcs.backend import Repository
from kallithea.vcs.types import Kind, RefUpdate
from kallithea.vcs.writing import Announce, EditFile
from tests.applications import settings_for
from tests.factories.people import Factory
from tests.factories.writing import request

url, folder, repository_id, kind, head, when = sys.argv[1:]
application = open_application(settings_for(url, pathlib.Path(folder)))
ada = Factory(application).user("ada", super_administrator=True)


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def edit(repository: Repository, announce: Announce) -> str:
    def announce_and_die(updates: Sequence[RefUpdate]) -> None:
        announce(updates)
        if when == "announced":
            die()

    return repository.commit_files(request(Kind(kind), head, EditFile(b"file", b"mine")), announce_and_die)


def die_instead(self: RefMove, *, moved: bool) -> None:
    die()


RefMove.settle_whole = die_instead  # type: ignore[method-assign]
place = find_writable(application, Factory(application).viewer(ada), int(repository_id))
move_refs(application, place, Actor(ada.user_id, "ada", Way.WEB, "192.0.2.1"), edit)
