"""What somebody is told of, and what they have not read."""

from dataclasses import dataclass

from kallithea.core.errors import NotFoundError
from kallithea.core.watching import Reason
from kallithea.core.words import _
from kallithea.web.answers import Response, redirect
from kallithea.web.context import SiteContext
from kallithea.web.ids import OF_EVENTS, parse_id
from kallithea.web.request import Request
from kallithea.web.ui.events import EventLine, make_event

#: Notifications on one page.
PAGE_SIZE = 50

NAME = "_admin/notifications"
_REASONS = {Reason.WATCHING: "", Reason.MENTION: _("You are mentioned")}


@dataclass(frozen=True, slots=True)
class NotificationLine:
    """An event of which somebody is told. ``reason`` is empty where they follow the repository."""

    notification_id: int
    unread: bool
    reason: str
    event: EventLine


@dataclass(frozen=True, slots=True)
class NotificationsPage:
    """A page of the list. Addresses of neighbours are None where there are none."""

    rows: tuple[NotificationLine, ...]
    only_unread: bool
    all_address: str
    unread_address: str
    first_address: str | None
    older_address: str | None


def show_notifications(context: SiteContext, request: Request) -> NotificationsPage:
    """All of them, or with ``show=unread`` those that were not read."""
    only_unread = request.query.get("show") == "unread"
    show, links = "unread" if only_unread else None, request.links
    older_than = parse_id(request.query.get("older", ""), OF_EVENTS)
    encodings = request.application.settings.default_encoding
    found = request.services.notifications.list_(
        request.visitor.viewer, unread=only_unread, older_than=older_than, limit=PAGE_SIZE + 1
    )
    rows = tuple(
        NotificationLine(row.notification_id, row.unread, _REASONS[row.reason], make_event(row.event, links, encodings))
        for row in found[:PAGE_SIZE]
    )
    return NotificationsPage(
        rows,
        only_unread,
        links.page(NAME),
        links.page(NAME, show="unread"),
        links.page(NAME, show=show) if older_than is not None else None,
        links.page(NAME, show=show, older=rows[-1].notification_id) if len(found) > PAGE_SIZE else None,
    )


def mark_read(context: SiteContext, request: Request) -> Response:
    """Mark one as read. One of somebody else is absent, and stays as it is."""
    number = parse_id(request.form.get("notification", ""), OF_EVENTS)
    if number is None:
        raise NotFoundError(_("There is no such notification."))
    request.services.notifications.mark_read(request.visitor.member_id, number)
    return _go_on(request)


def mark_all_read(context: SiteContext, request: Request) -> Response:
    """Mark all of them as read."""
    request.services.notifications.mark_read(request.visitor.member_id)
    return _go_on(request)


def _go_on(request: Request) -> Response:
    show = "unread" if request.form.get("show") == "unread" else None
    return redirect(request.links.page(NAME, show=show))
