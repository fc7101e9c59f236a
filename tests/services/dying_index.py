"""Work on the index whose process is killed: while it indexes a repository, or right before it switches to a new index.

Arguments: database URL, folder, repository id, and "indexing" or "switching".
"""

import os
import pathlib
import signal
import sys

from kallithea.search.sqlite_engine import SqliteEngine
from kallithea.services.index_rebuilding import rebuild
from kallithea.services.search_index import index_repository
from kallithea.services.work import open_application
from tests.applications import settings_for

url, folder, repository_id, when = sys.argv[1:]
application = open_application(settings_for(url, pathlib.Path(folder)))


def die(*_told: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


if when == "indexing":
    index_repository(application, int(repository_id), tell=die)
else:
    SqliteEngine.switch = die  # type: ignore[assignment, method-assign]
    rebuild(application, lambda *_told: None)
