"""The files of a commit-graph, as far as they are read in this process (``git help format-commit-graph``).

A layer has a header, a table of chunks with their places, and the chunks. Of these, ``OIDF`` tells for each first byte
how many ids are up to it, and ``OIDL`` has the ids in binary, sorted.
"""

import mmap
import pathlib
import struct
from collections.abc import Collection

_SIGNATURE = b"CGPH"
_HEADER = 8
_ROW = 12
_FANOUT, _IDS, _CHANGED_PATHS = b"OIDF", b"OIDL", b"BIDX"


def list_layers(folder: pathlib.Path) -> tuple[pathlib.Path, ...]:
    """The files that make up the commit-graph, the oldest first; none where there is no graph. Raises OSError."""
    info = folder / "objects" / "info"
    chain = info / "commit-graphs" / "commit-graph-chain"
    try:
        names = chain.read_text(encoding="ascii", errors="replace").split()
    except FileNotFoundError:
        alone = info / "commit-graph"
        return (alone,) if alone.exists() else ()
    # a damaged chain may hold what no file is called
    return tuple(chain.with_name(f"graph-{name}.graph") for name in names if name.isalnum())


def knows_changed_paths(layer: pathlib.Path) -> bool:
    """Whether the layer has Bloom filters; False where it is missing or damaged."""
    try:
        with layer.open("rb") as file:
            return _CHANGED_PATHS in _chunks(file.read(_HEADER + 256 * _ROW))
    except FileNotFoundError:
        return False


def commits_among(folder: pathlib.Path, object_ids: Collection[str]) -> set[str]:
    """Those ids that the commit-graph knows, which are commits; what is missing or damaged there knows none."""
    found: set[str] = set()
    try:
        layers = list_layers(folder)
    except OSError:
        return found
    for layer in layers:
        try:
            with layer.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
                found.update(_known(data, object_ids))
        except (OSError, ValueError, KeyError, struct.error):
            continue
    return found


def _known(data: mmap.mmap, object_ids: Collection[str]) -> list[str]:
    chunks = _chunks(data[: _HEADER + 256 * _ROW])
    up_to = struct.unpack_from(">256L", data, chunks[_FANOUT])
    first = chunks[_IDS]
    known = []
    for object_id in object_ids:
        raw = bytes.fromhex(object_id)
        size, head = len(raw), raw[0]
        start, end = first + size * (up_to[head - 1] if head else 0), first + size * up_to[head]
        place = data.find(raw, start, end)
        while place >= 0 and (place - start) % size:
            place = data.find(raw, place + 1, end)
        if place >= 0:
            known.append(object_id)
    return known


def _chunks(start: bytes) -> dict[bytes, int]:
    """Where each chunk begins; nothing where this is not the start of a layer."""
    if start[:4] != _SIGNATURE or len(start) < _HEADER:
        return {}
    rows = start[_HEADER : _HEADER + start[6] * _ROW]
    return dict(struct.iter_unpack(">4sQ", rows[: len(rows) // _ROW * _ROW]))
