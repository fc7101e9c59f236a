"""What one person may do, and why."""

from dataclasses import dataclass

from kallithea.core.access import SubjectKind
from kallithea.core.explanation import Effect, SourceKind
from kallithea.core.words import _
from kallithea.model.user import User
from kallithea.services.access_reports import AccessReport, NamedMembership, NamedSource
from kallithea.services.scope import Services
from kallithea.web.context import Context
from kallithea.web.permissions.spot import FindSpot, Spot, SpotKind, name_of
from kallithea.web.permissions.why import name_place
from kallithea.web.request import Request
from kallithea.web.ui.allowance_lines import AllowanceLine, make_allowance_lines
from kallithea.web.ui.subjects import name_subject

_EFFECTS = {
    Effect.DECIDES: _("Gives the level"),
    Effect.LOWER: _("Counts, but something else gives more"),
    Effect.OVERRULED: _("Overruled: a nearer one counts"),
    Effect.PRIVATE: _("Ignored: the repository is private"),
}


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A source as the table has it."""

    what: str
    place: str
    effect: str
    source: NamedSource


@dataclass(frozen=True, slots=True)
class MembershipLine:
    """What would be without a membership, as a sentence begins."""

    words: str
    membership: NamedMembership


@dataclass(frozen=True, slots=True)
class CheckPage:
    """The answer, None where nobody was asked about. ``name`` is that of the account, empty for a visitor.

    ``target`` is the path or name of what it is about. ``allowances`` are shown for an account on the whole site.
    """

    spot: Spot
    target: str
    asked: str
    visitor: bool
    name: str
    disabled: bool
    report: AccessReport | None
    sources: tuple[SourceLine, ...]
    memberships: tuple[MembershipLine, ...]
    matrix_address: str
    address: str
    visitor_address: str
    problem: str
    allowances: tuple[AllowanceLine, ...]


class Checks:
    """The page for one kind of spot."""

    def __init__(self, find: FindSpot) -> None:
        self._find = find

    def show(self, context: Context, request: Request) -> CheckPage:
        """Why the account ``?user=``, or with ``?visitor=1`` somebody without one, has the level that it has."""
        spot, asked, services = self._find(context), request.query_text("user").strip(), request.services
        target = spot.load(services, request.visitor.viewer)
        visitor = "visitor" in request.query and not asked
        user = _find(services, request, asked) if asked else None
        report = (
            services.access_reports.explain(user, target, request.visitor.viewer)
            if user is not None or visitor
            else None
        )
        if asked and user is None:
            request.response.status_int = 422
        return CheckPage(
            spot,
            name_of(spot, target),
            asked,
            visitor,
            "" if user is None else user.name,
            user is not None and not user.active,
            report,
            tuple(map(_source_line, () if report is None else report.sources)),
            tuple(map(_membership_line, () if report is None else report.memberships)),
            spot.address(request.links),
            spot.address(request.links, "check"),
            spot.address(request.links, "check", visitor=1),
            _("There is no account with this name.") if asked and user is None else "",
            _allowances(services, user) if user is not None and spot.kind is SpotKind.SITE else (),
        )


def _find(services: Services, request: Request, name: str) -> User | None:
    """The account with the name; who is disabled, administrators of the site alone are told."""
    user = services.users.find(name)
    return user if user is None or user.active or request.visitor.viewer.super_administrator else None


def _allowances(services: Services, user: User) -> tuple[AllowanceLine, ...]:
    return make_allowance_lines(services.allowances.explain(services.permissions.viewer_for(user)))


def _source_line(source: NamedSource) -> SourceLine:
    reaches = source.reaches and source.kind is SourceKind.GRANT and source.effect is Effect.DECIDES
    effect = _("Gives the level, here and on all below") if reaches else _EFFECTS[source.effect]
    return SourceLine(_what(source), name_place(source.place, source.path), effect, source)


def _what(source: NamedSource) -> str:
    if source.subject is not None:
        return name_subject(source.subject, source.name)
    return _("Owner") if source.kind is SourceKind.OWNER else _("Administrator of the site")


def _membership_line(membership: NamedMembership) -> MembershipLine:
    if membership.subject is not SubjectKind.USER_GROUP:
        return MembershipLine(_("Where the site admits no visitors"), membership)
    if not membership.name:
        return MembershipLine(_("Outside a user group that you cannot see"), membership)
    return MembershipLine(_("Outside the user group %(name)s", name=membership.name), membership)
