"""Who follows which repositories. No rights are asked: whoever may read a repository may follow it."""

import contextlib
import datetime
from dataclasses import dataclass

from sqlalchemy import delete
from sqlalchemy.orm import Session

from kallithea.core.errors import ConflictError
from kallithea.model.follower import FOLLOWER_COUNT, Follower, follower_rows
from kallithea.services.insertion import insert


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
        if self._session.get(Follower, (user_id, repository_id)) is None:
            # somebody who clicks twice has two requests
            with contextlib.suppress(ConflictError):
                insert(self._session, Follower(user_id=user_id, repository_id=repository_id, since=self._now), "")

    def delete(self, user_id: int, repository_id: int) -> None:
        """Let the user follow the repository no more."""
        own = (Follower.user_id == user_id, Follower.repository_id == repository_id)
        self._session.execute(delete(Follower).where(*own))

    def count(self, user_id: int | None, repository_id: int) -> Following:
        """How many follow the repository, and whether the user does."""
        parameters = {"user_id": user_id, "repository_id": repository_id}
        count, own = self._session.execute(FOLLOWER_COUNT, parameters).one()
        return Following(count, bool(own))

    def list_(self, repository_id: int, *, offset: int = 0, limit: int = 100) -> tuple[FollowerRow, ...]:
        """A page of those who follow the repository, in the order of their names."""
        page = follower_rows(repository_id).offset(offset).limit(limit)
        return tuple(FollowerRow(user.name, user.full_name, since) for user, since in self._session.execute(page))
