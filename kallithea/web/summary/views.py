"""The first page of a repository: its contents with the README, or how to push to an empty one."""

import contextlib
import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from markupsafe import Markup

from kallithea.core.access import Level
from kallithea.core.clone_addresses import fill_address
from kallithea.core.words import _
from kallithea.render.text import visible_lines
from kallithea.services.changelog import find_count
from kallithea.services.folders import FOLDER_PAGE, read_folder
from kallithea.services.repository_fields import Field
from kallithea.services.repository_sizes import find_size
from kallithea.services.revisions import Revision
from kallithea.vcs.backend import Repository
from kallithea.vcs.types import EntryKind, Ref, TreeEntry, VcsError
from kallithea.web.contents import all_refs, note_outside_changes, open_contents
from kallithea.web.context import RepositoryContext
from kallithea.web.request import Request
from kallithea.web.summary.facts import FactsPart, find_facts
from kallithea.web.ui.archive_menu import ArchiveChoice, make_archive_menu
from kallithea.web.ui.changes import ChangeColumn, FolderAt, find_column
from kallithea.web.ui.commits import CommitLine, commit_line, count_words
from kallithea.web.ui.documents import Document, documents_of
from kallithea.web.ui.edit_menu import FolderActions, find_folder_actions
from kallithea.web.ui.ref_menu import RefLabel, RefPick, label, make_ref_pick
from kallithea.web.ui.texts import link_texts
from kallithea.web.ui.trees import EntryLine, entry_lines

_TAGS_SHOWN = 5
# Of so many with the highest names the newest are shown: releases, whose names grow, among candidates for them.
_TAGS_LOOKED_AT = 12
_LICENCE = re.compile(rb"(?:un)?licen[cs]e|copying", re.IGNORECASE)
# Translators: None, Read, Write and Admin are how much somebody is allowed to do.
_LEVELS = {Level.NONE: _("None"), Level.READ: _("Read"), Level.WRITE: _("Write"), Level.ADMIN: _("Admin")}


@dataclass(frozen=True, slots=True)
class TagLine:
    """A tag in the margin, and when what it names was made."""

    label: RefLabel
    address: str
    when: datetime.datetime


@dataclass(frozen=True, slots=True)
class Contents:
    """What is in a repository that is not empty. ``cut_words`` says how much of the folder is left out.

    ``count`` is the number of all commits in words where it is known, else ``count_address`` tells it later.
    ``facts`` are None where the settings of the repository leave them out. ``size`` is in bytes, None where no upkeep
    has found it yet.
    """

    pick: RefPick
    find_address: str
    latest: CommitLine
    entries: tuple[EntryLine, ...]
    column: ChangeColumn
    cut_words: str
    readme: Document | None
    tags: tuple[TagLine, ...]
    branch_count: int
    tag_count: int
    count: str
    count_address: str
    licence: EntryLine | None
    size: int | None
    facts: FactsPart | None
    archives: tuple[ArchiveChoice, ...]
    actions: FolderActions | None


@dataclass(frozen=True, slots=True)
class SummaryPage:
    """A repository; ``contents`` is None for an empty one. ``level`` is what the visitor may do."""

    path: str
    name: str
    kind: str
    description: Markup
    owner: str
    source: str
    fields: tuple[Field, ...]
    level: str
    may_write: bool
    clone_address: str
    default_branch: str
    contents: Contents | None


def show_summary(context: RepositoryContext, request: Request) -> SummaryPage:
    """The first page of a repository."""
    repository, looks = context.repository, request.visitor.looks
    with open_contents(context, request) as vcs:
        note_outside_changes(context, request, vcs)
        contents = _read_contents(context, request, vcs)
        (description,) = link_texts(context, request, vcs, visible_lines(repository.description))
    return SummaryPage(
        context.path,
        context.name,
        repository.kind,
        description,
        repository.owner.name if repository.owner is not None else "",
        context.source,
        request.services.repository_fields.list_(repository.repository_id) if looks.shows_fields else (),
        _LEVELS[context.level],
        context.level >= Level.WRITE,
        _clone_address(context, request),
        "main" if repository.kind == "git" else "default",
        contents,
    )


def _clone_address(context: RepositoryContext, request: Request) -> str:
    """Where clients find the repository, as administrators of the site write it, else where the page is."""
    address = request.links.absolute(request.links.repository(context.path))
    if not request.visitor.looks.clone_address:
        return address
    parts = urlsplit(address)
    values = {
        "scheme": parts.scheme,
        "netloc": parts.netloc,
        "hostname": parts.hostname or "",
        "user": quote(request.visitor.name),
        "repo": parts.path.removeprefix("/"),
        "repoid": f"_{context.repository.repository_id}",
    }
    return fill_address(request.visitor.looks.clone_address, values)


def _read_contents(context: RepositoryContext, request: Request, vcs: Repository) -> Contents | None:
    refs = all_refs(context, request, vcs)
    if refs.default is None:
        return None
    links, encodings = request.links, request.application.settings.default_encoding
    commit_id, at = refs.default.commit_id, refs.default.name
    store, repository_id = request.application.caches.small, context.repository.repository_id
    count, found_size = find_count(store, repository_id, commit_id), find_size(store, repository_id)
    folder = read_folder(store, vcs, commit_id, b"", sized=False)
    entries = entry_lines(folder.entries, encodings, links.maker("files", context.path, commit_id, at))
    documents = documents_of(context, request, vcs, commit_id, at)
    return Contents(
        make_ref_pick(links, context.path, "files", refs.default, "", encodings),
        links.files_find(context.path, commit_id, at),
        commit_line(vcs.commit(commit_id), encodings),
        entries,
        find_column(context, request, FolderAt(commit_id, b""), folder),
        _("The first %(shown)s of %(total)s entries.", shown=FOLDER_PAGE, total=folder.total)
        if folder.total > len(folder.entries)
        else "",
        documents.readme(folder.readme),
        _latest_tags(context, request, vcs, refs.tags),
        len(refs.branches),
        len(refs.tags),
        count_words(count, context.repository.kind) if count is not None else "",
        links.repository(context.path, f"changelog-count/{commit_id}") if count is None else "",
        _find_licence(folder.entries, entries),
        found_size.size if found_size is not None else None,
        find_facts(context, request, commit_id) if context.repository.statistics else None,
        make_archive_menu(links, context, commit_id),
        find_folder_actions(context, request, vcs, Revision(commit_id, refs.default, b""), folder.readme),
    )


def _latest_tags(
    context: RepositoryContext, request: Request, vcs: Repository, tags: Sequence[Ref]
) -> tuple[TagLine, ...]:
    """The newest, as far as they are among those with the highest names; what cannot be read is left out."""
    encodings = request.application.settings.default_encoding
    lines = []
    for tag in tags[:_TAGS_LOOKED_AT]:
        with contextlib.suppress(VcsError):
            when = vcs.commit(tag.commit_id).committer.when
            address = request.links.files(context.path, tag.commit_id, at=tag.name)
            lines.append(TagLine(label(tag, encodings), address, when))
    return tuple(sorted(lines, key=lambda line: line.when, reverse=True)[:_TAGS_SHOWN])


def _find_licence(entries: Sequence[TreeEntry], lines: Sequence[EntryLine]) -> EntryLine | None:
    """The file that says under which licence the contents are."""
    files = (EntryKind.FILE, EntryKind.SYMLINK)
    found = (
        line for entry, line in zip(entries, lines, strict=True) if entry.kind in files and _LICENCE.match(entry.name)
    )
    return next(found, None)
