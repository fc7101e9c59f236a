"""The way from a commit to what follows it, which is looked for when somebody goes it."""

from dataclasses import dataclass

from kallithea.services.refs import NO_LABELS, read_labels
from kallithea.vcs.types import Kind
from kallithea.web.answers import Response, redirect
from kallithea.web.changesets.views import read_commit
from kallithea.web.contents import open_contents
from kallithea.web.context import RepositoryContext
from kallithea.web.request import Request
from kallithea.web.ui.commits import LABELS_OF, CommitLine, commit_line

_MOST = 100


@dataclass(frozen=True, slots=True)
class ChildrenPage:
    """The children of a commit, none or several; ``most`` is their number where there are more of them, else 0.

    ``changeset_address`` is the beginning of the commits' addresses, which end with their ids.
    """

    path: str
    mercurial: bool
    commit: CommitLine
    children: tuple[CommitLine, ...]
    most: int
    changeset_address: str


def show_children(context: RepositoryContext, request: Request) -> ChildrenPage | Response:
    """The one commit that follows, or else all that do."""
    links, encodings = request.links, request.application.settings.default_encoding
    with open_contents(context, request) as repository:
        commit = read_commit(context, request, repository)
        found = repository.children(commit.commit_id, limit=_MOST + 1)
        if len(found) == 1:
            return redirect(links.changeset(context.path, found[0]))
        children = repository.commits(found[:_MOST])
        row = context.repository
        labels = read_labels(
            request.application.caches.small,
            row.repository_id,
            repository,
            children,
            landing=row.landing_ref,
            kinds=LABELS_OF[Kind(row.kind)],
        )
    return ChildrenPage(
        context.path,
        row.kind == Kind.HG,
        commit_line(commit, encodings),
        tuple(commit_line(child, encodings, labels.get(child.commit_id, NO_LABELS)) for child in children),
        _MOST if len(found) > _MOST else 0,
        links.changeset(context.path, ""),
    )
