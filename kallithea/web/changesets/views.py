"""One commit with what it changed."""

from dataclasses import dataclass

from markupsafe import Markup

from kallithea.core.errors import NotFoundError
from kallithea.core.words import Text, _
from kallithea.render.text import one_line
from kallithea.services.diffs import read_page
from kallithea.services.refs import NO_LABELS, read_labels
from kallithea.vcs.backend import Repository
from kallithea.vcs.types import Commit, Kind
from kallithea.web.changesets.combined import CombinedView, make_combined
from kallithea.web.changesets.parts import place_of
from kallithea.web.changesets.sides import MOST_PARENTS, ChosenParent, parent_choices, read_parent, sides_of
from kallithea.web.contents import find, open_contents
from kallithea.web.context import RepositoryContext
from kallithea.web.request import Request
from kallithea.web.ui.commits import LABELS_OF, CommitLine, commit_line, message_body, numbered_id
from kallithea.web.ui.diff_block import make_block
from kallithea.web.ui.diff_options import DiffView, Query, read_view
from kallithea.web.ui.diff_tools import ShownDiff, make_tools, viewed_address
from kallithea.web.ui.switch import Choice
from kallithea.web.ui.texts import link_texts
from kallithea.web.ui.trees import PathPart

_MOST_LABELS = 20


@dataclass(frozen=True, slots=True)
class ChangesetPage:
    """A commit. Either ``diff`` is shown, or ``combined`` for a merge against all parents at once.

    ``changeset_address`` is the beginning of other commits' addresses, which end with their ids.
    """

    path: str
    mercurial: bool
    commit: CommitLine
    subject: Markup
    body: Markup
    committer: str
    changeset_address: str
    parents: tuple[PathPart, ...]
    further_parents: int
    children_address: str
    files_address: str
    diff_address: str
    patch_address: str
    download_address: str
    parent_choices: tuple[Choice, ...]
    diff: ShownDiff | None
    combined: CombinedView | None


def show_changeset(context: RepositoryContext, request: Request) -> ChangesetPage:
    """A commit with its diff against a parent, or against nothing."""
    with open_contents(context, request) as repository:
        commit = read_commit(context, request, repository)
        chosen, view = read_parent(request, commit), read_view(request)
        if chosen.number is None:
            combined = make_combined(context, request, repository, commit, view)
            return _make_page(context, request, repository, commit, chosen, combined)
        shown = _make_diff(context, request, repository, commit, chosen, view)
        return _make_page(context, request, repository, commit, chosen, shown)


def read_commit(context: RepositoryContext, request: Request, repository: Repository) -> Commit:
    """The one that the address names. Raises NotFoundError, RevisionNotFoundError, AmbiguousRevisionError."""
    found = find(context, request, repository)
    if found.path or not context.rest:
        raise NotFoundError(_("There is no such commit."))
    return repository.commit(found.commit_id)


def _make_diff(
    context: RepositoryContext,
    request: Request,
    repository: Repository,
    commit: Commit,
    chosen: ChosenParent,
    view: DiffView,
) -> ShownDiff:
    page, limit = request.page_number(), request.application.settings.cut_off_limit
    sides, links = sides_of(commit, chosen), request.links
    block = make_block(
        request,
        place_of(context, request, commit, chosen),
        ("changeset", context.repository.repository_id, context.path, sides, chosen, limit),
        page,
        lambda: read_page(repository, sides, view.options, page=page, limit=limit),
    )
    tools = make_tools(
        view,
        block,
        page,
        lambda query: links.changeset(context.path, commit.commit_id, **{**chosen.query, **query}),
        raw_address=_raw_address(context, request, commit, {**chosen.query, **view.query}),
        empty_words=_empty_words(context, commit),
        viewed_address=viewed_address(context, request, sides, commit=True),
    )
    return ShownDiff(block, tools)


def _make_page(
    context: RepositoryContext,
    request: Request,
    repository: Repository,
    commit: Commit,
    chosen: ChosenParent,
    shown: ShownDiff | CombinedView,
) -> ChangesetPage:
    links, encodings = request.links, request.application.settings.default_encoding
    labels = read_labels(
        request.application.caches.small,
        context.repository.repository_id,
        repository,
        [commit],
        landing=context.repository.landing_ref,
        kinds=LABELS_OF[Kind(context.repository.kind)],
        most=_MOST_LABELS,
    )
    line = commit_line(commit, encodings, labels.get(commit.commit_id, NO_LABELS))
    committer = one_line(commit.committer.name or commit.committer.email, encodings)
    query = {**chosen.query, **read_view(request).query}
    subject, body = link_texts(context, request, repository, line.subject, message_body(commit, encodings))

    def address(query: Query) -> str:
        return links.changeset(context.path, commit.commit_id, **query)

    return ChangesetPage(
        context.path,
        context.repository.kind == Kind.HG,
        line,
        subject,
        body,
        committer if committer != line.author else "",
        links.changeset(context.path, ""),
        _parents(context, request, repository, commit),
        max(len(commit.parent_ids) - MOST_PARENTS, 0),
        links.repository(context.path, f"changeset-children/{commit.commit_id}"),
        links.files(context.path, commit.commit_id),
        _raw_address(context, request, commit, query),
        _raw_address(context, request, commit, query, "patch"),
        _raw_address(context, request, commit, query, "download"),
        parent_choices(commit, chosen, address),
        shown if isinstance(shown, ShownDiff) else None,
        shown if isinstance(shown, CombinedView) else None,
    )


def _parents(
    context: RepositoryContext, request: Request, repository: Repository, commit: Commit
) -> tuple[PathPart, ...]:
    """Names of the parents; only Mercurial's have numbers, for which they are read."""
    parent_ids = commit.parent_ids[:MOST_PARENTS]
    numbers: list[int | None] = [None] * len(parent_ids)
    if commit.revision is not None:
        numbers = [parent.revision for parent in repository.commits(parent_ids)]
    return tuple(
        PathPart(numbered_id(parent_id, number), request.links.changeset(context.path, parent_id))
        for parent_id, number in zip(parent_ids, numbers, strict=True)
    )


def _raw_address(context: RepositoryContext, request: Request, commit: Commit, query: Query, form: str = "diff") -> str:
    if query.get("parent") == "combined":
        query = {}
    return request.links.repository(context.path, f"changeset-{form}/{commit.commit_id}", **query)


def _empty_words(context: RepositoryContext, commit: Commit) -> Text:
    if context.repository.kind == Kind.HG:
        against = _("Against this parent, the changeset changes no file.")
        return against if commit.parent_ids else _("This changeset holds no file.")
    against = _("Against this parent, the commit changes no file.")
    return against if commit.parent_ids else _("This commit holds no file.")
