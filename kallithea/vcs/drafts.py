"""A history that is still to be written: commits that name each other by labels, and the refs at their ends."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class CommitDraft:
    """A commit. ``files`` maps paths to new contents, None deletes; the rest is as in the first parent.

    ``label`` names the commit within the history. ``author`` is ``Name <mail>``. ``branch`` is a Mercurial named
    branch, which Git does not keep in commits. A copy is recorded where ``copies`` maps a new path to an old one.
    """

    label: str
    author: str
    date: datetime.datetime
    message: str
    files: Mapping[str, bytes | None]
    parents: tuple[str, ...] = ()
    branch: str = "default"
    copies: Mapping[str, str] = field(default_factory=dict)
    closes_branch: bool = False


@dataclass(frozen=True, slots=True)
class HistoryDraft:
    """Commits, parents first, and names of some: Git branches, Mercurial bookmarks, and tags, each to a label.

    ``tagger`` signs annotated Git tags, and in Mercurial the commit that records them, at ``tagged``.
    """

    commits: tuple[CommitDraft, ...]
    tagger: str
    tagged: datetime.datetime
    git_branches: Mapping[str, str] = field(default_factory=dict)
    bookmarks: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
