"""Commits as pages show them."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from kallithea.core.words import Text, _, _n
from kallithea.render.text import LONGEST_LINE, decode, short_line, visible_lines
from kallithea.services.refs import NO_LABELS, Labels
from kallithea.vcs.types import Commit, Instability, Kind, RefKind
from kallithea.web.ui.ref_menu import RefLabel, label

#: What stands in place of a message or a name that a commit lacks.
NO_MESSAGE = _("(no message)")
UNKNOWN = _("(unknown)")


#: Labels beside commits that say on which branch they are already.
LABELS_OF = {Kind.GIT: tuple(RefKind), Kind.HG: (RefKind.BOOKMARK, RefKind.TAG)}


@dataclass(frozen=True, slots=True)
class InstabilityMark:
    """What is the matter with a changeset: its name, and what that means."""

    name: str
    words: str


# Translators: phases of changesets in Mercurial are Public, Draft and Secret; repositories are Public as well.
_PHASES = {"public": _("Public"), "draft": _("Draft"), "secret": _("Secret")}


_INSTABILITIES = {
    Instability.ORPHAN: InstabilityMark(
        _("Orphan"), _("A changeset that this one builds on was rewritten. “hg evolve” puts it on the new one.")
    ),
    Instability.PHASE_DIVERGENT: InstabilityMark(
        _("Phase-divergent"),
        _("It rewrites a changeset that has become public. “hg evolve” puts the rest on top of that."),
    ),
    Instability.CONTENT_DIVERGENT: InstabilityMark(
        _("Content-divergent"), _("What it rewrites was rewritten in another way as well. “hg evolve” joins them.")
    ),
}


@dataclass(frozen=True, slots=True)
class SuccessorLine:
    """A changeset into which an obsolete one was rewritten."""

    commit_id: str
    short: str


@dataclass(frozen=True, slots=True)
class CommitLine:
    """A commit in a list. ``short`` is its abbreviated name; ``branch`` and ``phase`` are empty in Git."""

    commit_id: str
    short: str
    subject: str
    author: str
    avatar: str
    when: datetime.datetime
    merge: bool
    branch: str
    phase: str
    obsolete: bool
    labels: tuple[RefLabel, ...]
    more_labels: int
    closes_branch: bool
    instabilities: tuple[InstabilityMark, ...]
    successors: tuple[SuccessorLine, ...]


def commit_line(commit: Commit, encodings: Sequence[str], labels: Labels = NO_LABELS) -> CommitLine:
    """The line of a commit with the labels beside it."""
    name, email = short_line(commit.author.name, encodings), short_line(commit.author.email, encodings)
    return CommitLine(
        commit.commit_id,
        numbered_id(commit.commit_id, commit.revision),
        short_line(commit.subject, encodings) or NO_MESSAGE,
        name or email or UNKNOWN,
        email or name,
        commit.author.when,
        len(commit.parent_ids) > 1,
        short_line(commit.branch or b"", encodings),
        _PHASES.get(commit.phase, commit.phase) if commit.phase else "",
        commit.obsolete,
        tuple(label(ref, encodings) for ref in labels.refs),
        labels.more,
        commit.closes_branch,
        tuple(_INSTABILITIES[instability] for instability in commit.instabilities),
        tuple(SuccessorLine(new.commit_id, numbered_id(new.commit_id, new.revision)) for new in commit.successors),
    )


def short_id(commit_id: str, kind: str) -> str:
    """The first digits of an id in a repository of this kind, which may be unknown."""
    return commit_id[: 12 if kind == Kind.HG else 8]


def numbered_id(commit_id: str, revision: int | None) -> str:
    """The same of a commit that was read: in Mercurial after its local number, which Git has not."""
    if revision is None:
        return short_id(commit_id, Kind.GIT)
    return f"{revision}:{short_id(commit_id, Kind.HG)}"


def count_words(count: int, kind: str) -> Text:
    """How many commits of a repository of this kind, in words."""
    if kind == Kind.HG:
        return _n("%(count)s changeset", "%(count)s changesets", count)
    return _n("%(count)s commit", "%(count)s commits", count)


def message_body(commit: Commit, encodings: Sequence[str]) -> str:
    """The message after its first line, or all of it where that line is too long to be shown as the subject."""
    subject, __, rest = decode(commit.message.strip(), encodings).partition("\n")
    body = rest if len(subject) <= LONGEST_LINE else f"{subject}\n{rest}"
    return visible_lines(body.strip("\n")).rstrip()
