"""Prints RssAnon in kB after some commits in memory, and after 200 more. Python collects no circles meanwhile."""

import gc
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3]))

from kallithea.core.memory import return_large_pieces
from kallithea.vcs.opener import VcsOptions, open_repository
from kallithea.vcs.types import Kind
from kallithea.vcs.writing import EditFile
from tests.factories.repositories import HgBuilder
from tests.factories.writing import request, to_nobody


def held() -> int:
    found = re.search(r"RssAnon:\s+(\d+)", pathlib.Path("/proc/self/status").read_text())
    assert found is not None
    return int(found[1])


def commit(count: int, head: str) -> str:
    for number in range(count):
        with open_repository(Kind.HG, PATH, VcsOptions()) as repository:
            content = b"%d %s\n" % (number, head.encode()) * 1000
            head = repository.commit_files(request(Kind.HG, head, EditFile(b"folder/7", content)), to_nobody)
    return head


PATH = pathlib.Path(sys.argv[1])
BUILDER = HgBuilder(PATH)
HEAD = BUILDER.commit({b"folder/%d" % number: b"%d\n" % number for number in range(2000)})
return_large_pieces()
HEAD = commit(20, HEAD)
gc.collect()
gc.disable()
print(held())
HEAD = commit(200, HEAD)
print(held())
