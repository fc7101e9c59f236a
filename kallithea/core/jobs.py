"""Work that is done later. Services put jobs into the outbox; a worker turns each into one call of a service."""

import dataclasses
import enum
import hashlib
import json
from dataclasses import dataclass
from typing import Any, ClassVar


class Queue(enum.StrEnum):
    """Jobs of like cost, so that a long one never delays a mail.

    LINK is for mails that somebody waits for. What follows each push is on REPOSITORY; what pages show and what takes
    long to find is on REFRESH, what goes through a whole repository on REPACK.
    """

    QUICK = "quick"
    LINK = "link"
    MAIL = "mail"
    INDEX = "index"
    UPKEEP = "upkeep"
    REPOSITORY = "repository"
    REFRESH = "refresh"
    REPACK = "repack"
    IMPORT = "import"


@dataclass(frozen=True, slots=True)
class Job:
    """A job's arguments, JSON values only. ``key`` names the effect: of equal jobs that wait, one is enough.

    ``time_limit`` is in seconds: a job not finished by then is told to end, where it next asks. ``grace`` seconds later
    the process that still runs it is ended, and the job is tried again. ``repeatable``: whether somebody may run it
    again after it has failed for good. ``single``: while one runs, an equal one is not wanted either.
    """

    queue: ClassVar[Queue] = Queue.QUICK
    time_limit: ClassVar[int] = 300
    grace: ClassVar[int] = 60
    attempts: ClassVar[int] = 8
    repeatable: ClassVar[bool] = True
    single: ClassVar[bool] = False

    @property
    def key(self) -> str:
        """Name of the effect, at most 100 characters."""
        return f"{type(self).__name__}:{hashlib.sha256(self.arguments.encode()).hexdigest()[:40]}"

    @property
    def arguments(self) -> str:
        """The fields as JSON text with sorted keys."""
        return json.dumps(dataclasses.asdict(self), sort_keys=True)


@dataclass(frozen=True, slots=True)
class PeriodicJob(Job):
    """One that the schedule asks for. That is no new cause: it has the attempts that it had before.

    After the last one it has failed, and is begun anew when its time comes. Of such failures the last one is kept.
    """


@dataclass(frozen=True, slots=True)
class MailJob(Job):
    """One that sends a mail, and tries that for eight hours: a mail server may be away for a night."""

    queue: ClassVar[Queue] = Queue.MAIL
    attempts: ClassVar[int] = 14


@dataclass(frozen=True, slots=True)
class SendMail(MailJob):
    """Send one message of plain text. ``message_id`` makes a repeated sending recognisable to the receiver."""

    to: tuple[str, ...]
    subject: str
    text: str
    message_id: str


@dataclass(frozen=True, slots=True)
class SendLink(MailJob):
    """Send the mail with a link that somebody has asked for; the link itself is in no job and no table."""

    queue: ClassVar[Queue] = Queue.LINK

    mail_link_id: int


@dataclass(frozen=True, slots=True)
class SettleRepository(Job):
    """Compare a repository's refs with the record: close open push intents, record changes made behind our back."""

    repository_id: int


@dataclass(frozen=True, slots=True)
class SettleRepositories(PeriodicJob):
    """Look at the fingerprint of every repository and settle those that differ from the record."""

    queue: ClassVar[Queue] = Queue.UPKEEP
    time_limit: ClassVar[int] = 1800


@dataclass(frozen=True, slots=True)
class UpkeepRepository(Job):
    """Do what a repository needs after changes, as far as that takes seconds."""

    queue: ClassVar[Queue] = Queue.REPOSITORY

    repository_id: int


@dataclass(frozen=True, slots=True)
class RepackRepository(Job):
    """Do what a repository needs, also what goes through all of it."""

    queue: ClassVar[Queue] = Queue.REPACK
    time_limit: ClassVar[int] = 3600
    attempts: ClassVar[int] = 2

    repository_id: int


@dataclass(frozen=True, slots=True)
class UpkeepRepositories(PeriodicJob):
    """Look at the files of every repository and ask for the upkeep of those that need it."""

    queue: ClassVar[Queue] = Queue.UPKEEP
    time_limit: ClassVar[int] = 1800


@dataclass(frozen=True, slots=True)
class FindLastChanges(Job):
    """Have ready what pages will show of a repository and what takes long to find, after its refs have moved.

    That is which commit changed each entry of its folders last, and how many commits it got in the last weeks.
    """

    queue: ClassVar[Queue] = Queue.REFRESH
    time_limit: ClassVar[int] = 600
    attempts: ClassVar[int] = 3

    repository_id: int


@dataclass(frozen=True, slots=True)
class MailNotification(MailJob):
    """Tell somebody of one event by mail, if they still want that and may still read it."""

    notification_id: int


@dataclass(frozen=True, slots=True)
class MailDigest(MailJob):
    """Tell somebody by one mail of the events up to one of their notifications."""

    user_id: int
    until_id: int


@dataclass(frozen=True, slots=True)
class MailDigests(PeriodicJob):
    """Ask for the mails of those whose day or week is over."""


@dataclass(frozen=True, slots=True)
class DescribePush(Job):
    """Find out what a push has brought, for its entry in the journal, and tell those whom it concerns."""

    queue: ClassVar[Queue] = Queue.REPOSITORY

    journal_entry_id: int


@dataclass(frozen=True, slots=True)
class IndexRepository(Job):
    """Bring the search index up to date with a repository, or without it if it was deleted."""

    queue: ClassVar[Queue] = Queue.INDEX
    time_limit: ClassVar[int] = 3600

    repository_id: int


