"""A Git repository that has another one's objects and nothing else of it.

No refs, no configuration and no ``info/attributes``: what git answers depends on commits alone, and no program is
started that a repository's own files name.
"""

import contextlib
import enum
import os
import pathlib
import shutil
import tempfile
from collections.abc import Iterator

from kallithea.vcs.leftovers import Leftover

_PREFIX = "kallithea-objects-"


class NewObjects(enum.Enum):
    """Where git puts the objects that it makes."""

    STAY = enum.auto()
    VANISH = enum.auto()


@contextlib.contextmanager
def objects_alone(
    folder: pathlib.Path, object_format: str, new_objects: NewObjects = NewObjects.STAY
) -> Iterator[pathlib.Path]:
    """Such a repository, for the time of the block; ``folder`` holds the other one's ``objects``."""
    others = folder.absolute() / "objects"
    with tempfile.TemporaryDirectory(prefix=_PREFIX) as name:
        alone = pathlib.Path(name)
        (alone / "refs").mkdir()
        (alone / "HEAD").write_text("ref: refs/heads/none\n")
        (alone / "config").write_text(_config_of(object_format))
        with contextlib.suppress(FileNotFoundError):
            # where a shallow history ends
            shutil.copyfile(folder / "shallow", alone / "shallow")
        if new_objects is NewObjects.STAY:
            (alone / "objects").symlink_to(others)
        else:
            (alone / "objects" / "info").mkdir(parents=True)
            # by a link, because git takes some characters of a path here for its own
            (alone / "others").symlink_to(others)
            (alone / "objects" / "info" / "alternates").write_text("../others\n")
        yield alone


def list_leftovers(abandoned_after: float) -> Iterator[Leftover]:
    """Those of this account's processes, which have left them if they were killed that many seconds ago."""
    for path in pathlib.Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with contextlib.suppress(FileNotFoundError):
            if path.lstat().st_uid == os.geteuid():
                yield Leftover(path, abandoned_after)


def _config_of(object_format: str) -> str:
    version, extension = (0, "") if object_format == "sha1" else (1, f"[extensions]\nobjectformat = {object_format}\n")
    return f"[core]\nbare = true\nrepositoryformatversion = {version}\n{extension}"
