"""All services of one unit of work, each made with what it needs. Services know each other only by constructor."""

import datetime
from functools import cached_property

from sqlalchemy.orm import Session

from kallithea.services.application import Application
from kallithea.services.audit import Audit
from kallithea.services.journal import Journal
from kallithea.services.leases import Leases
from kallithea.services.outbox import Outbox
from kallithea.services.permissions import Permissions
from kallithea.services.progress import Progress
from kallithea.services.pushes import Pushes
from kallithea.services.repositories import Repositories
from kallithea.services.repository_groups import RepositoryGroups
from kallithea.services.settings import SiteSettings
from kallithea.services.tokens import Tokens
from kallithea.services.user_groups import UserGroups
from kallithea.services.user_sessions import UserSessions
from kallithea.services.users import Users


class Services:
    """Every service as a cached property, sharing one database session."""

    def __init__(self, application: Application, session: Session) -> None:
        self.application = application
        self.session = session

    @property
    def now(self) -> datetime.datetime:
        """The application's clock: aware, in UTC."""
        return self.application.clock()

    @cached_property
    def audit(self) -> Audit:
        """The append-only record of administration."""
        return Audit(self)

    @cached_property
    def journal(self) -> Journal:
        """What happened, for people."""
        return Journal(self)

    @cached_property
    def leases(self) -> Leases:
        """One owner of periodic work in the whole cluster."""
        return Leases(self.session)

    @cached_property
    def outbox(self) -> Outbox:
        """Jobs for later."""
        return Outbox(self.session, self.now)

    @cached_property
    def permissions(self) -> Permissions:
        """Who may do what."""
        return Permissions(self)

    @cached_property
    def progress(self) -> Progress:
        """How far jobs have come."""
        return Progress(self.session, self.now)

    @cached_property
    def pushes(self) -> Pushes:
        """Intents, records and reconciliation of pushes."""
        return Pushes(self.session, self.now, self.journal, self.outbox)

    @cached_property
    def repositories(self) -> Repositories:
        """Repositories."""
        return Repositories(self)

    @cached_property
    def repository_groups(self) -> RepositoryGroups:
        """Groups of repositories."""
        return RepositoryGroups(self)

    @cached_property
    def settings(self) -> SiteSettings:
        """Settings that administrators change while the site runs."""
        return SiteSettings(self)

    @cached_property
    def tokens(self) -> Tokens:
        """API tokens."""
        return Tokens(self)

    @cached_property
    def user_groups(self) -> UserGroups:
        """Groups of users."""
        return UserGroups(self)

    @cached_property
    def user_sessions(self) -> UserSessions:
        """Signed-in browsers."""
        return UserSessions(self)

    @cached_property
    def users(self) -> Users:
        """Accounts."""
        return Users(self)
