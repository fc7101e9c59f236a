"""A push that moves a ref and is killed before it can record it.

Arguments: database URL, folder, repository id, kind; the commit that the ref named "pushed" (a bookmark in Mercurial)
shall have.
"""

import os
import pathlib
import signal
import subprocess
import sys

from kallithea.core.actor import Actor, Way
from kallithea.services.work import open_application, reading, writing
from kallithea.vcs.types import Kind, RefUpdate
from tests.applications import settings_for
from tests.factories.repositories import HgBuilder

url, folder, repository_id, kind, commit_id = sys.argv[1:]
application = open_application(settings_for(url, pathlib.Path(folder)))
with reading(application) as services:
    path = services.repositories.folder(services.repositories.get_by_id(int(repository_id)))
name = b"refs/heads/pushed" if kind == Kind.GIT else b"bookmarks/pushed"
with writing(application) as services:
    services.pushes.announce(
        Actor(None, "ada", Way.HTTP, "192.0.2.1"), int(repository_id), [RefUpdate(name, None, commit_id)]
    )
if kind == Kind.GIT:
    subprocess.run(["git", f"--git-dir={path}", "update-ref", name, commit_id], check=True)
else:
    builder = HgBuilder.__new__(HgBuilder)
    builder.path = path
    builder.bookmark(b"pushed", commit_id)
os.kill(os.getpid(), signal.SIGKILL)
