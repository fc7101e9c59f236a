"""Upkeep of Git repositories: what keeps them small and fast to read, in steps that are skipped when not needed."""

import pathlib

from kallithea.vcs.git.commit_graph import CommitGraph
from kallithea.vcs.git.environment import git_folder
from kallithea.vcs.git.leftovers import list_leftovers
from kallithea.vcs.git.packing import Packing
from kallithea.vcs.git.workplace import Workplace
from kallithea.vcs.leftovers import remove_abandoned
from kallithea.vcs.opener import VcsOptions
from kallithea.vcs.types import RepositoryMissingError
from kallithea.vcs.upkeep import Step, UpkeepOrder

_MANY_REFS = 100


def list_steps(path: pathlib.Path, order: UpkeepOrder, options: VcsOptions) -> tuple[Step, ...]:
    """In the order in which they are done. Raises RepositoryMissingError."""
    folder = git_folder(path)
    if not (folder / "objects").is_dir():
        raise RepositoryMissingError("The repository is not there.")
    place = Workplace(options, path, folder, order)
    return (_leftovers(place), _refs(place), *CommitGraph(place).steps(), *Packing(place).steps())


def _leftovers(place: Workplace) -> Step:
    def need() -> bool:
        return any(leftover.abandoned for leftover in list_leftovers(place.folder, place.order))

    def work(_seconds: float) -> str:
        return remove_abandoned(list_leftovers(place.folder, place.order))

    return Step("leftovers", need, work)


def _refs(place: Workplace) -> Step:
    """Each loose ref is a file that is read alone."""

    def need() -> bool:
        return len(place.loose_refs()) >= _MANY_REFS

    def work(seconds: float) -> str:
        count = len(place.loose_refs())
        place.run("pack-refs", "--all", seconds=seconds)
        return f"{count} refs are in one file"

    return Step("refs", need, work)
