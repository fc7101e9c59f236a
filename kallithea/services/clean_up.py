"""Deletes what has expired, a batch per unit, so that nobody waits long for the database."""

import contextlib
import datetime
import os
import pathlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, or_, select

from kallithea.model.deleted_repository import DeletedRepository
from kallithea.model.known_network import KnownNetwork
from kallithea.model.lease import Lease, unused_upkeep_leases
from kallithea.model.mail_link import MailLink
from kallithea.model.meta import Table
from kallithea.model.notification import Notification
from kallithea.model.outbox import OutboxJob, OutboxState
from kallithea.model.push_intent import PushIntent
from kallithea.model.sign_in_failure import SignInFailure
from kallithea.model.token import Token
from kallithea.model.user_session import UserSession
from kallithea.model.viewed_file import ViewedFile
from kallithea.services.application import Application
from kallithea.services.session_stores import clean_session_store
from kallithea.services.sign_in_failures import KNOWN as NETWORKS_KEPT
from kallithea.services.trash import empty_trash
from kallithea.services.trash_names import KEPT
from kallithea.services.viewed_files import KEPT as MARKS_KEPT
from kallithea.services.work import writing
from kallithea.vcs.git.objects_alone import list_leftovers
from kallithea.vcs.leftovers import Leftover, remove_abandoned
from kallithea.vcs.opener import find_kind
from kallithea.vcs.placing import is_left_aside

_BATCH = 500
# For as long as they are counted, so that nobody is sent many.
_LINKS_KEPT = datetime.timedelta(hours=1)
_TOKENS_KEPT = datetime.timedelta(days=30)
_JOBS_KEPT = datetime.timedelta(days=7)
_FAILED_JOBS_KEPT = datetime.timedelta(days=30)
_FAILURES_KEPT = datetime.timedelta(days=2)
_INTENTS_KEPT = datetime.timedelta(days=30)
_TEMPORARY_MARGIN = 3600.0
#: Copying a large repository takes hours, in which another machine may see nothing of it.
_UNFINISHED_SECONDS = 24 * 3600.0
_NOTIFICATIONS_KEPT = datetime.timedelta(days=180)
_LEASES_KEPT = datetime.timedelta(days=7)


def clean_up(application: Application, *, check: Callable[[], None] = lambda: None) -> int:
    """Delete what has expired, old trash, and what processes were making when they died: repositories, cached files.

    Sessions, and what Beaker stores of them, tokens, links in mails, finished jobs, failures to sign in, networks of
    people, settled push intents, unused leases, records of deleted repositories, marks of viewed files, old
    notifications, and the remotes of imports that have come to nothing expire. The answer is how many were deleted.
    ``check`` is called now and then, and may raise.
    """
    now = application.clock()
    expired: Sequence[tuple[type[Table], Any, ColumnElement[bool]]] = (
        (UserSession, UserSession.user_session_id, UserSession.expires <= now),
        (Token, Token.token_id, Token.expires < now - _TOKENS_KEPT),
        (MailLink, MailLink.mail_link_id, MailLink.expires < now - _LINKS_KEPT),
        (OutboxJob, OutboxJob.outbox_id, _old_jobs(now)),
        (SignInFailure, SignInFailure.subject, SignInFailure.last < now - _FAILURES_KEPT),
        (KnownNetwork, KnownNetwork.subject, KnownNetwork.seen < now - NETWORKS_KEPT),
        (PushIntent, PushIntent.push_intent_id, PushIntent.settled < now - _INTENTS_KEPT),
        (DeletedRepository, DeletedRepository.repository_id, DeletedRepository.deleted <= now - KEPT),
        (ViewedFile, ViewedFile.seen, ViewedFile.seen < now - MARKS_KEPT),
        (Notification, Notification.notification_id, Notification.at < now - _NOTIFICATIONS_KEPT),
        (Lease, Lease.name, unused_upkeep_leases(now - _LEASES_KEPT)),
    )
    deleted = 0
    for table, key, condition in expired:
        check()
        while (count := _delete_batch(application, table, key, condition)) > 0:
            deleted += count
            check()
    with writing(application) as services:
        deleted += services.remotes.discard_lost()
    deleted += clean_session_store(application.settings, now)
    empty_trash(application, check=check)
    remove_abandoned(list_leftovers(application.settings.wire_time_limit + _TEMPORARY_MARGIN))
    remove_abandoned(_list_unfinished(application.settings.repository_folder))
    application.caches.sweep()
    return deleted


def _old_jobs(now: datetime.datetime) -> ColumnElement[bool]:
    """Those that have failed are kept for longer: somebody may want to run them again."""
    done = and_(OutboxJob.state == OutboxState.DONE, OutboxJob.finished < now - _JOBS_KEPT)
    return or_(done, OutboxJob.finished < now - _FAILED_JOBS_KEPT)


def _list_unfinished(base: pathlib.Path) -> Iterator[Leftover]:
    """Folders in which somebody who died was making a repository, beside the places where these were to be."""
    waiting = [base]
    while waiting:
        with contextlib.suppress(OSError), os.scandir(waiting.pop()) as entries:
            for entry in entries:
                path = pathlib.Path(entry.path)
                if not entry.is_dir(follow_symlinks=False):
                    continue
                if is_left_aside(path):
                    yield Leftover(path, _UNFINISHED_SECONDS)
                elif not entry.name.startswith(".") and find_kind(path) is None:
                    waiting.append(path)


def _delete_batch(application: Application, table: type[Table], key: Any, condition: ColumnElement[bool]) -> int:
    with writing(application) as services:
        keys = services.session.scalars(select(key).where(condition).limit(_BATCH)).all()
        if keys:
            services.session.execute(
                delete(table).where(key.in_(keys)), execution_options={"synchronize_session": False}
            )
    return len(keys)
