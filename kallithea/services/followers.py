"""Who follows which repositories. No rights are asked: whoever may read a repository may follow it."""

import datetime
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from kallithea.core.errors import InvalidError, NotFoundError
from kallithea.core.watching import Watch
from kallithea.core.words import _
from kallithea.model.follower import FOLLOWER_COUNT, Follower, follower_rows
from kallithea.model.user import lock_user


@dataclass(frozen=True, slots=True)
class Following:
    """How many follow a repository, and whether somebody is one of them."""

    count: int
    own: bool


#: Nobody follows.
NOT_FOLLOWED = Following(0, own=False)


@dataclass(frozen=True, slots=True)
class FollowerRow:
    """Somebody who follows a repository."""

    name: str
    full_name: str
    since: datetime.datetime


class Followers:
    """Remembers what people follow, as long as they and the repositories are there.

    Who loses the right to read a repository goes on following it, and does not see it: lists are of readable ones.
    """

    def __init__(self, session: Session, now: datetime.datetime) -> None:
        self._session = session
        self._now = now

    def ensure(self, user_id: int, repository_id: int) -> None:
        """Let the user follow the repository."""
        self._await_turn(user_id)
        if self._session.get(Follower, (user_id, repository_id)) is None:
            self._session.add(Follower(user_id=user_id, repository_id=repository_id, since=self._now))
            self._session.flush()

    def delete(self, user_id: int, repository_id: int) -> None:
        """Let the user follow the repository no more."""
        self._await_turn(user_id)
        own = (Follower.user_id == user_id, Follower.repository_id == repository_id)
        self._session.execute(delete(Follower).where(*own))

    def _await_turn(self, user_id: int) -> None:
        """Somebody who clicks twice has two requests, and MariaDB would end one of them for a deadlock."""
        self._session.execute(lock_user(user_id))

    def set_level(self, user_id: int, repository_id: int, level: str) -> None:
        """Choose what the user is told of a repository that they follow.

        Raises InvalidError for what is no level, NotFoundError where they do not follow it.
        """
        if level not in set(Watch):
            raise InvalidError({"level": _("choose one of the list")})
        row = self._session.get(Follower, (user_id, repository_id))
        if row is None:
            raise NotFoundError(_("You do not follow this repository."))
        row.level = level

    def levels(self, user_id: int, repository_ids: Collection[int]) -> dict[int, Watch]:
        """What the user is told, by the ids of those of the repositories that they follow."""
        own = (Follower.user_id == user_id, Follower.repository_id.in_(repository_ids))
        rows = self._session.execute(select(Follower.repository_id, Follower.level).where(*own)).all()
        return {repository_id: Watch(level) for repository_id, level in rows}

    def count(self, user_id: int | None, repository_id: int) -> Following:
        """How many follow the repository, and whether the user does."""
        parameters = {"user_id": user_id, "repository_id": repository_id}
        count, own = self._session.execute(FOLLOWER_COUNT, parameters).one()
        return Following(count, bool(own))

    def list_(self, repository_id: int, *, offset: int = 0, limit: int = 100) -> tuple[FollowerRow, ...]:
        """A page of those who follow the repository, in the order of their names."""
        page = follower_rows(repository_id).offset(offset).limit(limit)
        return tuple(FollowerRow(user.name, user.full_name, since) for user, since in self._session.execute(page))
