"""The commit-graph: git reads parents and dates from it, and which paths a commit may have changed (Bloom filters).

It is written in layers, so that a push adds a small one (``git help format-commit-graph``).
"""

import contextlib
import os
import time
from collections.abc import Iterator

from kallithea.vcs.git.graph_layers import knows_changed_paths, list_layers
from kallithea.vcs.git.packs import list_packs
from kallithea.vcs.git.workplace import Workplace, modified
from kallithea.vcs.slots import Weight
from kallithea.vcs.types import BusyError, LimitExceededError, UnwritableError, VcsError
from kallithea.vcs.upkeep import Step, StepTime

#: Seconds that the changed paths of new commits may take before the graph is written without them.
_CHANGED_PATHS_SECONDS = 60.0


class CommitGraph:
    """Keeps a repository's commit-graph complete."""

    def __init__(self, place: Workplace) -> None:
        self._place = place

    def steps(self) -> tuple[Step, ...]:
        """New commits, and in the end what each of all commits changed."""
        return (
            Step("commit graph", self._is_old, self._extend),
            Step("changed paths", self._lacks_paths, self._complete, heavy=True),
        )

    def write_anew(self, seconds: float) -> None:
        """Write it with nothing but the commits that refs lead to now. Raises VcsError."""
        self._write("--split=replace", self._paths, time_left=StepTime(seconds))

    def _is_old(self) -> bool:
        layers = list_layers(self._place.folder)
        written = max((modified(layer) for layer in layers), default=0.0)
        # git keeps none of a history that was cut off
        return 0 < self._place.refs_modified() >= written and not self._place.shallow

    def _extend(self, seconds: float) -> str:
        started, time_left = time.time(), StepTime(seconds)
        words = "new commits are in it"
        try:
            self._write("--split", self._paths, time_left=StepTime(min(seconds, _CHANGED_PATHS_SECONDS)))
        except LimitExceededError:
            self._write("--split", "--no-changed-paths", time_left=time_left)
            words = "new commits are in it, not yet with the paths that they changed"
        for layer in list_layers(self._place.folder)[-1:]:
            # Refs that moved to known commits have left it as it was; now it is as new as they are.
            with contextlib.suppress(OSError):
                os.utime(layer, (started, started))
        return words

    def _lacks_paths(self) -> bool:
        layers = list_layers(self._place.folder)
        return self._paths == "--changed-paths" and not all(knows_changed_paths(layer) for layer in layers)

    def _complete(self, seconds: float) -> str:
        self.write_anew(seconds)
        return "it knows the paths that each commit changed"

    @property
    def _paths(self) -> str:
        """A partial clone lacks what they are found by."""
        partial = any(pack.promised for pack in list_packs(self._place.folder))
        return "--no-changed-paths" if partial else "--changed-paths"

    def _write(self, *options: str, time_left: StepTime) -> None:
        weight = Weight.REPACK if "--split=replace" in options else Weight.BACKGROUND
        command = ("commit-graph", "write", "--reachable", "--no-progress", *options)
        try:
            self._place.run(*command, seconds=time_left.left(), weight=weight)
        except (BusyError, LimitExceededError, UnwritableError):
            raise
        except VcsError:
            # perhaps it is the graph itself that is damaged
            with self._set_aside():
                self._place.run(*command, seconds=time_left.left(), weight=weight)

    @contextlib.contextmanager
    def _set_aside(self) -> Iterator[None]:
        """Without the commit-graph, which comes back if the block fails."""
        info = self._place.folder / "objects" / "info"
        moved = []
        for path in (info / "commit-graphs" / "commit-graph-chain", info / "commit-graph"):
            with contextlib.suppress(FileNotFoundError):
                moved.append((path.rename(path.with_name(f"tmp_{path.name}_aside")), path))
        try:
            yield
        except BaseException:
            for aside, path in moved:
                aside.rename(path)
            raise
        for aside, _ in moved:
            aside.unlink()
