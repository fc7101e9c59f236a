"""On which kind of file system something lies."""

import contextlib
import os
from pathlib import Path

#: File systems of other machines, as /proc/self/mountinfo calls them.
_NETWORK = frozenset(
    "nfs nfs4 cifs smb3 smbfs 9p afs ceph coda davfs glusterfs lustre beegfs gfs2 ocfs2 orangefs gpfs vboxsf".split()
)
# Most programs that make a file system by FUSE reach for another machine; these do not.
_LOCAL_FUSE = frozenset(
    "fuse.bindfs fuse.encfs fuse.fuse-overlayfs fuse.gocryptfs fuse.mergerfs fuse.ntfs-3g fuse.unionfs fuse.zfs".split()
)
_MOUNTS = Path("/proc/self/mountinfo")


def find_network_file_system(place: Path, mounts: Path = _MOUNTS) -> str | None:
    """The kind of a network file system on which this lies or would lie; None on a disk of this machine.

    See proc(5), "mountinfo".
    """
    best, kind, resolved = -1, "", place.resolve()
    with contextlib.suppress(OSError):
        # an automounter mounts it only when somebody looks into it
        os.stat(f"{resolved}/.")  # noqa: PTH116 - a Path would lose the dot
    try:
        lines = mounts.read_bytes().splitlines()
    except OSError:
        return None
    for line in lines:
        before, _separator, after = line.partition(b" - ")
        # blanks and the like are octal numbers behind a backslash
        point = Path(os.fsdecode(before.split()[4].decode("unicode_escape").encode("latin-1")))
        if resolved.is_relative_to(point) and len(point.parts) >= best:
            best, kind = len(point.parts), after.split()[0].decode()
    return kind if kind in _NETWORK or _is_distant_fuse(kind) else None


def _is_distant_fuse(kind: str) -> bool:
    return (kind == "fuse" or kind.startswith("fuse.")) and kind not in _LOCAL_FUSE
