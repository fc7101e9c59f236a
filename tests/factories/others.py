"""Histories that nobody here wrote: of programs that many people worked on, with the merges and moves of real life.

Debian's package golang-github-go-git-go-git-fixtures-dev has them, as packs of Git that are written in a source of Go.
For Mercurial they are converted by its own extension. Submodules are left out: hg cannot read what that makes of them.
"""

import base64
import gzip
import os
import pathlib
import re
import shutil
import subprocess
import sys

import pytest

from kallithea.vcs.opener import VcsOptions, create_repository
from kallithea.vcs.types import Kind
from tests.factories.commands import git, hg
from tests.factories.histories import History

_SOURCE = pathlib.Path("/usr/share/gocode/src/github.com/go-git/go-git-fixtures/data.go")
_PACKS = {
    # a manager of shell scripts: 145 commits, a quarter of them merges
    "desk": "4ec6344877f494690fc800aceaf2ca0e86786acb",
    # a generator of code: 120 commits, many of files that were moved
    "storable": "0d3d824fb5c930e7e7e1f0f399f2976847d31fd3",
    # a kernel: 556 commits, two submodules, large moves
    "rumprun-xen": "7861f2632868833a35fe5e4ab94f99638ec5129b",
}
_CONVERTING = ("--config=extensions.convert=", "--config=convert.git.skipsubmodules=true")

#: Parameters of a test, for ``history_of_others``. One process of xdist has them all, because each would convert them.
OTHERS = [pytest.param(name, marks=[pytest.mark.services, pytest.mark.xdist_group("others")]) for name in _PACKS]


def history_of_others(kind: Kind, name: str, folder: pathlib.Path) -> History:
    """The history of that name, made in the folder if it is not there."""
    path = folder / f"{name}-{kind}"
    if not path.exists():
        # what failed half way must not be taken for the whole
        making = path.with_suffix(".making")
        shutil.rmtree(making, ignore_errors=True)
        if kind is Kind.GIT:
            _unpack(_PACKS[name], making)
        else:
            _convert(history_of_others(Kind.GIT, name, folder).path, making)
        making.rename(path)
    if kind is Kind.GIT:
        heads = git(path, "for-each-ref", "--sort=committerdate", "--format=%(objectname)", "refs/heads")
    else:
        heads = hg(path, "log", "-r", "sort(head(), date)", "-T", "{node}\n")
    return History(kind, path, tuple(heads.decode().split()))


def _unpack(pack: str, path: pathlib.Path) -> None:
    """Make a repository of a pack, with a branch ``headN`` for each commit that is no parent."""
    found = re.search(rb'"pack-%s\.pack",[^`]*`([^`]*)`' % pack.encode(), _SOURCE.read_bytes())
    assert found is not None, f"{_SOURCE} has no pack {pack}"
    create_repository(Kind.GIT, path, VcsOptions())
    packed = path / "objects" / "pack" / f"pack-{pack}.pack"
    packed.write_bytes(gzip.decompress(base64.b64decode(found[1])))
    git(path, "index-pack", str(packed))
    unreached = re.findall(r"dangling commit (\w+)", git(path, "fsck", "--connectivity-only").decode())
    for number, commit_id in enumerate(unreached):
        git(path, "update-ref", f"refs/heads/head{number}", commit_id)
    git(path, "symbolic-ref", "HEAD", "refs/heads/head0")


def _convert(source: pathlib.Path, path: pathlib.Path) -> None:
    program = pathlib.Path(sys.executable).with_name("hg")
    command = [str(program), *_CONVERTING, "convert", "--quiet", str(source), str(path)]
    nobody = {"HGRCPATH": "", "GIT_CONFIG_GLOBAL": os.devnull}
    subprocess.run(command, check=True, env=os.environ | nobody)
