"""What everybody may do on the site: who comes in, and what all accounts may make."""

from dataclasses import dataclass

from kallithea.core.access import SIGNED_IN, SubjectKind
from kallithea.core.allowances import Allowance
from kallithea.core.errors import ConflictError, InvalidError, message_of
from kallithea.core.words import Text, _
from kallithea.model.setting import FALSE, TRUE
from kallithea.services.allowances import Receiver
from kallithea.services.mail_links import can_send
from kallithea.services.scope import Services
from kallithea.services.settings import Registration, SiteSetting
from kallithea.services.work import reading, writing
from kallithea.web.allowances.form import AllowanceForm, read_form, show
from kallithea.web.answers import Response, redirect
from kallithea.web.context import SiteContext
from kallithea.web.request import Request
from kallithea.web.ui.paging import Pager, make_pager

NAME = "_admin/permissions"
#: Accounts and groups of users on one page.
PAGE_SIZE = 50

_REGISTRATIONS: dict[Registration, tuple[Text, Text]] = {
    Registration.OFF: (_("No"), _("Administrators make accounts.")),
    Registration.APPROVAL: (_("Yes, an administrator approves"), _("An account is disabled until then.")),
    Registration.AUTOMATIC: (_("Yes, at once"), _("Whoever proves an e-mail address gets an account.")),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """Who comes in: whether visitors do, and whether people register, as settings have it."""

    visitors: str
    registration: str

    def changes(self, after: "Entry") -> tuple[tuple[SiteSetting, str, str], ...]:
        """Each setting as it was and as it shall be."""
        return (
            (SiteSetting.VISITORS, self.visitors, after.visitors),
            (SiteSetting.REGISTRATION, self.registration, after.registration),
        )


@dataclass(frozen=True, slots=True)
class ReceiverRow:
    """An account or a group of users that is allowed more, and the page that changes it."""

    receiver: Receiver
    icon: str
    address: str
    titles: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class SitePage:
    """The form. ``entry`` is what is chosen, ``was`` what was seen.

    ``can_register``: mails can be sent, without which nobody registers. ``problem`` says why nothing was saved.
    """

    form: AllowanceForm
    entry: "Entry"
    was: "Entry"
    registrations: dict[Registration, tuple[Text, Text]]
    can_register: bool
    rows: tuple[ReceiverRow, ...]
    total: int
    pager: Pager | None
    problem: str
    saved: bool


def show_site(context: SiteContext, request: Request) -> SitePage:
    """The form with what is stored."""
    return _make_page(request, request.services)


def save_site(context: SiteContext, request: Request) -> SitePage | Response:
    """Save what is different, all or nothing, or show the form again and say what is wrong."""
    form, fields = read_form(request.form), request.form
    was = Entry(fields.get("was-visitors", ""), fields.get("was-registration", ""))
    entry = Entry(TRUE if fields.get("visitors") else FALSE, fields.get("registration", ""))
    try:
        with writing(request.application) as services:
            services.allowances.replace_(request.actor, SIGNED_IN, form.before, form.after)
            for name, before, after in was.changes(entry):
                services.settings.replace_(request.actor, name, before, after)
    except InvalidError as problem:
        return _again(request, form, entry, 422, " ".join(problem.problems.values()))
    except ConflictError as problem:
        return _again(request, form, entry, 409, message_of(problem))
    return redirect(request.links.page(NAME, saved=1))


def _again(request: Request, form: AllowanceForm, entry: Entry, status: int, problem: str) -> SitePage:
    request.response.status_int = status
    with reading(request.application) as services:
        return _make_page(request, services, form, entry, problem)


def _make_page(
    request: Request,
    services: Services,
    form: AllowanceForm | None = None,
    entry: Entry | None = None,
    problem: str = "",
) -> SitePage:
    page, settings = request.page_number(), services.settings
    found, total = services.allowances.list_(offset=(page - 1) * PAGE_SIZE, limit=PAGE_SIZE)
    was = Entry(TRUE if settings.visitors else FALSE, settings.registration)
    return SitePage(
        show(services.allowances.given_to(SIGNED_IN), form),
        entry or was,
        was,
        _REGISTRATIONS,
        can_send(request.application.settings),
        tuple(_row(request, receiver) for receiver in found),
        total,
        make_pager(page, PAGE_SIZE, total, lambda number: request.links.page(NAME, page=number)),
        problem,
        not problem and "saved" in request.query,
    )


def _row(request: Request, receiver: Receiver) -> ReceiverRow:
    is_group = receiver.subject.kind is SubjectKind.USER_GROUP
    folder = "user_groups" if is_group else "users"
    return ReceiverRow(
        receiver,
        "organization" if is_group else "person",
        request.links.page(f"_admin/{folder}/allowances/{receiver.subject.subject_id}"),
        tuple(allowance.words for allowance in Allowance if allowance in receiver.allowances),
    )
