"""Events of the journal as pages, feeds and lists of notifications say them."""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kallithea.core.actor import Way
from kallithea.core.words import Text, _, _n
from kallithea.render.text import short_line, visible
from kallithea.services.journal import JournalRow
from kallithea.services.journal_details import MovedRef, NamedCommit, PushDetails, parse_changed, parse_push
from kallithea.vcs.types import Kind
from kallithea.web.links import Links
from kallithea.web.ui.commits import NO_MESSAGE, count_words

#: Commits, and refs, of one event that a page shows.
_MOST_COMMITS = 5
_MOST_REFS = 20
_PREFIXES = (
    (b"refs/heads/", "branch"),
    (b"refs/tags/", "tag"),
    (b"heads/", "branch"),
    (b"bookmarks/", "book"),
)
_SHORT = {Kind.GIT: 8, Kind.HG: 12}
_LENGTHS = (40, 64)

# Messages that wait for who did it.
_CHANGES: dict[str, Callable[[str], Text]] = {
    "repository.create": lambda who: _("%(who)s made the repository", who=who),
    "repository.update": lambda who: _("%(who)s changed the settings", who=who),
    "repository.restore": lambda who: _("%(who)s brought the repository back", who=who),
}


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
    who = _("Somebody outside of this site") if row.way == Way.OUTSIDE else visible(row.user_name)
    if row.action != "push":
        what = _say_change(who, row)
        return EventLine(row.entry_id, row.at, who, what, row.user_name, path, row.private, address)
    push = parse_push(row.details)
    shown = [ref for ref in push.refs if ref.name != b"HEAD"]
    refs = tuple(_make_ref(ref, row, links, encodings) for ref in shown[:_MOST_REFS])
    commits = push.commits[:_MOST_COMMITS]
    return EventLine(
        row.entry_id,
        row.at,
        who,
        say_push(who, push, row.kind),
        row.user_name,
        path,
        row.private,
        address,
        refs,
        len(shown) + push.more - len(refs),
        tuple(_make_commit(commit, row, links) for commit in commits),
        max((push.count or 0) - len(commits), 0),
    )


def say_push(who: str, push: PushDetails, kind: str) -> Text:
    """Who pushed what, in one sentence."""
    moved = len(push.refs) + push.more
    if push.count:
        return _("%(who)s pushed %(commits)s", who=who, commits=count_words(push.count, kind))
    if all(ref.new is None for ref in push.refs):
        return _n("%(who)s deleted %(count)s ref", "%(who)s deleted %(count)s refs", moved, who=who)
    if push.count == 0:
        return _n("%(who)s moved %(count)s ref", "%(who)s moved %(count)s refs", moved, who=who)
    return _("%(who)s pushed", who=who)


def _say_change(who: str, row: JournalRow) -> str:
    names = ", ".join(parse_changed(row.details)) if row.action == "repository.update" else ""
    if names:
        return _("%(who)s changed the settings: %(names)s", who=who, names=names)
    say = _CHANGES.get(row.action)
    return say(who) if say is not None else f"{who}: {row.action}"


def _make_ref(ref: MovedRef, row: JournalRow, links: Links, encodings: Sequence[str]) -> EventRef:
    prefix, css_class = next((one for one in _PREFIXES if ref.name.startswith(one[0])), (b"", "tag"))
    name = short_line(ref.name.removeprefix(prefix), encodings)
    digits = _SHORT[Kind(row.kind)] if row.kind else _SHORT[Kind.GIT]
    if ref.old is None:
        return EventRef(name, css_class, _("new"), _link_commit(ref.new, row, links, digits))
    if ref.new is None:
        return EventRef(name, css_class, _("deleted"), EventLink("", ""))
    words = f"{ref.old[:digits]}…{ref.new[:digits]}"
    has_ends = row.kind and len(ref.old) in _LENGTHS and len(ref.new) in _LENGTHS
    address = links.compare(row.path, ref.old.encode(), ref.new.encode()) if has_ends else ""
    return EventRef(name, css_class, "", EventLink(words, address))


def _link_commit(commit_id: str | None, row: JournalRow, links: Links, digits: int) -> EventLink:
    if commit_id is None or len(commit_id) not in _LENGTHS:
        return EventLink("", "")
    return EventLink(commit_id[:digits], links.changeset(row.path, commit_id) if row.kind else "")


def _make_commit(commit: NamedCommit, row: JournalRow, links: Links) -> EventCommit:
    digits = _SHORT[Kind(row.kind)] if row.kind else _SHORT[Kind.GIT]
    return EventCommit(
        commit.commit_id[:digits],
        commit.subject or NO_MESSAGE,
        commit.author,
        links.changeset(row.path, commit.commit_id) if row.kind else "",
    )
