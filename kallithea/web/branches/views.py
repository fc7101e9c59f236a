"""All branches, bookmarks and tags of a repository."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from kallithea.core.words import _
from kallithea.render.text import decode
from kallithea.services.compare import address_name
from kallithea.vcs.backend import Repository
from kallithea.vcs.types import CorruptObjectError, Ref, Refs, RevisionNotFoundError
from kallithea.web.contents import all_refs, note_outside_changes, open_contents
from kallithea.web.context import RepositoryContext
from kallithea.web.request import Request
from kallithea.web.ui.commits import numbered_id, short_id
from kallithea.web.ui.paging import Pager, make_pager
from kallithea.web.ui.ref_menu import RefLabel, label

#: Refs of each kind on one page.
PAGE_SIZE = 100

_QUERY = ("f", "branches", "bookmarks", "tags")


@dataclass(frozen=True, slots=True)
class RefLine:
    """A ref in a list. ``compare_address`` is empty for the default ref, with which the others are compared.

    ``problem`` says in words why its commit cannot be read; then there is no date.
    """

    label: RefLabel
    address: str
    changelog_address: str
    changeset_address: str
    compare_address: str
    short: str
    when: datetime.datetime | None
    problem: str
    closed: bool
    default: bool


@dataclass(frozen=True, slots=True)
class RefList:
    """A page of the refs of one kind. ``anchor`` names it in the page."""

    title: str
    anchor: str
    total: int
    lines: tuple[RefLine, ...]
    pager: Pager | None


@dataclass(frozen=True, slots=True)
class BranchesPage:
    """Every ref that a visitor may see; ``filter`` is what the names must contain."""

    path: str
    title: str
    word: str
    filter: str
    lists: tuple[RefList, ...]


def show_branches(context: RepositoryContext, request: Request) -> BranchesPage:
    """The refs by kind, a page of each."""
    with open_contents(context, request) as repository:
        note_outside_changes(context, request, repository)
        refs = all_refs(context, request, repository)
        return _make_page(context, request, repository, refs)


def _make_page(context: RepositoryContext, request: Request, repository: Repository, refs: Refs) -> BranchesPage:
    wanted = request.query_text("f")
    kinds = (
        (_("Branches"), "branches", refs.branches),
        (_("Bookmarks"), "bookmarks", refs.bookmarks),
        (_("Tags"), "tags", refs.tags),
    )
    return BranchesPage(
        context.path,
        _("Branches & bookmarks") if context.repository.kind == "hg" else _("Branches"),
        _("Changeset") if context.repository.kind == "hg" else _("Commit"),
        wanted,
        tuple(
            _make_list(context, request, repository, title, anchor, _filter(found, wanted, request), refs)
            for title, anchor, found in kinds
            if found
        ),
    )


def _filter(refs: Sequence[Ref], wanted: str, request: Request) -> list[Ref]:
    encodings = request.application.settings.default_encoding
    return [ref for ref in refs if wanted.lower() in decode(ref.name, encodings).lower()]


def _make_list(
    context: RepositoryContext,
    request: Request,
    repository: Repository,
    title: str,
    anchor: str,
    found: Sequence[Ref],
    refs: Refs,
) -> RefList:
    page = request.page_number(anchor)
    shown = found[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]

    def address(other: int) -> str:
        query: dict[str, str | bytes | int | None] = {name: request.query.get(name) for name in _QUERY}
        return request.links.repository(context.path, "branches", **query | {anchor: other}) + f"#{anchor}"

    lines = tuple(_make_line(context, request, repository, ref, refs) for ref in shown)
    return RefList(title, anchor, len(found), lines, make_pager(page, PAGE_SIZE, len(found), address))


def _make_line(context: RepositoryContext, request: Request, repository: Repository, ref: Ref, refs: Refs) -> RefLine:
    links, encodings, default = request.links, request.application.settings.default_encoding, refs.default
    is_default = default is not None and ref.name == default.name and ref.kind == default.kind
    when, problem, short = None, "", short_id(ref.commit_id, context.kind)
    try:
        commit = repository.commit(ref.commit_id)
        when, short = commit.committer.when, numbered_id(commit.commit_id, commit.revision)
    except (RevisionNotFoundError, CorruptObjectError):
        problem = _("Object %(name)s is missing or damaged.", name=ref.commit_id)
    compared = "" if is_default else links.compare(context.path, b"", address_name(ref, refs))
    return RefLine(
        label(ref, encodings),
        links.files(context.path, ref.commit_id, at=ref.name),
        links.changelog(context.path, ref.commit_id, at=ref.name),
        links.changeset(context.path, ref.commit_id),
        compared,
        short,
        when,
        problem,
        ref.closed,
        is_default,
    )
