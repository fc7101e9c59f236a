"""Archives of Mercurial changesets, written file by file.

As ``hg archive`` does, a file ``.hg_archival.txt`` says where the others come from. It names no tags, because there can
be others tomorrow.
"""

import contextlib
import io
from typing import TypeAlias

from kallithea.core.words import _
from kallithea.vcs.archive import ArchiveFormat, ArchiveOrder, Sink, open_compressed, require_count, require_harmless
from kallithea.vcs.hg.changesets import parse_entry
from kallithea.vcs.hg.mercurial_setup import encoding
from kallithea.vcs.hg.trees import HgTree
from kallithea.vcs.slots import Weight, take_slot
from kallithea.vcs.tar_writer import TarWriter
from kallithea.vcs.types import EntryKind, PathNotFoundError
from kallithea.vcs.zip_writer import ZipWriter

_ORIGIN = b".hg_archival.txt"
# Seconds to wait until other heavy work is done.
_PATIENCE = 20.0

Writer: TypeAlias = TarWriter | ZipWriter


class HgArchives(HgTree):
    """Implements ``archive.Archives``."""

    def write_archive(self, order: ArchiveOrder, target: Sink, *, seconds: float) -> None:
        """See ``archive.Archives``. The target limits the time: no other process is waited for but for its slot."""
        if self.entry(order.commit_id, order.path).kind is not EntryKind.FOLDER:
            raise PathNotFoundError(_("This is not a folder."))
        paths = self._archived(order)
        require_count(len(paths))
        when = parse_entry(self._text(self._revision(order.commit_id))).author.when
        slot = take_slot(self.options, Weight.HEAVY, min(_PATIENCE, seconds))
        with slot or contextlib.nullcontext(), open_compressed(order.format, target) as sink:
            make = ZipWriter if order.format is ArchiveFormat.ZIP else TarWriter
            writer = make(sink, int(when.timestamp()))
            writer.add_folder(order.prefix)
            if not order.path and _ORIGIN not in self._listing(order.commit_id).manifest:
                origin = self._origin(order.commit_id)
                writer.add(order.prefix + b"/" + _ORIGIN, 0o644, len(origin), io.BytesIO(origin))
            for path in paths:
                require_harmless(path)
                self._add(writer, order, path)
            writer.close()

    def _archived(self, order: ArchiveOrder) -> list[bytes]:
        """Paths of files and sub-repositories in the folder, sorted."""
        below = order.path + b"/" if order.path else b""
        return [path for path in self._listing(order.commit_id).paths if path.startswith(below)]

    def _add(self, writer: Writer, order: ArchiveOrder, path: bytes) -> None:
        name = order.prefix + b"/" + path
        kind = self._kind_at(order.commit_id, path)
        if kind is EntryKind.SUBREPOSITORY:
            writer.add_folder(name)
            return
        with self.open_blob(order.commit_id, path) as (size, content):
            if kind is EntryKind.SYMLINK:
                writer.add_link(name, content.read())
            else:
                writer.add(name, 0o755 if kind is EntryKind.EXECUTABLE else 0o644, size, content)

    def _origin(self, commit_id: str) -> bytes:
        branch = encoding.fromlocal(self._repository[self._node(commit_id)].branch())
        return b"node: %s\nbranch: %s\n" % (commit_id.encode(), branch)
