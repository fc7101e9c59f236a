"""All services of one unit of work, each made with what it needs. Services know each other only by constructor."""

import datetime
from functools import cached_property

from sqlalchemy.orm import Session

from kallithea.services.access_reports import AccessReports
from kallithea.services.allow_lists import AllowLists
from kallithea.services.allowances import Allowances
from kallithea.services.application import Application
from kallithea.services.audit import Audit
from kallithea.services.deleted_repositories import DeletedRepositories
from kallithea.services.disk import disk_of
from kallithea.services.email_addresses import EmailAddresses
from kallithea.services.followers import Followers
from kallithea.services.handed_jobs import HandedJobs
from kallithea.services.job_delays import JobDelays
from kallithea.services.jobs import Jobs
from kallithea.services.journal import Journal
from kallithea.services.leases import Leases
from kallithea.services.mail_choices import MailChoices
from kallithea.services.mail_links import MailLinks
from kallithea.services.notifications import Notifications
from kallithea.services.outbox import Outbox
from kallithea.services.own_repositories import OwnRepositories
from kallithea.services.permission_changes import PermissionChanges
from kallithea.services.permission_matrix import PermissionMatrices
from kallithea.services.permissions import Permissions
from kallithea.services.profiles import Profiles
from kallithea.services.progress import Progress
from kallithea.services.pushes import Pushes
from kallithea.services.remotes import Remotes
from kallithea.services.repositories import Repositories
from kallithea.services.repository_activity import RepositoryActivities
from kallithea.services.repository_fields import RepositoryFields
from kallithea.services.repository_group_settings import RepositoryGroupSettings
from kallithea.services.repository_groups import RepositoryGroups
from kallithea.services.repository_inventory import RepositoryInventory
from kallithea.services.repository_lists import RepositoryLists
from kallithea.services.repository_settings import RepositorySettings
from kallithea.services.search import Search
from kallithea.services.settings import SiteSettings
from kallithea.services.sign_in_failures import SignInFailures
from kallithea.services.sign_in_notes import SignInNotes
from kallithea.services.site_documents import SiteDocuments
from kallithea.services.site_values import SiteValues
from kallithea.services.statistics import Statistics
from kallithea.services.taken_jobs import TakenJobs
from kallithea.services.tasks import Tasks
from kallithea.services.tokens import Tokens
from kallithea.services.user_group_lists import UserGroupLists
from kallithea.services.user_group_rights import UserGroupRights
from kallithea.services.user_groups import UserGroups
from kallithea.services.user_lists import UserLists
from kallithea.services.user_removal import UserRemoval
from kallithea.services.user_sessions import UserSessions
from kallithea.services.users import Users
from kallithea.services.viewed_files import ViewedFiles


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
    def access_reports(self) -> AccessReports:
        """Why somebody may do what they may."""
        return AccessReports(self.session, self.permissions, self.user_group_rights)

    @cached_property
    def allow_lists(self) -> AllowLists:
        """From which networks people may come."""
        return AllowLists(self.session, self.now, self.settings, self.users, self.audit)

    @cached_property
    def allowances(self) -> Allowances:
        """What people may make on the whole site."""
        return Allowances(self.session, self.permissions, self.audit)

    @cached_property
    def audit(self) -> Audit:
        """The append-only record of administration."""
        return Audit(self.session, self.now)

    @cached_property
    def deleted_repositories(self) -> DeletedRepositories:
        """Repositories that can come back."""
        return DeletedRepositories(self.session, self.now, self.journal, self.audit, self.outbox)

    @cached_property
    def email_addresses(self) -> EmailAddresses:
        """Addresses that belong to accounts."""
        return EmailAddresses(self.session, self.now, self.audit)

    @cached_property
    def followers(self) -> Followers:
        """Who follows which repositories."""
        return Followers(self.session, self.now)

    @cached_property
    def handed_jobs(self) -> HandedJobs:
        """Jobs whose numbers a message broker has."""
        return HandedJobs(self.session, self.now)

    @cached_property
    def job_delays(self) -> JobDelays:
        """Whether jobs wait for a worker."""
        return JobDelays(self.session, self.now)

    @cached_property
    def jobs(self) -> Jobs:
        """Jobs, for those who administer the site."""
        return Jobs(self.session, self.now, self.progress, self.audit)

    @cached_property
    def journal(self) -> Journal:
        """What happened, for people."""
        return Journal(self.session, self.now, self.permissions)

    @cached_property
    def leases(self) -> Leases:
        """One owner of periodic work in the whole cluster."""
        return Leases(self.session)

    @cached_property
    def mail_links(self) -> MailLinks:
        """Links in mails, which prove that somebody reads an address."""
        return MailLinks(self.session, self.now, self.application.settings.session_secret, self.outbox)

    @cached_property
    def mail_choices(self) -> MailChoices:
        """How often mails tell people of events."""
        return MailChoices(self.session, self.now, self.application.settings.session_secret, self.outbox)

    @cached_property
    def notifications(self) -> Notifications:
        """Telling people of events."""
        return Notifications(self.session, self.now, self.permissions, self.outbox)

    @cached_property
    def outbox(self) -> Outbox:
        """Jobs for later."""
        return Outbox(self.session, self.now)

    @cached_property
    def own_repositories(self) -> OwnRepositories:
        """What somebody may do with each repository."""
        return OwnRepositories(self.session, self.permissions, self.followers)

    @cached_property
    def permissions(self) -> Permissions:
        """Who may do what."""
        return Permissions(self.session, self.audit)

    @cached_property
    def profiles(self) -> Profiles:
        """What people say of themselves."""
        return Profiles(self.session, self.audit)

    @cached_property
    def permission_changes(self) -> PermissionChanges:
        """Changes of what is granted."""
        return PermissionChanges(self.session, self.permissions, self.users, self.user_group_rights)

    @cached_property
    def permission_matrices(self) -> PermissionMatrices:
        """Who has which level, and where that comes from."""
        return PermissionMatrices(self.session, self.settings, self.user_group_rights)

    @cached_property
    def progress(self) -> Progress:
        """How far jobs have come."""
        return Progress(self.session, self.now)

    @cached_property
    def pushes(self) -> Pushes:
        """Intents, records and reconciliation of pushes."""
        return Pushes(self.session, self.now, self.journal, self.audit, self.outbox)

    @cached_property
    def repositories(self) -> Repositories:
        """Repositories."""
        return Repositories(
            self.session,
            self.now,
            disk_of(self.application),
            self.permissions,
            self.journal,
            self.audit,
            self.outbox,
            self.deleted_repositories,
            self.site_documents,
        )

    @cached_property
    def repository_activities(self) -> RepositoryActivities:
        """How many commits repositories got lately."""
        return RepositoryActivities(self.session)

    @cached_property
    def repository_groups(self) -> RepositoryGroups:
        """Groups of repositories."""
        return RepositoryGroups(self.session, self.now, self.audit, self.permissions, self.allowances)

    @cached_property
    def repository_group_settings(self) -> RepositoryGroupSettings:
        """What administrators of a group change about it."""
        return RepositoryGroupSettings(
            self.session, self.permissions, self.repository_groups, self.users, self.audit, self.outbox
        )

    @cached_property
    def repository_fields(self) -> RepositoryFields:
        """Further facts about repositories."""
        return RepositoryFields(self.session, self.repository_settings)

    @cached_property
    def repository_inventory(self) -> RepositoryInventory:
        """All repositories."""
        return RepositoryInventory(self.session)

    @cached_property
    def repository_lists(self) -> RepositoryLists:
        """Lists of repositories."""
        return RepositoryLists(self.session, self.now, self.permissions)

    @cached_property
    def repository_settings(self) -> RepositorySettings:
        """What administrators of a repository change about it."""
        return RepositorySettings(
            self.session,
            self.permissions,
            self.repository_groups,
            self.users,
            self.journal,
            self.audit,
            self.outbox,
        )

    @cached_property
    def remotes(self) -> Remotes:
        """Where repositories come from."""
        application = self.application
        return Remotes(
            self.session,
            self.now,
            application.remote_rules,
            application.sealing,
            self.repository_settings,
            self.permissions,
        )

    @cached_property
    def search(self) -> Search:
        """Searching in what somebody may read."""
        return Search(self.session, self.permissions, self.application.search)

    @cached_property
    def settings(self) -> SiteSettings:
        """Settings that administrators change while the site runs."""
        return SiteSettings(self.session, self.now, self.audit)

    @cached_property
    def sign_in_failures(self) -> SignInFailures:
        """Wrong passwords, and how long they make the next attempt wait."""
        return SignInFailures(self.session, self.now, self.application.settings.session_secret, self.audit)

    @cached_property
    def sign_in_notes(self) -> SignInNotes:
        """What the audit log has of those who come in with requests, and of those who fail to."""
        return SignInNotes(self.session, self.now, self.audit)

    @cached_property
    def site_documents(self) -> SiteDocuments:
        """What pages look like, and what new repositories have."""
        return SiteDocuments(self.session, self.now, self.audit)

    @cached_property
    def statistics(self) -> Statistics:
        """Commits of repositories by week, author and language."""
        return Statistics(self.session, self.now)

    @cached_property
    def taken_jobs(self) -> TakenJobs:
        """The worker's side of the outbox."""
        return TakenJobs(self.session, self.now)

    @cached_property
    def tasks(self) -> Tasks:
        """Jobs that people wait for."""
        return Tasks(self.session, self.now, self.progress)

    @cached_property
    def tokens(self) -> Tokens:
        """API tokens."""
        return Tokens(self.session, self.now, self.audit)

    @cached_property
    def user_group_lists(self) -> UserGroupLists:
        """Lists of groups of users."""
        return UserGroupLists(self.session, self.user_group_rights)

    @cached_property
    def site_values(self) -> SiteValues:
        """Every setting of the site by a name and as a text."""
        return SiteValues(self.settings, self.site_documents, self.allow_lists)

    @cached_property
    def user_group_rights(self) -> UserGroupRights:
        """Who may do what with groups of users."""
        return UserGroupRights(self.session)

    @cached_property
    def user_groups(self) -> UserGroups:
        """Groups of users."""
        return UserGroups(self.session, self.now, self.audit, self.allowances)

    @cached_property
    def user_lists(self) -> UserLists:
        """Lists of accounts."""
        return UserLists(self.session)

    @cached_property
    def user_removal(self) -> UserRemoval:
        """Deleting accounts."""
        return UserRemoval(self.session, self.users, self.audit)

    @cached_property
    def user_sessions(self) -> UserSessions:
        """Signed-in browsers."""
        timeout = datetime.timedelta(seconds=self.application.settings.session_timeout)
        return UserSessions(self.session, self.now, timeout, self.audit)

    @cached_property
    def users(self) -> Users:
        """Accounts."""
        passwords_only = all(method.takes_passwords for method in self.application.sign_in_methods)
        return Users(self.session, self.now, self.audit, self.user_sessions, passwords_only=passwords_only)

    @cached_property
    def viewed_files(self) -> ViewedFiles:
        """Which files of commits people have viewed."""
        return ViewedFiles(self.session, self.now)
