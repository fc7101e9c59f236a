"""What is allowed to one account, or to one group of users."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from kallithea.core.access import Subject, SubjectKind
from kallithea.core.errors import NotFoundError
from kallithea.core.words import _
from kallithea.services.scope import Services
from kallithea.services.work import writing
from kallithea.web.allowances.form import AllowanceForm, read_form, show
from kallithea.web.answers import Response
from kallithea.web.changing import change_or_show_again
from kallithea.web.context import SiteContext
from kallithea.web.ids import find_id
from kallithea.web.request import Request
from kallithea.web.ui.allowance_lines import AllowanceLine, make_allowance_lines


@dataclass(frozen=True, slots=True)
class SubjectPage:
    """The form. ``folder`` is where the pages of this kind of subject lie; ``lines`` are what an account may make.

    ``problem`` says why nothing was saved, empty where nobody has tried to.
    """

    folder: str
    subject_id: int
    name: str
    form: AllowanceForm
    lines: tuple[AllowanceLine, ...]
    problem: str
    saved: bool


@dataclass(frozen=True, slots=True)
class _Named:
    """A subject, and what it is called."""

    subject: Subject
    name: str
    lines: tuple[AllowanceLine, ...] = ()


_Find = Callable[[Services, int], _Named | None]


class SubjectPages:
    """The form of one kind of subject, and saving it."""

    def __init__(self, folder: str, find: _Find) -> None:
        self._folder = folder
        self._find = find

    def show(self, context: SiteContext, request: Request) -> SubjectPage:
        """The form with what is allowed."""
        return self._make_page(context, request, request.services)

    def save(self, context: SiteContext, request: Request) -> SubjectPage | Response:
        """Allow what is checked and nothing else, or show the form again and say what is wrong."""
        form = read_form(request.form)

        def change() -> str:
            with writing(request.application) as services:
                subject = self._get(context, services).subject
                services.allowances.replace_(request.actor, subject, form.before, form.after)
            return request.links.page(f"{self._folder}/allowances/{subject.subject_id}", saved=1)

        def show_again(services: Services, problems: Mapping[str, str]) -> SubjectPage:
            return self._make_page(context, request, services, form, " ".join(problems.values()))

        return change_or_show_again(request, change, show_again)

    def _get(self, context: SiteContext, services: Services) -> _Named:
        subject_id = find_id(context)
        found = self._find(services, subject_id) if subject_id is not None else None
        if found is None:
            raise NotFoundError(_("There is no such account or group."))
        return found

    def _make_page(
        self,
        context: SiteContext,
        request: Request,
        services: Services,
        typed: AllowanceForm | None = None,
        problem: str = "",
    ) -> SubjectPage:
        found = self._get(context, services)
        form = show(services.allowances.given_to(found.subject), typed)
        saved = not problem and "saved" in request.query
        return SubjectPage(self._folder, found.subject.subject_id, found.name, form, found.lines, problem, saved)


def _find_user(services: Services, user_id: int) -> _Named | None:
    user = services.users.find_by_id(user_id)
    if user is None:
        return None
    lines = make_allowance_lines(services.allowances.explain(services.permissions.viewer_for(user)))
    return _Named(Subject(SubjectKind.USER, user_id), user.name, lines)


def _find_user_group(services: Services, user_group_id: int) -> _Named | None:
    group = services.user_groups.find_by_id(user_group_id)
    return None if group is None else _Named(Subject(SubjectKind.USER_GROUP, user_group_id), group.name)


USERS = SubjectPages("_admin/users", _find_user)
USER_GROUPS = SubjectPages("_admin/user_groups", _find_user_group)
