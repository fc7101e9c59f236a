"""Where in a repository a page of files is."""

from dataclasses import dataclass

from kallithea.render.text import one_line
from kallithea.services.last_changes import Place
from kallithea.services.revisions import Revision
from kallithea.vcs.backend import Repository
from kallithea.web.context import RepositoryContext
from kallithea.web.request import Request
from kallithea.web.ui.commits import CommitLine, commit_line
from kallithea.web.ui.diff_options import Query
from kallithea.web.ui.ref_menu import RefPick, make_ref_pick
from kallithea.web.ui.trees import PathPart, path_parts


@dataclass(frozen=True, slots=True)
class Position:
    """Where in the repository the visitor is; ``saved``: they come from a form that made this commit.

    ``last`` is the commit that changed the path last; while it is not known, a script gets its line from
    ``last_address``.
    """

    repository: str
    root_name: str
    root_address: str
    commit: CommitLine
    last: CommitLine | None
    last_address: str
    pick: RefPick
    parts: tuple[PathPart, ...]
    path_text: str
    history_address: str
    find_address: str
    search_address: str
    permanent_address: str
    parent_address: str | None
    saved: bool


def make_position(
    context: RepositoryContext,
    request: Request,
    repository: Repository,
    found: Revision,
    annotation: Query | None = None,
) -> Position:
    """Where a page of the path is; its menu of refs leads to the path at each of them.

    With an ``annotation`` the page shows who wrote the lines, in the way that this query says, and so do those.
    """
    links, encodings = request.links, request.application.settings.default_encoding

    def address(path: bytes) -> str:
        return links.files(context.path, found.commit_id, path, found.at)

    verb, permanent = "files", links.files(context.path, found.commit_id, found.path)
    if annotation is not None:
        verb, permanent = "annotate", links.annotate(context.path, found.commit_id, found.path, query=annotation)
    commit = commit_line(repository.commit(found.commit_id), encodings)
    last = _find_last(context, request, found) if found.path else found.commit_id
    above = found.path.rpartition(b"/")[0]
    return Position(
        context.path,
        context.name,
        address(b""),
        commit,
        commit_line(repository.commit(last), encodings) if last is not None else None,
        links.files_own_change(context.path, found.commit_id, found.path),
        make_ref_pick(
            links, context.path, verb, found.ref, commit.short, encodings, path=found.path, **(annotation or {})
        ),
        path_parts(found.path, encodings, address),
        one_line(found.path, encodings),
        links.changelog(context.path, found.commit_id, found.path, found.at),
        links.files_find(context.path, found.commit_id, found.at),
        links.files_search(context.path, found.commit_id, found.at, path=found.path or None),
        permanent,
        address(above) if found.path else None,
        request.visitor.signed_in and request.query.get("saved") == "1",
    )


def _find_last(context: RepositoryContext, request: Request, found: Revision) -> str | None:
    """The commit that changed the path last, if that is known of the entries of its folder."""
    folder, __, name = found.path.rpartition(b"/")
    place = Place(context.repository.repository_id, folder)
    change = request.application.last_changes.find_one(place, found.commit_id, name)
    return change.commit_id if change is not None else None
