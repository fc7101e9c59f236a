"""The history up to a commit, of everything or of one path."""

from collections.abc import Mapping
from dataclasses import dataclass

from kallithea.render.text import one_line
from kallithea.services.changelog import PAGE_SIZE, History, read_history, read_labels
from kallithea.services.revisions import Revision, find_revision
from kallithea.vcs.backend import Repository
from kallithea.vcs.types import Ref
from kallithea.web.contents import all_refs, note_outside_changes, open_contents
from kallithea.web.context import RepositoryContext
from kallithea.web.request import Request
from kallithea.web.ui.commits import CommitLine, commit_line, short_id
from kallithea.web.ui.filters import number
from kallithea.web.ui.paging import Pager
from kallithea.web.ui.ref_menu import RefPick, make_ref_pick


@dataclass(frozen=True, slots=True)
class ChangelogPage:
    """A page of the history. ``pick`` is None and there are no commits in an empty repository."""

    path: str
    word: str
    words: str
    mercurial: bool
    pick: RefPick | None
    file_path: str
    whole_address: str
    commits: tuple[CommitLine, ...]
    pager: Pager | None


def show_changelog(context: RepositoryContext, request: Request) -> ChangelogPage:
    """A page of the history, newest first."""
    with open_contents(context, request) as repository:
        note_outside_changes(context, request, repository)
        if repository.is_empty():
            return _make_page(context, request, None, History((), False), {})
        revision = _find(context, request, repository)
        history = read_history(repository, revision.commit_id, revision.path, page=request.page_number())
        return _make_page(context, request, revision, history, read_labels(repository, history.commits))


def _find(context: RepositoryContext, request: Request, repository: Repository) -> Revision:
    """What the address names: ``?branch=`` for the form of old, else the path, else the default ref."""
    at = request.query_bytes("at") or request.query_bytes("branch")
    return find_revision(repository, lambda: all_refs(context, request, repository), context.rest, at=at)


def _make_page(
    context: RepositoryContext,
    request: Request,
    revision: Revision | None,
    history: History,
    labels: Mapping[str, tuple[Ref, ...]],
) -> ChangelogPage:
    encodings, mercurial = request.application.settings.default_encoding, context.repository.kind == "hg"
    word = "changeset" if mercurial else "commit"
    return ChangelogPage(
        context.path,
        word,
        f"{word}s",
        mercurial,
        _make_pick(context, request, revision) if revision is not None else None,
        one_line(revision.path, encodings) if revision is not None else "",
        request.links.changelog(context.path),
        tuple(commit_line(commit, encodings, labels.get(commit.commit_id, ())) for commit in history.commits),
        _make_pager(context, request, revision, history) if revision is not None else None,
    )


def _make_pick(context: RepositoryContext, request: Request, revision: Revision) -> RefPick:
    encodings, name = request.application.settings.default_encoding, short_id(revision.commit_id)
    return make_ref_pick(request.links, context.path, "changelog", revision.ref, name, encodings, path=revision.path)


def _make_pager(context: RepositoryContext, request: Request, revision: Revision, history: History) -> Pager | None:
    page, at = request.page_number(), revision.ref.name if revision.ref is not None else None
    if page == 1 and not history.more:
        return None

    def address(other: int) -> str:
        return request.links.changelog(context.path, revision.commit_id, revision.path, at, other)

    first = (page - 1) * PAGE_SIZE
    words = (
        f"{number(first + 1)} to {number(first + len(history.commits))}, newest first" if history.commits else "None"
    )
    return Pager(
        words, address(page - 1) if page > 1 else None, address(page + 1) if history.more else None, "Newer", "Older"
    )
