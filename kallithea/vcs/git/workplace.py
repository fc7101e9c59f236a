"""A Git repository while its upkeep is done: how git is run there, and what has to be respected."""

import os
import pathlib
from dataclasses import dataclass

from kallithea.vcs.git.durability import DURABLE
from kallithea.vcs.git.process import GitLimits, run_git
from kallithea.vcs.opener import VcsOptions
from kallithea.vcs.slots import Weight
from kallithea.vcs.upkeep import UpkeepOrder

_CONFIG = {
    # More threads would be quicker, at the cost of everybody else.
    "pack.threads": "1",
    # What replaces something is on the disk before that is removed.
    **DURABLE,
}


@dataclass(frozen=True, slots=True)
class Workplace:
    """``path`` is the repository, ``folder`` where its HEAD lies."""

    options: VcsOptions
    path: pathlib.Path
    folder: pathlib.Path
    order: UpkeepOrder

    def run(self, *arguments: str, seconds: float, weight: Weight = Weight.BACKGROUND) -> bytes:
        """Run git, behind everybody else's processes, and without the bounds that hold for requests. Raises VcsError.

        With the weight REPACK it waits for the slot only if nobody waits for this; ``seconds`` are for both.
        """
        patience = seconds / 2 if self.order.heavy else 0.0
        limits = GitLimits(
            seconds=seconds, memory=0, total_memory=0, weight=weight, patience=patience, patience_counts=True
        )
        return run_git(self.options, self.path, *arguments, limits=limits, extra_config=_CONFIG)

    @property
    def shallow(self) -> bool:
        """Whether the history was cut off when it was fetched."""
        return (self.folder / "shallow").exists()

    @property
    def borrows(self) -> bool:
        """Whether objects of other repositories are used."""
        return (self.folder / "objects" / "info" / "alternates").exists()

    def is_precious(self) -> bool:
        """Whether the repository itself forbids to delete objects, as one does that others borrow from."""
        key = "extensions.preciousObjects"
        return self.run("config", "--type=bool", "--default=false", key, seconds=60) == b"true\n"

    def loose_refs(self) -> list[pathlib.Path]:
        """Files that hold a ref each."""
        return [
            pathlib.Path(base, name)
            for base, _, names in os.walk(self.folder / "refs")
            for name in names
            if not name.endswith(".lock")
        ]

    def refs_modified(self) -> float:
        """When a ref was changed last, in seconds since 1970; 0 where there is none."""
        loose, packed = self.loose_refs(), self.folder / "packed-refs"
        if not loose and not packed.exists():
            return 0.0
        # a folder tells of refs that are gone
        return max(modified(path) for path in (packed, *loose, *(path.parent for path in loose)))


def modified(path: pathlib.Path) -> float:
    """When a file was written, in seconds since 1970; 0 where it does not exist."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0.0
