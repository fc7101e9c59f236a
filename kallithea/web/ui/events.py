"""Events of the journal as pages, feeds and lists of notifications say them."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from kallithea.core.words import _
from kallithea.render.text import short_line, visible
from kallithea.services.event_words import say_event, say_who
from kallithea.services.journal import JournalRow
from kallithea.services.journal_details import MovedRef, NamedCommit, parse_push
from kallithea.web.links import Links
from kallithea.web.ui.commits import NO_MESSAGE, short_id

#: Commits, and refs, of one event that a page shows.
_MOST_COMMITS = 5
_MOST_REFS = 20
_LENGTHS = (40, 64)


@dataclass(frozen=True, slots=True)
class EventLink:
    """Something that an event leads to. ``words`` are what it is, ``address`` is empty where it leads nowhere."""

    words: str
    address: str


@dataclass(frozen=True, slots=True)
class EventRef:
    """A ref that a push has moved. ``css_class`` says of which kind it is; ``what`` says in words what was done."""

    name: str
    css_class: str
    what: str
    span: EventLink


@dataclass(frozen=True, slots=True)
class EventCommit:
    """A commit that a push has brought."""

    short: str
    subject: str
    author: str
    address: str


@dataclass(frozen=True, slots=True)
class EventLine:
    """An event in a list. ``what`` says who did what; ``avatar`` is what the picture of them is made from.

    ``path`` is where it happened, ``address`` is empty where that is gone. ``more_refs`` and ``more_commits`` count
    what is not shown.
    """

    entry_id: int
    at: datetime.datetime
    who: str
    what: str
    avatar: str
    path: str
    private: bool
    address: str
    refs: tuple[EventRef, ...] = ()
    more_refs: int = 0
    commits: tuple[EventCommit, ...] = ()
    more_commits: int = 0


def make_event(row: JournalRow, links: Links, encodings: Sequence[str]) -> EventLine:
    """The line of an event."""
    path, address = visible(row.path), links.repository(row.path) if row.kind else ""
    who, what = say_who(row), say_event(row)
    if row.action != "push":
        return EventLine(row.entry_id, row.at, who, what, row.user_name, path, row.private, address)
    push = parse_push(row.details)
    shown = [ref for ref in push.refs if ref.name != b"HEAD"]
    refs = tuple(_make_ref(ref, row, links, encodings) for ref in shown[:_MOST_REFS])
    commits = push.commits[:_MOST_COMMITS]
    return EventLine(
        row.entry_id,
        row.at,
        who,
        what,
        row.user_name,
        path,
        row.private,
        address,
        refs,
        len(shown) + push.more - len(refs),
        tuple(_make_commit(commit, row, links) for commit in commits),
        max((push.count or 0) - len(commits), 0),
    )


def _make_ref(ref: MovedRef, row: JournalRow, links: Links, encodings: Sequence[str]) -> EventRef:
    css_class, known_name = ref.short_name
    name = short_line(known_name, encodings)
    if ref.old is None:
        return EventRef(name, css_class, _("new"), _link_commit(ref.new, row, links))
    if ref.new is None:
        return EventRef(name, css_class, _("deleted"), EventLink("", ""))
    words = f"{short_id(ref.old, row.kind)}…{short_id(ref.new, row.kind)}"
    has_ends = row.kind and len(ref.old) in _LENGTHS and len(ref.new) in _LENGTHS
    address = links.compare(row.path, ref.old.encode(), ref.new.encode()) if has_ends else ""
    return EventRef(name, css_class, "", EventLink(words, address))


def _link_commit(commit_id: str | None, row: JournalRow, links: Links) -> EventLink:
    if commit_id is None or len(commit_id) not in _LENGTHS:
        return EventLink("", "")
    return EventLink(short_id(commit_id, row.kind), links.changeset(row.path, commit_id) if row.kind else "")


def _make_commit(commit: NamedCommit, row: JournalRow, links: Links) -> EventCommit:
    return EventCommit(
        short_id(commit.commit_id, row.kind),
        commit.subject or NO_MESSAGE,
        commit.author,
        links.changeset(row.path, commit.commit_id) if row.kind else "",
    )
