"""F05: a process is killed while it merges: then there is a merge, and the journal tells of it, or there is none."""

import datetime
import pathlib
import signal
import subprocess
import sys

import pytest

from kallithea.services.application import Application
from kallithea.services.merges import merge
from kallithea.services.settling import settle
from kallithea.vcs.merging import NothingToMergeError
from kallithea.vcs.types import Kind
from kallithea.vcs.writing import AddFile, RefMovedError
from tests.factories.writing import FULL_BRANCH, verify
from tests.services.disk import pushed
from tests.services.test_edits import head, path
from tests.services.test_merges import ADA, make


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("when", ["announced", "moved"])
def test_killed_merge_is_done_or_not(application: Application, tmp_path: pathlib.Path, kind: Kind, when: str) -> None:
    repository_id, viewer, request = make(application, kind, AddFile(b"new", b"theirs"))
    entries = len(pushed(application))
    arguments = [application.settings.database_url, str(tmp_path), str(repository_id), kind.value, request.ours]
    command = [sys.executable, "-m", "tests.services.dying_edit", *arguments, when, request.theirs]
    died = subprocess.run(command, check=False)
    assert died.returncode == -signal.SIGKILL
    clock = application.clock
    application.clock = lambda: clock() + datetime.timedelta(days=1)
    settle(application, repository_id)

    made = head(application, kind)
    assert (made != request.ours) is (when == "moved")
    told = [("ada", "web", [(FULL_BRANCH[kind], request.ours, made)])] if when == "moved" else []
    assert pushed(application)[entries:] == told
    if when == "moved":
        with pytest.raises((RefMovedError, NothingToMergeError)):
            merge(application, ADA, viewer, repository_id, request)
        assert head(application, kind) == made
    else:
        merge(application, ADA, viewer, repository_id, request)
    verify(kind, path(application))
