"""A changeset whose files are in memory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from kallithea.vcs.hg.mercurial_setup import context, encoding, node
from kallithea.vcs.signature import format_person, seconds_and_offset
from kallithea.vcs.writing import CommitText


@dataclass(frozen=True, slots=True)
class MemoryFile:
    """Content and flags (``b""``, ``b"x"``, ``b"l"``) of a file. ``source`` is the path that it was copied from."""

    data: bytes
    flags: bytes
    source: bytes | None = None


#: By path, what differs from the first parent; None takes a file away. A file of another changeset stays itself.
MemoryFiles: TypeAlias = Mapping[bytes, Any]


def commit_in_memory(
    repository: Any, text: CommitText, branch: bytes, parents: Sequence[bytes | None], files: MemoryFiles
) -> bytes:
    """Store a changeset on the named branch and return its id. Call it inside of a transaction."""

    def read(repo: Any, commit: Any, path: bytes) -> Any:
        file = files[path]
        if not isinstance(file, MemoryFile):
            return file
        return context.memfilectx(
            repo,
            commit,
            path,
            file.data,
            islink=file.flags == b"l",
            isexec=file.flags == b"x",
            copysource=file.source,
        )

    both = [parent or node.nullid for parent in parents]
    seconds, east = seconds_and_offset(text.author.when)
    made = context.memctx(
        repository,
        both + [node.nullid] * (2 - len(both)),
        text.message,
        list(files),
        read,
        user=format_person(text.author),
        date=(seconds, -east),
        branch=encoding.tolocal(branch),
    )
    return bytes(made.commit())
