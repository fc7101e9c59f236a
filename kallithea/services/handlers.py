"""From a kind of job to the one call that does it. Every handler may run again: a job is done at least once."""

import datetime
from collections.abc import Callable
from typing import Any

from kallithea.core.jobs import (
    CleanUp,
    CountRepository,
    DescribePush,
    FindLastChanges,
    ForkRepository,
    ImportRepository,
    IndexRepositories,
    IndexRepository,
    Job,
    MailDigest,
    MailDigests,
    MailNotification,
    NoteSignIn,
    NoteUse,
    PullOnSchedule,
    PullRepositories,
    PullRepository,
    RebuildIndex,
    RemoveFolder,
    RepackRepository,
    ScanRepositories,
    SendLink,
    SendMail,
    SettleRepositories,
    SettleRepository,
    UpkeepRepositories,
    UpkeepRepository,
)
from kallithea.mail.message import Mail
from kallithea.services.application import Application
from kallithea.services.clean_up import clean_up
from kallithea.services.counting import bring_up
from kallithea.services.fork_requests import make_asked_fork
from kallithea.services.index_rebuilding import rebuild_index
from kallithea.services.job_context import JobContext
from kallithea.services.link_mails import write_mail
from kallithea.services.mailing import send
from kallithea.services.notification_mails import mail_digest, mail_notification
from kallithea.services.push_descriptions import describe_push
from kallithea.services.refreshing import refresh_last_changes
from kallithea.services.remote_imports import make_asked_import
from kallithea.services.remote_pulls import ask_for_due_pulls, make_asked_pull, pull_on_schedule
from kallithea.services.repository_scan import scan_asked
from kallithea.services.search_index import ask_for_indexing, index_soon
from kallithea.services.settling import settle, settle_all
from kallithea.services.trash import discard
from kallithea.services.upkeep import ask_for_upkeep, keep_up_soon, repack
from kallithea.services.work import writing


def send_mail(application: Application, job: SendMail, context: JobContext) -> None:
    """Hand the message to the mail server, if there is one; the log says whom it refused among others."""
    refused = send(application, Mail(job.to, job.subject, job.text, job.message_id))
    if refused:
        # not by the context, which may end the job: then the others would be sent the same again
        with writing(application) as services:
            services.progress.set_(context.outbox_id, 100, "", "\n".join(refused))


def send_link(application: Application, job: SendLink, context: JobContext) -> None:
    """Send what somebody who proves an address has asked for; nothing, where the address belongs to nobody."""
    mail = write_mail(application, job.mail_link_id)
    if mail is not None:
        send_mail(application, mail, context)


def settle_repository(application: Application, job: SettleRepository, _context: JobContext) -> None:
    """Settle one repository."""
    settle(application, job.repository_id)


def settle_repositories(application: Application, _job: SettleRepositories, context: JobContext) -> None:
    """Find the repositories that need settling."""
    settle_all(application, check=context.check)


def upkeep_repository(application: Application, job: UpkeepRepository, context: JobContext) -> None:
    """Keep up one repository, and ask for the rest of it."""
    keep_up_soon(application, job.repository_id, check=context.check)


def repack_repository(application: Application, job: RepackRepository, context: JobContext) -> None:
    """Keep up one repository, whatever it takes."""
    repack(application, job.repository_id, check=context.check)


def upkeep_repositories(application: Application, _job: UpkeepRepositories, context: JobContext) -> None:
    """Find the repositories that need upkeep."""
    ask_for_upkeep(application, check=context.check)


def find_last_changes(application: Application, job: FindLastChanges, context: JobContext) -> None:
    """Have ready what pages show of the folders of one repository."""
    refresh_last_changes(application, job.repository_id, check=context.check)


def describe(application: Application, job: DescribePush, context: JobContext) -> None:
    """Find out what a push has brought."""
    describe_push(application, job.journal_entry_id, check=context.check)


def index_repository(application: Application, job: IndexRepository, context: JobContext) -> None:
    """Bring the search index up to date with one repository."""
    index_soon(application, job.repository_id, context)


def count_repository(application: Application, job: CountRepository, context: JobContext) -> None:
    """Bring the statistics up to date with one repository."""
    bring_up(application, job.repository_id, check=context.check)


def index_repositories(application: Application, _job: IndexRepositories, context: JobContext) -> None:
    """Find the repositories from which the search index differs."""
    ask_for_indexing(application, check=context.check)


def tell_by_mail(application: Application, job: MailNotification, _context: JobContext) -> None:
    """Tell somebody of one event."""
    mail_notification(application, job.notification_id)


def tell_together(application: Application, job: MailDigest, _context: JobContext) -> None:
    """Tell somebody of many events."""
    mail_digest(application, job.user_id, job.until_id)


def ask_for_digests(application: Application, _job: MailDigests, _context: JobContext) -> None:
    """Find those whose day or week is over."""
    with writing(application) as services:
        services.mail_choices.ask_for_digests()


def remove_folder(application: Application, job: RemoveFolder, _context: JobContext) -> None:
    """Put a deleted repository's folder into the trash."""
    discard(application, job.folder, job.trash)


def fork_asked(application: Application, job: ForkRepository, context: JobContext) -> None:
    """Make a fork that somebody waits for."""
    make_asked_fork(application, job, context)


def import_asked(application: Application, job: ImportRepository, context: JobContext) -> None:
    """Import a repository that somebody waits for."""
    make_asked_import(application, job, context)


def pull_asked(application: Application, job: PullRepository, context: JobContext) -> None:
    """Pull for somebody who waits."""
    make_asked_pull(application, job, context)


def pull_repositories(application: Application, _job: PullRepositories, _context: JobContext) -> None:
    """Find the repositories that are to be pulled."""
    ask_for_due_pulls(application)


def note_use(application: Application, job: NoteUse, _context: JobContext) -> None:
    """Remember when a session or token was last used."""
    at = datetime.datetime.fromisoformat(job.at)
    with writing(application) as services:
        if job.subject == "token":
            services.tokens.note_use(job.subject_id, at)
        else:
            services.user_sessions.note_use(job.subject_id, at)


def note_sign_in(application: Application, job: NoteSignIn, _context: JobContext) -> None:
    """Note how somebody came in."""
    with writing(application) as services:
        services.sign_in_notes.note(job)


def delete_expired(application: Application, _job: CleanUp, context: JobContext) -> None:
    """Delete what has expired."""
    clean_up(application, check=context.check)


HANDLERS: dict[type[Job], Callable[[Application, Any, JobContext], None]] = {
    SendMail: send_mail,
    SendLink: send_link,
    SettleRepository: settle_repository,
    SettleRepositories: settle_repositories,
    UpkeepRepository: upkeep_repository,
    RepackRepository: repack_repository,
    UpkeepRepositories: upkeep_repositories,
    FindLastChanges: find_last_changes,
    DescribePush: describe,
    IndexRepository: index_repository,
    CountRepository: count_repository,
    IndexRepositories: index_repositories,
    MailNotification: tell_by_mail,
    MailDigest: tell_together,
    MailDigests: ask_for_digests,
    RemoveFolder: remove_folder,
    RebuildIndex: rebuild_index,
    ScanRepositories: scan_asked,
    ForkRepository: fork_asked,
    ImportRepository: import_asked,
    PullRepository: pull_asked,
    PullOnSchedule: pull_on_schedule,
    PullRepositories: pull_repositories,
    NoteUse: note_use,
    NoteSignIn: note_sign_in,
    CleanUp: delete_expired,
}
