"""What the parts of an open Git repository share."""

import pathlib
import types

from kallithea.vcs.closing import Closing
from kallithea.vcs.git.batch import ObjectBatch
from kallithea.vcs.git.environment import git_folder
from kallithea.vcs.git.objects import ObjectStore
from kallithea.vcs.git.process import run_git
from kallithea.vcs.opener import VcsOptions


class GitHandle(Closing):
    """An open Git repository: its objects in this process, and the git program.

    Where all went well, its packs are kept open for the next page.
    """

    def __init__(self, options: VcsOptions, path: pathlib.Path) -> None:
        self.path = path
        self._options = options
        self._folder = git_folder(path)
        self._batch = ObjectBatch(options, path)
        self._objects = ObjectStore(path, self._batch, options.recent, options.kept)

    @property
    def format_name(self) -> str:
        """How objects are named: ``sha1`` or ``sha256``."""
        return self._objects.format_name

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: types.TracebackType | None
    ) -> None:
        if kind is None:
            self._batch.close()
            self._objects.rest()
        super().__exit__(kind, problem, trace)

    def close(self) -> None:
        """Free pack files and the child process."""
        self._batch.close()
        self._objects.close()

    def _run(self, *arguments: str | bytes) -> bytes:
        return run_git(self._options, self.path, *arguments)
