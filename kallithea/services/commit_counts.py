"""Commits by week, author and language: added to commit by commit, and small however long the history is."""

import datetime
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

#: Authors that are told by name, of those that are kept.
SHOWN = 100

#: Authors that are kept by name; the commits of the others are one number.
KEPT = 500

#: Week number 0 begins on this Monday.
FIRST_MONDAY = datetime.date(1970, 1, 5)

_FORMAT = 1
_LONGEST = 100
# Weeks that begin before the year 2100. Commits of other times are in no week.
_WEEKS = (datetime.date(2100, 1, 1) - FIRST_MONDAY).days // 7


@dataclass(slots=True)
class AuthorCount:
    """Somebody, by the mail address, with the name of their newest commit."""

    email: str
    name: str
    commits: int = 0


@dataclass(slots=True)
class CommitCounts:
    """What is known of some commits. ``weeks`` are by number; ``authors`` by mail address, else by name.

    ``others`` counts the commits of authors that are not kept, ``late`` those among them that were added after these
    had been left out: as many as somebody may have whom the kept ones lack.
    """

    total: int = 0
    weeks: Counter[int] = field(default_factory=Counter)
    authors: dict[str, AuthorCount] = field(default_factory=dict)
    others: int = 0
    late: int = 0
    languages: Counter[str] = field(default_factory=Counter)

    def add(self, name: str, email: str, when: datetime.datetime, languages: Iterable[str]) -> None:
        """Count a commit; older ones before newer ones. ``languages`` are those of the files that it changed."""
        self.total += 1
        week = (when.astimezone(datetime.UTC).date() - FIRST_MONDAY).days // 7
        if 0 <= week <= _WEEKS:
            self.weeks[week] += 1
        self.languages.update(set(languages))
        self._add_author(name[:_LONGEST], email[:_LONGEST])

    def trim(self) -> None:
        """Leave out all but those with the most commits."""
        left = self._ordered()[KEPT:]
        self.others += sum(author.commits for author in left)
        for author in left:
            del self.authors[_key(author.name, author.email)]

    @property
    def trusted(self) -> bool:
        """Whether the first ``SHOWN`` are those with the most commits, or lack one with less than a hundredth of all.

        Else all has to be counted anew.
        """
        if self.late * 100 < self.total or not self.late:
            return True
        counts = [author.commits for author in self._ordered()]
        return self.late + counts[-1] <= counts[min(SHOWN, len(counts)) - 1]

    def first_authors(self) -> tuple[AuthorCount, ...]:
        """Those with the most commits; of equals, the first by name."""
        return tuple(self._ordered()[:SHOWN])

    def dump(self) -> str:
        """The text that ``parse`` reads. Weeks stand one after the other, from the first that has commits."""
        first, last = min(self.weeks, default=0), max(self.weeks, default=-1)
        authors = [[author.email, author.name, author.commits] for author in self.authors.values()]
        values = {
            "format": _FORMAT,
            "total": self.total,
            "first": first,
            "weeks": [self.weeks[week] for week in range(first, last + 1)],
            "authors": authors,
            "others": [self.others, self.late],
            "languages": dict(self.languages),
        }
        return json.dumps(values, ensure_ascii=False, separators=(",", ":"))

    def _add_author(self, name: str, email: str) -> None:
        key = _key(name, email)
        author = self.authors.get(key)
        if author is not None:
            author.name = name or author.name
            author.commits += 1
        elif self.others:
            # it may be one of them
            self.others += 1
            self.late += 1
        else:
            self.authors[key] = AuthorCount(email, name, 1)

    def _ordered(self) -> list[AuthorCount]:
        return sorted(self.authors.values(), key=lambda author: (-author.commits, author.name, author.email))


def parse(text: str) -> CommitCounts | None:
    """What ``dump`` wrote; None for nothing, and for what another version wrote."""
    values = json.loads(text) if text else {}
    if values.get("format") != _FORMAT:
        return None
    weeks = Counter({week: count for week, count in enumerate(values["weeks"], values["first"]) if count})
    authors = {_key(name, email): AuthorCount(email, name, commits) for email, name, commits in values["authors"]}
    others, late = values["others"]
    return CommitCounts(values["total"], weeks, authors, others, late, Counter(values["languages"]))


def _key(name: str, email: str) -> str:
    return email.casefold() or f"\0{name.casefold()}"
