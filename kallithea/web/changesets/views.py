"""One commit with what it changed."""

from collections.abc import Sequence
from dataclasses import dataclass

from kallithea.core.errors import NotFoundError
from kallithea.render.diff_html import DiffHunk, DiffRenderer
from kallithea.render.text import one_line
from kallithea.services.changelog import read_labels
from kallithea.services.changesets import FOLDED_LINES, Changeset, read_changeset
from kallithea.vcs.diff import ChangeKind, ContentKind, FileDiff
from kallithea.web.contents import find, open_contents
from kallithea.web.context import RepositoryContext
from kallithea.web.request import Request
from kallithea.web.ui.commits import CommitLine, commit_line, message_body, short_id
from kallithea.web.ui.filters import number, plural
from kallithea.web.ui.trees import PathPart

_WORDS = {
    ChangeKind.ADDED: "Added",
    ChangeKind.DELETED: "Deleted",
    ChangeKind.RENAMED: "Renamed",
    ChangeKind.COPIED: "Copied",
    ChangeKind.RETYPED: "Another kind of file",
    ChangeKind.MODIFIED: "",
}
_ICONS = {
    ChangeKind.ADDED: "diff-added",
    ChangeKind.DELETED: "diff-removed",
    ChangeKind.RENAMED: "diff-renamed",
    ChangeKind.COPIED: "diff-renamed",
    ChangeKind.RETYPED: "diff-modified",
    ChangeKind.MODIFIED: "diff-modified",
}


@dataclass(frozen=True, slots=True)
class FileChange:
    """One file. ``words`` say what is not shown as lines, ``folded`` whether it begins folded."""

    anchor: str
    folder: str
    name: str
    path: str
    note: str
    icon: str
    added: int
    deleted: int
    hunks: tuple[DiffHunk, ...]
    words: str
    folded: bool
    address: str | None


@dataclass(frozen=True, slots=True)
class FolderOfChanges:
    """Changed files of one folder, for the column beside the diff."""

    name: str
    files: tuple[FileChange, ...]


@dataclass(frozen=True, slots=True)
class ChangesetPage:
    """A commit. ``cut_words`` say how much of the diff is left out, empty if nothing is."""

    path: str
    word: str
    commit: CommitLine
    body: str
    committer: str
    parents: tuple[PathPart, ...]
    files_address: str
    diff_address: str
    patch_address: str
    download_address: str
    files: tuple[FileChange, ...]
    folders: tuple[FolderOfChanges, ...]
    added: int
    deleted: int
    cut_words: str


def show_changeset(context: RepositoryContext, request: Request) -> ChangesetPage:
    """A commit with its diff against its first parent."""
    encodings = request.application.settings.default_encoding
    with open_contents(context, request) as repository:
        found = find(context, request, repository)
        if found.path or not context.rest:
            raise NotFoundError("There is no such commit.")
        changeset = read_changeset(repository, found.commit_id, limit=request.application.settings.cut_off_limit)
        labels = read_labels(
            request.application.caches.small, context.repository.repository_id, repository, [changeset.commit]
        )
        parents = [repository.commit(parent) for parent in changeset.commit.parent_ids[:_MOST_PARENTS]]
    commit, links = changeset.commit, request.links
    renderer = DiffRenderer(encodings)
    files = tuple(
        _make_file(context, request, changeset, renderer, index, file)
        for index, file in enumerate(changeset.diff.files, 1)
    )
    committer = one_line(commit.committer.name or commit.committer.email, encodings)
    line = commit_line(commit, encodings, labels.get(commit.commit_id, ()))
    return ChangesetPage(
        context.path,
        "changeset" if context.repository.kind == "hg" else "commit",
        line,
        message_body(commit, encodings),
        committer if committer != line.author else "",
        tuple(
            PathPart(short_id(parent.commit_id, parent.revision), links.changeset(context.path, parent.commit_id))
            for parent in parents
        ),
        links.files(context.path, commit.commit_id),
        links.repository(context.path, f"changeset-diff/{commit.commit_id}"),
        links.repository(context.path, f"changeset-patch/{commit.commit_id}"),
        links.repository(context.path, f"changeset-download/{commit.commit_id}"),
        files,
        _group(files),
        changeset.diff.changes.added or 0,
        changeset.diff.changes.deleted or 0,
        _cut_words(changeset),
    )


_MOST_PARENTS = 20


def _make_file(
    context: RepositoryContext,
    request: Request,
    changeset: Changeset,
    renderer: DiffRenderer,
    index: int,
    file: FileDiff,
) -> FileChange:
    encodings = request.application.settings.default_encoding
    change = file.change
    path = one_line(change.path, encodings)
    deleted = change.kind is ChangeKind.DELETED
    folder, slash, name = path.rpartition("/")
    return FileChange(
        f"f{index}",
        folder + slash,
        name,
        path,
        _note(file, encodings),
        _ICONS[change.kind],
        change.added or 0,
        change.deleted or 0,
        renderer.render(file.hunks, path),
        _words(file),
        (change.added or 0) + (change.deleted or 0) > FOLDED_LINES,
        None if deleted else request.links.files(context.path, changeset.commit.commit_id, change.path),
    )


def _note(file: FileDiff, encodings: Sequence[str]) -> str:
    change = file.change
    words = [_WORDS[change.kind]]
    if change.kind in (ChangeKind.RENAMED, ChangeKind.COPIED):
        words = [f"{_WORDS[change.kind]} from {one_line(change.old_path, encodings)}"]
    if change.old_mode and change.new_mode and change.old_mode != change.new_mode:
        words.append(f"Mode {change.old_mode} to {change.new_mode}")
    return ", ".join(word for word in words if word)


def _words(file: FileDiff) -> str:
    if file.change.content is ContentKind.BINARY:
        return "Binary files are not compared."
    if file.hidden_lines:
        lines = plural(file.hidden_lines, "changed line")
        return f"{number(file.hidden_lines)} more {lines} not shown, to keep the page fast."
    return "" if file.hunks else "No lines were changed."


def _cut_words(changeset: Changeset) -> str:
    hidden = changeset.diff.changes.total - len(changeset.diff.files)
    return f"{number(hidden)} more {plural(hidden, 'file')} not shown, to keep the page fast." if hidden else ""


def _group(files: Sequence[FileChange]) -> tuple[FolderOfChanges, ...]:
    folders: dict[str, list[FileChange]] = {}
    for file in files:
        folders.setdefault(file.folder.rstrip("/"), []).append(file)
    return tuple(FolderOfChanges(name, tuple(found)) for name, found in sorted(folders.items(), key=lambda x: not x[0]))
