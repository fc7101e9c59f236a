"""Counts the commits of a repository up to the one that its pages begin with: those only that were not counted yet.

All are counted where what was counted is no part of the history any more, as after a forced push or a strip.
"""

from collections.abc import Callable

from kallithea.core.errors import NotFoundError, message_of
from kallithea.render.text import short_line
from kallithea.services.application import Application
from kallithea.services.commit_counts import CommitCounts
from kallithea.services.languages import find_name
from kallithea.services.revisions import find_landing
from kallithea.services.statistics import Statistic
from kallithea.services.work import reading, writing
from kallithea.vcs.backend import Repository
from kallithea.vcs.types import BusyError, RevisionNotFoundError, VcsError

#: Commits of one repository that are counted, the newest ones.
MOST_COMMITS = 5_000_000

# So many are read at once.
_BLOCK = 500

#: Called between two steps; what it raises ends the counting.
Check = Callable[[], None]


def bring_up(application: Application, repository_id: int, *, check: Check = lambda: None) -> Statistic | None:
    """Count what is to be counted. The answer is what is known then.

    It is None for a repository that was deleted, has no commits, or leaves statistics out: nothing is kept of it then.
    What cannot be counted is remembered with the reason. Raises BusyError, RepositoryMissingError, what ``check`` does.
    """
    try:
        with reading(application) as services:
            row = services.repositories.get_by_id(repository_id)
            known = services.statistics.find(repository_id)
            repository = services.repositories.open(row)
    except NotFoundError:
        return None
    with repository:
        landing = find_landing(repository, row.landing_ref) if row.statistics else None
        if landing is None:
            _forget(application, repository_id, known)
            return None
        if known is not None and known.is_of(landing.commit_id):
            return known
        try:
            counts = _count(application, repository, known, landing.commit_id, check)
        except BusyError:
            raise
        except VcsError as problem:
            return _keep(application, repository_id, landing.commit_id, message_of(problem))
    return _keep(application, repository_id, landing.commit_id, counts)


def _count(
    application: Application, repository: Repository, known: Statistic | None, tip: str, check: Check
) -> CommitCounts:
    if known is not None and known.counts is not None and _has(repository, known.commit_id, tip):
        _add(application, repository, known.counts, (tip, known.commit_id), check)
        if known.counts.trusted:
            return known.counts
    counts = CommitCounts()
    _add(application, repository, counts, (tip, None), check)
    return counts


def _has(repository: Repository, commit_id: str, tip: str) -> bool:
    try:
        return repository.is_ancestor(commit_id, tip)
    except RevisionNotFoundError:
        return False


def _add(
    application: Application, repository: Repository, counts: CommitCounts, ends: tuple[str, str | None], check: Check
) -> None:
    """Add what the first of the two ends has and the second, if there is one, has not."""
    encodings = application.settings.default_encoding
    tip, known = ends
    commit_ids = repository.commits_without([tip], [known] if known else [], limit=MOST_COMMITS)
    commit_ids.reverse()
    for start in range(0, len(commit_ids), _BLOCK):
        check()
        block = commit_ids[start : start + _BLOCK]
        paths = repository.changed_paths(block)
        for commit in repository.commits(block):
            author = commit.author
            languages = filter(None, map(find_name, paths[commit.commit_id]))
            name, email = short_line(author.name, encodings), short_line(author.email, encodings)
            counts.add(name, email, commit.committer.when, languages)
    counts.trim()


def _keep(application: Application, repository_id: int, commit_id: str, found: CommitCounts | str) -> Statistic | None:
    """Keep the counts, or the words why there are none."""
    with writing(application) as services:
        if services.repositories.find_by_id(repository_id) is None:
            return None
        if isinstance(found, str):
            services.statistics.note_problem(repository_id, commit_id, found)
        else:
            services.statistics.ensure(repository_id, commit_id, found)
        return services.statistics.find(repository_id)


def _forget(application: Application, repository_id: int, known: Statistic | None) -> None:
    if known is not None:
        with writing(application) as services:
            services.statistics.delete(repository_id)
