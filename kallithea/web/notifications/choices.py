"""How often mails tell somebody of events."""

from dataclasses import dataclass

from kallithea.core.errors import InvalidError
from kallithea.core.watching import MailSchedule
from kallithea.core.words import _
from kallithea.services.mail_links import can_send
from kallithea.web.answers import Response, redirect
from kallithea.web.context import SiteContext
from kallithea.web.request import Request

NAME = "_admin/my_account/notifications"

_WORDS = (
    (MailSchedule.AT_ONCE, _("Each event at once")),
    (MailSchedule.DAILY, _("One mail a day")),
    (MailSchedule.WEEKLY, _("One mail a week")),
    (MailSchedule.OFF, _("No mails")),
)


@dataclass(frozen=True, slots=True)
class MailChoicePage:
    """The form. ``sends``: whether this site sends mails at all."""

    choices: tuple[tuple[str, str], ...]
    schedule: str
    address: str
    sends: bool
    saved: str
    problem: str = ""


def show_choice(context: SiteContext, request: Request) -> MailChoicePage:
    """The form with what was chosen."""
    schedule = request.services.mail_choices.get_schedule(request.visitor.member_id)
    saved = _("Your choice is saved.") if request.query.get("saved") == "1" else ""
    return _make_page(request, schedule, saved)


def choose(context: SiteContext, request: Request) -> MailChoicePage | Response:
    """Store a choice, or say what is wrong with it."""
    schedule = request.form.get("schedule", "")
    try:
        request.services.mail_choices.set_schedule(request.visitor.member_id, schedule)
    except InvalidError as problem:
        request.response.status_int = 422
        return _make_page(request, schedule, "", problem.problems["schedule"])
    return redirect(request.links.page(NAME, saved=1))


def _make_page(request: Request, schedule: str, saved: str, problem: str = "") -> MailChoicePage:
    sends = can_send(request.application.settings)
    return MailChoicePage(_WORDS, schedule, request.visitor.email, sends, saved, problem)
