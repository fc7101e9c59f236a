"""Writing a drafted history into a Git repository, by a stream for ``git fast-import``."""

import datetime
import pathlib
from collections.abc import Iterator

from kallithea.vcs.drafts import CommitDraft, HistoryDraft
from kallithea.vcs.git.process import GitProcess
from kallithea.vcs.opener import VcsOptions

#: Commits are made under this ref; the last one's mark moves it, and it is removed at the end.
_SCRATCH = b"refs/drafts/scratch"
_ANNOTATED_BY_DEFAULT = b"Release "


def write_history(path: pathlib.Path, history: HistoryDraft, options: VcsOptions) -> None:
    """Add the commits, branches and tags. Raises VcsError, and then has added no ref."""
    with GitProcess(options, path, "fast-import", "--quiet", "--done", with_input=True) as process:
        for command in _commands(history):
            process.write(command)
        process.finish()


def _commands(history: HistoryDraft) -> Iterator[bytes]:
    marks = {commit.label: b":%d" % number for number, commit in enumerate(history.commits, 1)}
    for commit in history.commits:
        yield from _commit(commit, marks)
    for name, label in history.git_branches.items():
        yield b"reset refs/heads/%s\nfrom %s\n\n" % (name.encode(), marks[label])
    for name, label in history.tags.items():
        signature = _signature(history.tagger, history.tagged)
        message = _ANNOTATED_BY_DEFAULT + name.encode() + b"\n"
        yield b"tag %s\nfrom %s\ntagger %s\n%s" % (name.encode(), marks[label], signature, _data(message))
    yield b"reset %s\nfrom %s\n\n" % (_SCRATCH, b"0" * 40)
    yield b"done\n"


def _commit(commit: CommitDraft, marks: dict[str, bytes]) -> Iterator[bytes]:
    signature = _signature(commit.author, commit.date)
    yield b"reset %s\n" % _SCRATCH
    yield b"commit %s\nmark %s\n" % (_SCRATCH, marks[commit.label])
    yield b"author %s\ncommitter %s\n%s" % (signature, signature, _data(commit.message.encode()))
    for number, parent in enumerate(commit.parents):
        yield b"%s %s\n" % (b"merge" if number else b"from", marks[parent])
    for path, content in commit.files.items():
        if content is None:
            yield b"D %s\n" % path.encode()
        else:
            yield b"M 100644 inline %s\n%s" % (path.encode(), _data(content))
    yield b"\n"


def _data(content: bytes) -> bytes:
    return b"data %d\n%s\n" % (len(content), content)


def _signature(author: str, date: datetime.datetime) -> bytes:
    return f"{author} {int(date.timestamp())} {date:%z}".encode()
