"""Commits of repositories by week, author and language: what was counted of each, up to which commit."""

import datetime
from dataclasses import dataclass

from sqlalchemy.orm import Session

from kallithea.core.words import pack_within, unpack
from kallithea.model.repository_statistics import RepositoryStatistics
from kallithea.model.upsert import insert_or_change
from kallithea.services.commit_counts import CommitCounts, parse

_LONGEST_PROBLEM = 255


@dataclass(frozen=True, slots=True)
class Statistic:
    """What was counted up to a commit, at ``counted``; None where that failed, and ``problem`` says why."""

    commit_id: str
    counted: datetime.datetime
    problem: str
    counts: CommitCounts | None

    def is_of(self, commit_id: str) -> bool:
        """Whether nothing is left to be done up to a commit. What another version has counted tells nothing."""
        return self.commit_id == commit_id and (self.counts is not None or bool(self.problem))


class Statistics:
    """Keeps what was counted; ``services.counting`` counts."""

    def __init__(self, session: Session, now: datetime.datetime) -> None:
        self._session = session
        self._now = now

    def find(self, repository_id: int) -> Statistic | None:
        """What was counted last, None where nothing was yet."""
        row = self._session.get(RepositoryStatistics, repository_id)
        if row is None:
            return None
        return Statistic(row.commit_id, row.counted, unpack(row.problem), parse(row.counts))

    def ensure(self, repository_id: int, commit_id: str, counts: CommitCounts) -> None:
        """Keep what was counted up to a commit, instead of what was before."""
        self._put(repository_id, commit_id, "", counts.dump())

    def note_problem(self, repository_id: int, commit_id: str, problem: str) -> None:
        """Remember why counting up to a commit failed, instead of what was before."""
        self._put(repository_id, commit_id, pack_within(problem, _LONGEST_PROBLEM), "")

    def delete(self, repository_id: int) -> None:
        """Forget what was counted, if something was."""
        row = self._session.get(RepositoryStatistics, repository_id)
        if row is not None:
            self._session.delete(row)

    def _put(self, repository_id: int, commit_id: str, problem: str, counts: str) -> None:
        kept = {"commit_id": commit_id, "counted": self._now, "problem": problem, "counts": counts}
        values = {"repository_id": repository_id, **kept}
        dialect = self._session.get_bind().dialect.name
        changes = list(kept.items())
        self._session.execute(insert_or_change(dialect, RepositoryStatistics, values, "repository_id", changes))
