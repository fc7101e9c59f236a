"""Mercurial's caches, made from the newest changesets while others push.

``updatecaches`` is meant for the end of a transaction: to make all of them anew, it would need the locks all the time.
What takes long is read here without a lock, as by any reader, and only what is read is written under one.
"""

import itertools
from collections.abc import Iterable
from typing import Any

from kallithea.vcs.hg.mercurial_setup import repository_interface, tags
from kallithea.vcs.upkeep import StepTime

# Made quickly of what was read before. Each file is written aside and tells by itself for what it holds.
_MADE_OF_OTHERS = {
    repository_interface.CACHE_BRANCHMAP_ALL,
    repository_interface.CACHE_BRANCHMAP_DETECT_PURE_TOPO,
    repository_interface.CACHE_TAGS_DEFAULT,
    repository_interface.CACHE_TAGS_SERVED,
}
# Tables from ids to local numbers, which transactions write as well. They are extended, in compiled code.
_OF_TRANSACTIONS = {repository_interface.CACHE_CHANGELOG_CACHE, repository_interface.CACHE_MANIFESTLOG_CACHE}


def warm_caches(repository: Any, time_left: StepTime) -> None:
    """Complete the caches of an open, unfiltered repository.

    When the time is over, what was read by then stays, and the next call goes on there. Raises LimitExceededError, and
    ``error.LockHeld`` while somebody else writes.
    """
    changelog = repository.changelog
    branches, tag_files = repository.revbranchcache(), tags.hgtagsfnodescache(repository)
    with changelog.reading():
        _fill(repository, branches, map(branches.branchinfo, changelog), time_left)
        # Of all changesets only the heads are asked for their tags.
        if len(repository.file(b".hgtags")):
            heads = dict.fromkeys(itertools.chain(repository.filtered(b"served").heads(), repository.heads()))
            _fill(repository, tag_files, map(tag_files.getfnode, heads), time_left)
        repository.updatecaches(caches=_MADE_OF_OTHERS)
    time_left.check()
    with repository.lock(wait=False):
        repository.updatecaches(caches=_OF_TRANSACTIONS)


def _fill(repository: Any, cache: Any, entries: Iterable[object], time_left: StepTime) -> None:
    """Read entries, each of which the cache keeps, and write it."""
    try:
        for _entry in entries:
            time_left.check()
    finally:
        # It would leave out what it cannot lock, and say nothing.
        with repository.wlock(wait=False), repository.lock(wait=False):
            cache.write()
