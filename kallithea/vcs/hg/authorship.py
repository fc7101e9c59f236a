"""Who made the changesets of a Mercurial repository, and when."""

import datetime
import functools
from collections.abc import Iterator

from kallithea.vcs.authorship import WEEK, Tally, count_weeks
from kallithea.vcs.hg.changesets import parse_time, split_head
from kallithea.vcs.hg.history import HgHistory
from kallithea.vcs.hg.walks import all_ancestors, ancestors
from kallithea.vcs.history import Contributors
from kallithea.vcs.signature import parse_person

# Dates need not follow the order of changesets: so many older ones in a row mean that no newer one comes.
_OLDER_IN_A_ROW = 2_000
# How long the weeks may be counted, as for git's.
_SECONDS = 20.0


class HgAuthorship(HgHistory):
    """Implements ``backend.Authorship``."""

    def contributors(self, start: str, *, limit: int, seconds: float = 60) -> Contributors:
        """See ``backend.Authorship``."""
        tally = Tally()
        changelog = self._changelog
        with changelog.reading(), self._working(seconds) as check:
            for _revision, text in self._read_entries(all_ancestors(changelog, self._revision(start))):
                user, date = split_head(text)
                tally.add(_person(user), int(parse_time(date).timestamp()))
                check()
        return tally.contributors(limit)

    def activity(self, start: str, until: datetime.datetime, *, weeks: int = 52) -> tuple[int, ...]:
        """See ``backend.Authorship``. Looking ends where 2,000 changesets in a row are older."""
        return count_weeks(self._times(start, until.timestamp() - weeks * WEEK), until, weeks)

    def _times(self, start: str, earliest: float) -> Iterator[int]:
        older = 0
        changelog = self._changelog
        with changelog.reading(), self._working(_SECONDS) as check:
            for _revision, text in self._read_entries(ancestors(changelog, self._revision(start))):
                seconds = int(parse_time(split_head(text)[1]).timestamp())
                older = older + 1 if seconds < earliest else 0
                if older > _OLDER_IN_A_ROW:
                    return
                yield seconds
                check()


@functools.lru_cache(maxsize=1000)
def _person(user: bytes) -> bytes:
    return b"\0".join(parse_person(user))
