"""Rows of users, groups and repositories, made through the services; what is not said gets a plain value.

    people = Factory(application)
    ada = people.user("ada")
    people.group("tools")
    hammer = people.repository("tools/hammer", owner=ada, private=True)
    people.grant(SIGNED_IN, Level.READ, on=hammer)

Everything comes back detached from its unit, with its columns and its location loaded.
"""

import functools
import itertools
from dataclasses import dataclass, field

from kallithea.auth.passwords import hash_password
from kallithea.core.access import Level, Subject, SubjectKind, Viewer
from kallithea.core.actor import COMMAND_LINE
from kallithea.model.repository import Repository
from kallithea.model.repository_group import RepositoryGroup
from kallithea.model.user import User
from kallithea.model.user_group import UserGroup
from kallithea.services.application import Application
from kallithea.services.work import reading, writing
from kallithea.vcs.types import Kind

#: The password of users who were made with one.
PASSWORD = "correct horse battery"


@functools.cache
def password_hash(password: str = PASSWORD) -> str:
    """The hash of a password, computed once in a test run."""
    return hash_password(password)


@dataclass
class Factory:
    """Makes rows in units of their own."""

    application: Application
    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def user(self, name: str | None = None, *, password: str | None = None, super_administrator: bool = False) -> User:
        """A user; without a password nobody can sign in with one."""
        with writing(self.application) as services:
            return services.users.create(
                COMMAND_LINE,
                name=name or f"user{next(self._numbers)}",
                password_hash=None if password is None else password_hash(password),
                super_administrator=super_administrator,
            )

    def user_group(self, *members: User, name: str | None = None) -> UserGroup:
        """A group of users with these members."""
        with writing(self.application) as services:
            group = services.user_groups.create(COMMAND_LINE, None, name=name or f"team{next(self._numbers)}")
            for member in members:
                services.user_groups.add(COMMAND_LINE, group, member)
            return group

    def group(self, path: str | None = None, *, owner: User | None = None) -> RepositoryGroup:
        """A group of repositories; those that it lies in must exist."""
        with writing(self.application) as services:
            return services.repository_groups.create(
                COMMAND_LINE, None, path=path or f"group{next(self._numbers)}", owner=owner
            )

    def repository(
        self,
        path: str | None = None,
        *,
        kind: Kind = Kind.GIT,
        owner: User | None = None,
        private: bool = False,
        folder: str | None = None,
        description: str = "",
    ) -> Repository:
        """The row of a repository; nothing is made on the disk."""
        path = path or f"repository{next(self._numbers)}"
        with writing(self.application) as services:
            return services.repositories.insert(
                COMMAND_LINE,
                kind=kind,
                path=path,
                folder=folder or path,
                owner_id=None if owner is None else owner.user_id,
                description=description,
                private=private,
            )

    def grant(
        self,
        to: Subject | User | UserGroup,
        level: Level | None,
        *,
        on: Repository | RepositoryGroup | None = None,
    ) -> None:
        """Give a level on a repository, on a group, or on the whole site; None takes it away."""
        with writing(self.application) as services:
            services.permissions.set_(COMMAND_LINE, on, subject(to), level)

    def admit_visitors(self) -> None:
        """Let the grants to visitors count."""
        with writing(self.application) as services:
            services.settings.set_(COMMAND_LINE, "visitors", "true")

    def viewer(self, user: User | None = None, *, ceiling: Level = Level.ADMIN) -> Viewer:
        """Who asks, as far as rights are concerned."""
        with reading(self.application) as services:
            return services.permissions.viewer_for(user, ceiling=ceiling)

    def level(self, user: User | None, repository: Repository) -> Level:
        """The user's level on the repository."""
        with reading(self.application) as services:
            return services.permissions.level(services.permissions.viewer_for(user), repository)


def subject(receiver: Subject | User | UserGroup) -> Subject:
    """The subject that a user or a group of users is."""
    if isinstance(receiver, User):
        return Subject(SubjectKind.USER, receiver.user_id)
    if isinstance(receiver, UserGroup):
        return Subject(SubjectKind.USER_GROUP, receiver.user_group_id)
    return receiver
