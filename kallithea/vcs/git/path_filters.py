"""Whether a repository's commit-graph says which paths each commit changed (Bloom filters).

The file's format is that of ``gitformat-commit-graph``: ``CGPH``, four bytes of which the third counts the chunks, then
for each chunk four letters and eight bytes of offset. ``BIDX`` is the index of the filters.
"""

import pathlib

_HEAD = 8
_ROW = 12


def has_path_filters(git_folder: pathlib.Path) -> bool:
    """Whether git finds the history of a single path fast: the oldest, largest part of the commit-graph has filters."""
    info = git_folder / "objects" / "info"
    try:
        return _has_index(_first_layer(info))
    except OSError:
        return False


def _first_layer(info: pathlib.Path) -> pathlib.Path:
    chain = info / "commit-graphs" / "commit-graph-chain"
    if (info / "commit-graph").exists():
        return info / "commit-graph"
    with chain.open("rb") as file:
        name = file.readline(100).decode("ascii", "replace").strip()
    return chain.parent / f"graph-{name}.graph"


def _has_index(path: pathlib.Path) -> bool:
    with path.open("rb") as file:
        head = file.read(_HEAD)
        table = file.read(_ROW * head[6]) if len(head) == _HEAD and head.startswith(b"CGPH") else b""
    return b"BIDX" in (table[start : start + 4] for start in range(0, len(table), _ROW))
