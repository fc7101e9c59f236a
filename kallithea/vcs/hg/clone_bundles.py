"""Bundles of a whole history (``hg help -e clonebundles``), framed as answers to ``get_cached_bundle_inline``."""

import pathlib
from collections.abc import Callable, Sequence
from typing import BinaryIO

from kallithea.core.memory import release_memory
from kallithea.core.words import _
from kallithea.vcs.hg.mercurial_setup import bundle2, close_local, error, node, open_local
from kallithea.vcs.types import VcsError

# isort: split
# Only after the module above has prepared Mercurial.
from mercurial import bundlecaches, discovery, util

#: The format of the bundles, as their list tells it to clients: those without it pull.
SPECIFICATION = b"zstd-v2"
# What says in the second version of the media type that the rest is not compressed once more.
_UNCOMPRESSED = b"\x04none"
_CHUNK = 1 << 20


class HgCloneBundling:
    """Implements ``clone_bundling.CloneBundling``."""

    def __init__(self, path: pathlib.Path) -> None:
        """Raises RepositoryMissingError, VcsError."""
        self._repository = open_local(path).filtered(b"served")

    def heads(self) -> tuple[str, ...]:
        """See ``CloneBundling``."""
        return tuple(sorted(head.hex() for head in self._repository.changelog.heads() if head != node.nullid))

    def shows(self, heads: Sequence[str]) -> bool:
        """See ``CloneBundling``: what is secret or hidden, its descendants are too."""
        changelog, constants = self._repository.changelog, self._repository.nodeconstants
        nodes = [bytes.fromhex(head) for head in heads]
        reserved = {constants.nullid, constants.wdirid, *constants.wdirfilenodeids}
        return reserved.isdisjoint(nodes) and all(map(changelog.hasnode, nodes))

    def write(self, heads: Sequence[str], file: BinaryIO, spool: BinaryIO, check: Callable[[], None]) -> None:
        """See ``CloneBundling``."""
        repository = self._repository
        specification = bundlecaches.parsebundlespec(repository, SPECIFICATION)
        outgoing = discovery.outgoing(repository, [node.nullid], [bytes.fromhex(head) for head in heads])
        bundle = bundle2.bundle20(repository.ui)
        bundle.setcompression(specification.wirecompression, specification.params.get(b"compopts"))
        try:
            bundle2._addpartsfromopts(repository, bundle, b"bundle", outgoing, specification.params)  # noqa: SLF001
            for piece in bundle.getchunks():
                check()
                spool.write(piece)
            # The length goes first.
            size = spool.tell()
            spool.seek(0)
            file.write(_UNCOMPRESSED + util.uvarintencode(size))
            while piece := spool.read(_CHUNK):
                check()
                file.write(piece)
        except (error.Abort, error.StorageError, error.RepoError) as problem:
            raise VcsError(_("The repository is damaged or cannot be read.")) from problem

    def close(self) -> None:
        """Free what the repository holds, at once."""
        close_local(self._repository)
        # Mercurial's objects refer to each other in circles, and hold much of what they have read.
        release_memory()


def open_clone_bundling(path: pathlib.Path) -> HgCloneBundling:
    """Open the repository in the folder ``path``. Raises RepositoryMissingError, VcsError."""
    return HgCloneBundling(path)
