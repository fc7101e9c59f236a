"""What is true after a load: what lies in the repositories, and what the database says of it."""

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, Connection, create_engine, func, select

from kallithea.model.journal import JournalEntry
from kallithea.model.push_intent import PushIntent
from kallithea.services.journal_details import parse_push
from kallithea.vcs.types import Kind
from scripts.benchmarks.load.tally import Tally
from scripts.benchmarks.truth.commands import CommandError, hg_program, output_of

#: The longest time in which a push is in the journal whose process was killed.
_SETTLED_SECONDS = 120
_OPEN = select(func.count()).select_from(PushIntent).where(PushIntent.settled.is_(None))


@dataclass(frozen=True)
class Truth:
    """Words for each push that is lost or doubled, and each repository that is damaged.

    ``journal`` counts movements of refs in the journal, and ``still_open`` pushes that were announced and killed, which
    nobody was told to be accepted. They are given up when ``wire_time_limit`` is over.
    """

    lost: Sequence[str]
    doubled: Sequence[str]
    damaged: Sequence[str]
    journal: int
    still_open: int


def find_truth(tally: Tally, repositories: Path, database: URL) -> Truth:
    """Compare what clients were told with what is there, once every accepted push is in the journal."""
    engine = create_engine(database)
    try:
        with engine.connect() as connection:
            journalled = _wait_until_journalled(connection, tally)
            still_open = connection.scalar(_OPEN) or 0
    finally:
        engine.dispose()
    lost = [*_lost_commits(tally, repositories)]
    lost += [f"no entry of the journal for {commit}" for commit in tally.moved if not journalled[commit]]
    doubled = [f"{count} entries of the journal for {commit}" for commit, count in journalled.items() if count > 1]
    return Truth(lost, doubled, [*_damaged(repositories)], journalled.total(), still_open)


def _wait_until_journalled(connection: Connection, tally: Tally) -> Counter[str]:
    """The journal, as soon as it has all that was accepted, or after two minutes as it is."""
    deadline = time.monotonic() + _SETTLED_SECONDS
    while True:
        journalled = _read_journal(connection)
        if all(journalled[commit] for commit in tally.moved) or time.monotonic() > deadline:
            return journalled
        connection.rollback()
        time.sleep(0.5)


def _read_journal(connection: Connection) -> Counter[str]:
    """How often it says that a ref was moved to a commit."""
    details = connection.scalars(select(JournalEntry.details).where(JournalEntry.action == "push"))
    return Counter(ref.new for each in details for ref in parse_push(each).refs if ref.new is not None)


def _lost_commits(tally: Tally, repositories: Path) -> Iterator[str]:
    for (repository, branch), commits in tally.pushed.items():
        path = repositories / repository
        if repository == Kind.GIT:
            command = ["git", f"--git-dir={path}", "rev-list", f"refs/heads/{branch}"]
        else:
            command = [hg_program(), "-R", str(path), "log", "-r", f"branch('{branch}')", "-T", "{node}\n"]
        there = set(output_of(command).decode().split())
        yield from (f"{repository} {branch} lacks {commit}" for commit in commits if commit not in there)


def _damaged(repositories: Path) -> Iterator[str]:
    for command in (
        ["git", f"--git-dir={repositories / Kind.GIT}", "fsck", "--strict", "--no-progress"],
        [hg_program(), "-R", str(repositories / Kind.HG), "verify", "--quiet"],
    ):
        try:
            output_of(command)
        except CommandError as problem:
            yield str(problem)