@dataclass(frozen=True, slots=True)
class CountRepository(Job):
    """Bring the statistics of a repository up to date with what its pages begin with: perhaps through all of it."""

    queue: ClassVar[Queue] = Queue.REPACK
    time_limit: ClassVar[int] = 3600
    attempts: ClassVar[int] = 3

    repository_id: int


@dataclass(frozen=True, slots=True)
class IndexRepositories(PeriodicJob):
    """Ask for the indexing of every repository from which the index differs."""

    queue: ClassVar[Queue] = Queue.UPKEEP
    time_limit: ClassVar[int] = 1800


@dataclass(frozen=True, slots=True)
class RemoveFolder(Job):
    """Put a deleted repository's folder, given relative to the repository folder, into the trash under a name."""

    queue: ClassVar[Queue] = Queue.UPKEEP

    folder: str
    trash: str = ""


@dataclass(frozen=True, slots=True)
class AskedJob(Job):
    """A job that somebody has asked for and waits for: it has a page, on which they can cancel it.

    ``user_id`` is None where it was asked for on the command line.
    """

    user_id: int | None


@dataclass(frozen=True, slots=True)
class SiteJob(AskedJob):
    """One about the whole site, of each kind one at a time. Its page is for all who administer the site."""

    queue: ClassVar[Queue] = Queue.IMPORT
    time_limit: ClassVar[int] = 24 * 3600
    attempts: ClassVar[int] = 3
    single: ClassVar[bool] = True

    @property
    def key(self) -> str:
        """See ``Job.key``. Who asks makes no difference."""
        return type(self).__name__


@dataclass(frozen=True, slots=True)
class RebuildIndex(SiteJob):
    """Make a new search index beside the old one, and have it asked when it is complete."""


@dataclass(frozen=True, slots=True)
class ScanRepositories(SiteJob):
    """Take over what lies in the repository folder, for ``owner_id``; who asked came from ``address``."""

    owner_id: int | None
    address: str


@dataclass(frozen=True, slots=True)
class OwnJob(AskedJob):
    """One that a person has asked for, with their own rights."""

    user_id: int


@dataclass(frozen=True, slots=True)
class ForkRepository(OwnJob):
    """Copy a repository for somebody, who came from ``address``. One attempt: whoever waits is told why it failed."""

    queue: ClassVar[Queue] = Queue.IMPORT
    time_limit: ClassVar[int] = 7 * 3600
    attempts: ClassVar[int] = 1

    source_id: int
    path: str
    description: str
    private: bool
    address: str


@dataclass(frozen=True, slots=True)
class ImportRepository(OwnJob):
    """Make a repository with the history of one elsewhere, for somebody who came from ``address``.

    ``remote_id`` names what holds the credentials, which are nowhere else and are forgotten when it fails;
    ``remote_address`` has none.
    """

    queue: ClassVar[Queue] = Queue.IMPORT
    time_limit: ClassVar[int] = 7 * 3600
    attempts: ClassVar[int] = 1
    repeatable: ClassVar[bool] = False

    remote_id: int
    remote_address: str
    kind: str
    path: str
    description: str
    private: bool
    address: str


@dataclass(frozen=True, slots=True)
class PullRepository(OwnJob):
    """Add to a repository what is new where it comes from, for somebody who came from ``address``."""

    queue: ClassVar[Queue] = Queue.IMPORT
    time_limit: ClassVar[int] = 7 * 3600
    attempts: ClassVar[int] = 1

    repository_id: int
    address: str


@dataclass(frozen=True, slots=True)
class PullOnSchedule(Job):
    """The same because its time has come: nobody waits."""

    queue: ClassVar[Queue] = Queue.IMPORT
    time_limit: ClassVar[int] = 7 * 3600
    attempts: ClassVar[int] = 1

    repository_id: int


@dataclass(frozen=True, slots=True)
class PullRepositories(PeriodicJob):
    """Ask for the pulls of the repositories whose time has come."""

    queue: ClassVar[Queue] = Queue.UPKEEP


@dataclass(frozen=True, slots=True)
class NoteUse(Job):
    """Remember when a web session or a token was last used; ``at`` is an ISO time in UTC."""

    subject: str
    subject_id: int
    at: str

    @property
    def key(self) -> str:
        """One note for each session or token is enough, whatever the time."""
        return f"NoteUse:{self.subject}:{self.subject_id}"


@dataclass(frozen=True, slots=True)
class NoteSignIn(Job):
    """Note in the audit log that somebody came in with a request, ``by`` what; None: a token that nobody has."""

    user_id: int | None
    by: str
    way: str
    address: str


@dataclass(frozen=True, slots=True)
class CleanUp(PeriodicJob):
    """Delete what has expired: sessions, finished jobs, old failures to sign in."""

    queue: ClassVar[Queue] = Queue.UPKEEP


JOBS: dict[str, type[Job]] = {
    job.__name__: job
    for job in (
        SendMail,
        SendLink,
        SettleRepository,
        SettleRepositories,
        UpkeepRepository,
        RepackRepository,
        UpkeepRepositories,
        FindLastChanges,
        DescribePush,
        IndexRepository,
        CountRepository,
        IndexRepositories,
        MailNotification,
        MailDigest,
        MailDigests,
        RemoveFolder,
        RebuildIndex,
        ScanRepositories,
        ForkRepository,
        ImportRepository,
        PullRepository,
        PullOnSchedule,
        PullRepositories,
        NoteUse,
        NoteSignIn,
        CleanUp,
    )
}


def parse_job(kind: str, arguments: str) -> Job:
    """The job that was stored. Raises KeyError for a kind of another version, TypeError for other fields."""
    values: dict[str, Any] = json.loads(arguments)
    return JOBS[kind](**{name: tuple(value) if isinstance(value, list) else value for name, value in values.items()})
