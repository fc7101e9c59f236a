"""The matrix of permissions, and saving it."""

from collections.abc import Mapping
from dataclasses import dataclass

from kallithea.core.access import MOST_OF_VISITORS, Level, SubjectKind
from kallithea.core.errors import ConflictError, InvalidError, message_of
from kallithea.core.words import _
from kallithea.model.grant import subject_key
from kallithea.services.permission_changes import GrantChange
from kallithea.services.permission_matrix import Matrix, MatrixRow, OwnerRow
from kallithea.services.scope import Services
from kallithea.services.work import reading, writing
from kallithea.web.answers import Response, redirect
from kallithea.web.context import Context
from kallithea.web.permissions.form import INHERITED, MatrixForm, read_form
from kallithea.web.permissions.spot import Spot, find_spot
from kallithea.web.permissions.why import find_why
from kallithea.web.request import Request

_ICONS = {
    SubjectKind.VISITORS: "globe",
    SubjectKind.SIGNED_IN: "people",
    SubjectKind.USER_GROUP: "organization",
}


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row of the form: ``chosen`` is what is marked, ``was`` what the form says that it saw."""

    key: str
    row: MatrixRow
    name: str
    chosen: Level
    was: str
    why: tuple[str, ...]

    @property
    def icon(self) -> str:
        """The sign of the kind of subject, empty for accounts, which have pictures."""
        return _ICONS.get(self.row.subject.kind, "")

    def offers(self, level: Level) -> bool:
        """Whether this level can be chosen."""
        return self.row.subject.kind is not SubjectKind.VISITORS or level <= MOST_OF_VISITORS

    @property
    def changed(self) -> bool:
        """Whether another level is marked than what is stored."""
        return self.chosen is not self.row.level


@dataclass(frozen=True, slots=True)
class MatrixPage:
    """The matrix. ``sections`` have a title and rows; ``problem`` says why nothing was saved, empty where all was."""

    spot: Spot
    sections: tuple[tuple[str, tuple[ShownRow, ...]], ...]
    owners: tuple[OwnerRow, ...]
    more: int
    names: tuple[str, ...]
    names_address: str
    save_address: str
    check_address: str
    add: str
    add_level: Level
    problem: str
    add_problem: str
    saved: bool


def show_matrix(context: Context, request: Request) -> MatrixPage:
    """What is granted."""
    return _make_page(find_spot(context), request, request.services)


def save_matrix(context: Context, request: Request) -> MatrixPage | Response:
    """Save what is different, all or nothing, or show the form again and say what is wrong."""
    spot, form = find_spot(context), read_form(request.form)
    try:
        with writing(request.application) as services:
            target = spot.load(services)
            changes = [*form.changes, *_added(services, form)]
            services.permission_changes.apply(request.actor, request.visitor.viewer, target, changes, form.reach)
            return redirect(_next_address(spot, request, services))
    except InvalidError as problem:
        words = problem.problems
        return _again(spot, request, form, 422, problem=words.get("level", ""), add_problem=words.get("add", ""))
    except ConflictError as problem:
        return _again(spot, request, form, 409, problem=message_of(problem))


def _added(services: Services, form: MatrixForm) -> list[GrantChange]:
    if not form.add:
        return []
    return [GrantChange(services.permission_changes.find_subject(form.add), None, form.add_level)]


def _next_address(spot: Spot, request: Request, services: Services) -> str:
    """The same page, or for who has taken the right to it from themselves the nearest one that they may see."""
    viewer, permissions = request.visitor.viewer, services.permissions
    if spot.kind == "site":
        return spot.address(request.links, saved=1)
    if spot.kind == "repository":
        level = permissions.level(viewer, services.repositories.get_by_id(spot.target_id))
        visible = level >= Level.READ
    else:
        level = permissions.group_level(viewer, spot.target_id)
        visible = services.repository_groups.visible(viewer, spot.target_id)
    if level is Level.ADMIN:
        return spot.address(request.links, saved=1)
    return request.links.repository(spot.path) if visible else request.links.home()


def _again(
    spot: Spot, request: Request, form: MatrixForm, status: int, *, problem: str = "", add_problem: str = ""
) -> MatrixPage:
    request.response.status_int = status
    with reading(request.application) as services:
        return _make_page(spot, request, services, form, problem=problem, add_problem=add_problem)


def _make_page(
    spot: Spot,
    request: Request,
    services: Services,
    form: MatrixForm | None = None,
    *,
    problem: str = "",
    add_problem: str = "",
) -> MatrixPage:
    matrix = services.permission_matrices.load(spot.load(services))
    chosen = form.chosen if form is not None else {}
    return MatrixPage(
        spot,
        tuple(_sections(matrix, chosen)),
        matrix.owners,
        matrix.more,
        services.permission_matrices.offered_names(),
        spot.address(request.links, "names"),
        spot.address(request.links),
        spot.address(request.links, "check"),
        form.add if form is not None else "",
        form.add_level if form is not None else Level.READ,
        problem,
        add_problem,
        "saved" in request.query,
    )


def _sections(matrix: Matrix, chosen: Mapping[str, Level]) -> list[tuple[str, tuple[ShownRow, ...]]]:
    titles = (_("Everyone"), _("User groups"), _("Users"))
    rows = (matrix.built_in, matrix.groups, matrix.users)
    return [
        (title, tuple(_shown(row, matrix, chosen) for row in section))
        for title, section in zip(titles, rows, strict=True)
    ]


def _shown(row: MatrixRow, matrix: Matrix, chosen: Mapping[str, Level]) -> ShownRow:
    key = subject_key(row.subject)
    was = INHERITED + row.level.word if row.own is None else row.own.word
    return ShownRow(key, row, _name(row), chosen.get(key, row.level), was, find_why(row, matrix))


def _name(row: MatrixRow) -> str:
    if row.subject.kind is SubjectKind.VISITORS:
        return _("Anonymous visitors")
    return _("All signed-in users") if row.subject.kind is SubjectKind.SIGNED_IN else row.full_name or row.name
