"""What everybody may do on the site: who comes in, and what all accounts may make."""

from collections.abc import Mapping
from dataclasses import dataclass

from kallithea.auth.opener import keeps_passwords
from kallithea.core.access import SIGNED_IN, SubjectKind
from kallithea.core.allowances import Allowance
from kallithea.core.words import Text, _
from kallithea.model.setting import FALSE, TRUE
from kallithea.services.allowances import Receiver
from kallithea.services.mail_links import can_send
from kallithea.services.scope import Services
from kallithea.services.settings import Activation, Registration, SiteSetting
from kallithea.services.work import writing
from kallithea.web.allowances.form import AllowanceForm, read_form, show
from kallithea.web.answers import Response
from kallithea.web.changing import change_or_show_again
from kallithea.web.context import SiteContext
from kallithea.web.request import Request
from kallithea.web.ui.paging import Pager, make_pager

NAME = "_admin/permissions"
_REGISTRATIONS: dict[Registration, tuple[Text, Text]] = {
    Registration.OFF: (_("No"), _("Administrators make accounts.")),
    Registration.APPROVAL: (_("Yes, an administrator approves"), _("An account is disabled until then.")),
    Registration.AUTOMATIC: (_("Yes, at once"), _("Whoever proves an e-mail address gets an account.")),
}

_ACTIVATIONS: dict[Activation, tuple[Text, Text]] = {
    Activation.APPROVAL: (_("An administrator approves"), _("An account is disabled until then.")),
    Activation.AUTOMATIC: (_("They count at once"), _("Whoever the proxy vouches for has an account.")),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """Who comes in: whether visitors do, and people who register or whom a proxy vouches for, as settings have it."""

    visitors: str
    registration: str
    vouched: str

    def changes(self, after: "Entry") -> tuple[tuple[SiteSetting, str, str], ...]:
        """Each setting as it was and as it shall be."""
        return (
            (SiteSetting.VISITORS, self.visitors, after.visitors),
            (SiteSetting.REGISTRATION, self.registration, after.registration),
            (SiteSetting.VOUCHED_ACCOUNTS, self.vouched, after.vouched),
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

    ``can_register``: mails can be sent, without which nobody registers. ``are_made``: accounts are made for people whom
    a proxy vouches for. ``problem`` says why nothing was saved.
    """

    form: AllowanceForm
    entry: "Entry"
    was: "Entry"
    registrations: dict[Registration, tuple[Text, Text]]
    can_register: bool
    activations: dict[Activation, tuple[Text, Text]]
    are_made: bool
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
    was = Entry(*(fields.get(f"was-{name}", "") for name in ("visitors", "registration", "vouched")))
    visitors = TRUE if fields.get("visitors") else FALSE
    entry = Entry(visitors, fields.get("registration", ""), fields.get("vouched", ""))

    def change() -> str:
        with writing(request.application) as services:
            services.allowances.replace_(request.actor, SIGNED_IN, form.before, form.after)
            for name, before, after in was.changes(entry):
                services.settings.replace_(request.actor, name, before, after)
        return request.links.page(NAME, saved=1)

    def show_again(services: Services, problems: Mapping[str, str]) -> SitePage:
        return _make_page(request, services, form, entry, " ".join(problems.values()))

    return change_or_show_again(request, change, show_again)


def _make_page(
    request: Request,
    services: Services,
    form: AllowanceForm | None = None,
    entry: Entry | None = None,
    problem: str = "",
) -> SitePage:
    page, settings, of_ini = request.page_number(), services.settings, request.application.settings
    size = request.visitor.looks.admin_list_length
    found, total = services.allowances.list_(offset=(page - 1) * size, limit=size)
    was = Entry(TRUE if settings.visitors else FALSE, settings.registration, settings.vouched_accounts)
    return SitePage(
        show(services.allowances.given_to(SIGNED_IN), form),
        entry or was,
        was,
        _REGISTRATIONS,
        can_send(of_ini) and keeps_passwords(of_ini),
        _ACTIVATIONS,
        of_ini.remote_user_creates_accounts,
        tuple(_row(request, receiver) for receiver in found),
        total,
        make_pager(page, size, total, lambda number: request.links.page(NAME, page=number)),
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
