"""Prints RssAnon in kB before pages of a changeset are read, how much more it takes meanwhile, and RssAnon after.

Python collects no circles meanwhile.
"""

import gc
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3]))

from kallithea.core.memory import return_large_pieces
from kallithea.vcs.diff import Sides
from kallithea.vcs.history import LogFilter
from kallithea.vcs.kept import KeptRepositories
from kallithea.vcs.opener import VcsOptions, open_repository
from kallithea.vcs.types import Kind

PATH, COMMIT_ID = pathlib.Path(sys.argv[1]), sys.argv[2]
PATHS = [path.encode() for path in sys.argv[3:]]
OPTIONS = VcsOptions(kept=KeptRepositories())
STATUS = pathlib.Path("/proc/self/status")


def held(name: str) -> int:
    found = re.search(name + r":\s+(\d+)", STATUS.read_text())
    assert found is not None
    return int(found[1])


def read_pages() -> None:
    for path in PATHS:
        with open_repository(Kind.HG, PATH, OPTIONS) as repository:
            parents = repository.commit(COMMIT_ID).parent_ids
            sides = Sides(parents[0] if parents else None, COMMIT_ID)
            assert repository.changes(sides).files
            assert b"".join(repository.raw_diff(sides))
            assert repository.diff(sides).files
            assert repository.log(COMMIT_ID, LogFilter(path=path, follow=True)).commits


return_large_pieces()
with open_repository(Kind.HG, PATH, OPTIONS) as opened:
    opened.folder(COMMIT_ID, b"")
gc.collect()
gc.disable()
print(held("RssAnon"))
pathlib.Path("/proc/self/clear_refs").write_text("5")
before = held("VmHWM")
read_pages()
print(held("VmHWM") - before)
read_pages()
print(held("RssAnon"))
