"""The matrix of permissions, and saving it."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from kallithea.core.access import MOST_OF_VISITORS, Level, SubjectKind, Viewer
from kallithea.core.words import _
from kallithea.model.grant import subject_key
from kallithea.services.permission_changes import GrantChange
from kallithea.services.permission_matrix import Matrix, MatrixRow, OwnerRow
from kallithea.services.scope import Services
from kallithea.services.work import writing
from kallithea.web.answers import Response
from kallithea.web.changing import change_or_show_again
from kallithea.web.context import Context
from kallithea.web.permissions.form import INHERITED, MatrixForm, read_form
from kallithea.web.permissions.spot import FindSpot, Spot, SpotKind, name_of
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
    """The matrix. ``sections`` have a title and rows; ``problem`` says why nothing was saved, empty where all was.

    ``target`` is the path or name of what it is about.
    """

    spot: Spot
    target: str
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


class Matrices:
    """The matrix of one kind of spot, and saving it."""

    def __init__(self, find: FindSpot) -> None:
        self._find = find

    def show(self, context: Context, request: Request) -> MatrixPage:
        """What is granted."""
        return _make_page(self._find(context), request, request.services)

    def save(self, context: Context, request: Request) -> MatrixPage | Response:
        """Save what is different, all or nothing, or show the form again and say what is wrong."""
        spot, form = self._find(context), read_form(request.form)

        def change() -> str:
            with writing(request.application) as services:
                viewer = request.viewer_in(services)
                target = spot.load(services, viewer)
                changes = [*form.changes, *_added(services, viewer, form)]
                services.permission_changes.apply(request.actor, viewer, target, changes, form.reach)
                return _next_address(spot, request, services)

        def show_again(services: Services, problems: Mapping[str, str]) -> MatrixPage:
            return _make_page(spot, request, services, form, problems)

        return change_or_show_again(request, change, show_again, field="level")


def _added(services: Services, viewer: Viewer, form: MatrixForm) -> list[GrantChange]:
    if not form.add:
        return []
    return [GrantChange(services.permission_changes.find_subject(viewer, form.add), None, form.add_level)]


def _next_address(spot: Spot, request: Request, services: Services) -> str:
    """The same page, or for who has taken the right to it from themselves the nearest one that they may see."""
    level, nearest = _what_is_left(spot, request, services)
    return spot.address(request.links, saved=1) if level is Level.ADMIN else nearest


def _what_is_left(spot: Spot, request: Request, services: Services) -> tuple[Level, str]:
    viewer, permissions, links = request.visitor.viewer, services.permissions, request.links
    if spot.is_top:
        return Level.ADMIN, ""
    if spot.kind is SpotKind.USER_GROUP:
        group = services.user_groups.find_by_id(spot.target_id)
        owner_id = None if group is None else group.owner_id
        return services.user_group_rights.load(viewer).level(spot.target_id, owner_id), links.page("_admin/user_groups")
    if spot.kind is SpotKind.REPOSITORY:
        level = permissions.level(viewer, services.repositories.get_by_id(spot.target_id))
        visible = level >= Level.READ
    else:
        level = permissions.group_level(viewer, spot.target_id)
        visible = services.repository_groups.visible(viewer, spot.target_id)
    return level, links.repository(spot.path) if visible else links.home()


def _make_page(
    spot: Spot,
    request: Request,
    services: Services,
    form: MatrixForm | None = None,
    problems: Mapping[str, str] = MappingProxyType({}),
) -> MatrixPage:
    target = spot.load(services, request.visitor.viewer)
    matrix = services.permission_matrices.load(target, request.visitor.viewer)
    chosen = form.chosen if form is not None else {}
    # what is wrong with a name leaves the rows what they were; after a conflict they have what is stored
    was = form.was if form is not None and "level" not in problems else {}
    return MatrixPage(
        spot,
        name_of(spot, target),
        tuple(_sections(matrix, chosen, was)),
        matrix.owners,
        matrix.more,
        services.permission_matrices.offered_names(request.visitor.viewer),
        spot.address(request.links, "names"),
        spot.address(request.links),
        spot.address(request.links, "check"),
        form.add if form is not None else "",
        form.add_level if form is not None else Level.READ,
        problems.get("level", ""),
        problems.get("add", ""),
        "saved" in request.query,
    )


def _sections(
    matrix: Matrix, chosen: Mapping[str, Level], was: Mapping[str, str]
) -> list[tuple[str, tuple[ShownRow, ...]]]:
    titles = (_("Everyone"), _("User groups"), _("Users"))
    rows = (matrix.built_in, matrix.groups, matrix.users)
    return [
        (title, tuple(_shown(row, matrix, chosen, was) for row in section))
        for title, section in zip(titles, rows, strict=True)
    ]


def _shown(row: MatrixRow, matrix: Matrix, chosen: Mapping[str, Level], was: Mapping[str, str]) -> ShownRow:
    key = subject_key(row.subject)
    stored = INHERITED + row.level.word if row.own is None else row.own.word
    seen = was.get(key, stored)
    return ShownRow(key, row, _name(row), chosen.get(key, row.level), seen, find_why(row, matrix))


def _name(row: MatrixRow) -> str:
    if row.subject.kind is SubjectKind.VISITORS:
        return _("Anonymous visitors")
    if row.subject.kind is SubjectKind.USER_GROUP and not row.name:
        return _("A user group that you cannot see")
    return _("All signed-in users") if row.subject.kind is SubjectKind.SIGNED_IN else row.full_name or row.name
