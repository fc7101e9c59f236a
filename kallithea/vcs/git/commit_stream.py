"""One commit as a stream for ``git fast-import``: it holds no large file in memory, and starts one process.

The commit is made on a ref of its own that is given up at the end, so that no ref moves. Its objects come as a pack,
like those of a push, and are on the disk before its id is known.
"""

import itertools
import pathlib
import secrets
from collections.abc import Iterable, Iterator, Sequence

from kallithea.vcs.file_changes import ChangePlan, Written, content_size, read_chunks
from kallithea.vcs.git.child import CHUNK
from kallithea.vcs.git.durability import DURABLE
from kallithea.vcs.git.environment import git_folder
from kallithea.vcs.git.process import GitLimits, GitProcess
from kallithea.vcs.opener import VcsOptions
from kallithea.vcs.signature import format_git_signature
from kallithea.vcs.types import VcsError
from kallithea.vcs.writing import CommitText, FileMode

_CONFIG = {**DURABLE, "fastimport.unpackLimit": "0"}
_LIMITS = GitLimits(seconds=600)
_MODES = {FileMode.REGULAR: b"100644", FileMode.EXECUTABLE: b"100755", FileMode.SYMLINK: b"120000"}
_ESCAPES = ((b"\\", b"\\\\"), (b'"', b'\\"'), (b"\n", b"\\n"))


def import_commit(
    options: VcsOptions,
    path: pathlib.Path,
    text: CommitText,
    parents: Sequence[str],
    body: Iterable[bytes],
    *,
    no_id: str,
) -> str:
    """Store a commit to which no ref leads, and return its id. Raises VcsError.

    ``body`` is what ``file_commands`` or ``tree_command`` gives, ``no_id`` the repository's id of no object.
    """
    scratch = b"refs/drafts/" + secrets.token_hex(8).encode()
    ending = b"\nget-mark :1\nreset %s\nfrom %s\n\ndone\n" % (scratch, no_id.encode())
    command = ("fast-import", "--quiet", "--done", "--date-format=raw-permissive")
    try:
        with GitProcess(options, path, *command, limits=_LIMITS, extra_config=_CONFIG, with_input=True) as process:
            for piece in itertools.chain(_header(text, parents, scratch), body, [ending]):
                process.write(piece)
            answer = process.read()
            process.finish()
    except VcsError:
        _remove_crash_reports(path)
        raise
    return answer.decode("ascii").strip()


def file_commands(plan: ChangePlan) -> Iterator[bytes]:
    """The commands that turn the first parent's files into the commit's."""
    for removed in plan.removed:
        yield b"D %s\n" % _quoted(removed)
    for written in plan.written:
        yield from _file_command(written)


def tree_command(tree_id: str) -> Iterator[bytes]:
    """The command that gives the commit this tree."""
    yield b'M 040000 %s ""\n' % tree_id.encode()


def _header(text: CommitText, parents: Sequence[str], scratch: bytes) -> Iterator[bytes]:
    message = text.message.strip(b"\n") + b"\n"
    yield b"commit %s\nmark :1\n" % scratch
    yield b"author %s\n" % format_git_signature(text.author)
    yield b"committer %s\n" % format_git_signature(text.committer)
    yield b"data %d\n%s\n" % (len(message), message)
    for number, parent in enumerate(parents):
        yield b"%s %s\n" % (b"merge" if number else b"from", parent.encode())


def _file_command(written: Written) -> Iterator[bytes]:
    mode, path = _MODES[written.mode], _quoted(written.path)
    if written.content is None:
        source = written.source
        if source is None or source.object_id is None:
            raise ValueError("a new file needs a content")
        yield b"M %s %s %s\n" % (mode, source.object_id.encode(), path)
        return
    yield b"M %s inline %s\ndata %d\n" % (mode, path, content_size(written.content))
    yield from read_chunks(written.content, CHUNK)
    yield b"\n"


def _quoted(path: bytes) -> bytes:
    for char, escape in _ESCAPES:
        path = path.replace(char, escape)
    return b'"' + path + b'"'


def _remove_crash_reports(path: pathlib.Path) -> None:
    """Git leaves one in the repository for each stream that it could not read to its end."""
    for report in git_folder(path).glob("fast_import_crash_*"):
        report.unlink(missing_ok=True)
