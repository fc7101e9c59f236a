"""What people may make on the whole site: loads who was allowed what, and lets ``core.allowances`` decide."""

import collections
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from kallithea.core.access import SIGNED_IN, VISITORS, Level, Subject, SubjectKind, Viewer
from kallithea.core.actor import Actor
from kallithea.core.allowances import OF_THE_TOP, Allowance, find_givers, is_allowed, is_given_by_level
from kallithea.core.errors import ConflictError, ForbiddenError, InvalidError
from kallithea.core.words import _
from kallithea.model.access_report import user_group_names
from kallithea.model.allowance import GIVEN, GivenAllowance, count_receivers, given_to, named_receivers
from kallithea.model.grant import parse_subject_key, subject_key, to_subjects
from kallithea.model.user import User
from kallithea.model.user_group import UserGroup
from kallithea.services.audit import Audit
from kallithea.services.insertion import insert
from kallithea.services.permissions import Permissions
from kallithea.services.rows import plain_rows

_Given = Mapping[Subject, Collection[Allowance]]


@dataclass(frozen=True, slots=True)
class Receiver:
    """An account or a group of users, and what is allowed to it itself."""

    subject: Subject
    name: str
    allowances: frozenset[Allowance]


@dataclass(frozen=True, slots=True)
class AllowanceReport:
    """Whether somebody may make this, and why: ``by_level``, or as the subjects with these kinds and names.

    The name is that of a group of users, empty for the account itself and for all signed-in accounts.
    """

    allowance: Allowance
    allowed: bool
    by_level: bool
    givers: tuple[tuple[SubjectKind, str], ...]


class Allowances:
    """Answers and changes what is allowed. An answer takes two statements at most."""

    def __init__(self, session: Session, permissions: Permissions, audit: Audit) -> None:
        self._session = session
        self._permissions = permissions
        self._audit = audit
        self._given: dict[Viewer, _Given] = {}

    def can(self, viewer: Viewer, allowance: Allowance) -> bool:
        """Whether the viewer may make this."""
        given = {} if viewer.super_administrator else self._given_to(viewer)
        # the level is asked for only where it matters
        if is_allowed(viewer, allowance, Level.NONE, given) or allowance not in OF_THE_TOP:
            return is_allowed(viewer, allowance, Level.NONE, given)
        return is_allowed(viewer, allowance, self._top(viewer), given)

    def require(self, viewer: Viewer, allowance: Allowance) -> None:
        """Raise ForbiddenError if the viewer may not make this."""
        if not self.can(viewer, allowance):
            raise ForbiddenError(allowance.refusal)

    def explain(self, viewer: Viewer) -> tuple[AllowanceReport, ...]:
        """What somebody may make and why."""
        top, given = self._top(viewer), self._given_to(viewer)
        found = {allowance: find_givers(viewer, allowance, given) for allowance in Allowance}
        names = self._names({giver for givers in found.values() for giver in givers})
        return tuple(
            AllowanceReport(
                allowance,
                is_allowed(viewer, allowance, top, given),
                is_given_by_level(viewer, allowance, top),
                tuple((giver.kind, names.get(giver, "")) for giver in givers),
            )
            for allowance, givers in found.items()
        )

    def given_to(self, subject: Subject) -> frozenset[Allowance]:
        """What is allowed to the subject itself."""
        return _named(self._session.scalars(given_to(subject_key(subject))).all())

    def list_(self, *, offset: int = 0, limit: int = 100) -> tuple[tuple[Receiver, ...], int]:
        """Accounts and groups of users to which something is allowed, in the order of names; and how many there are."""
        page = self._session.execute(named_receivers().offset(offset).limit(limit)).all()
        given = self._load([key for key, _name in page])
        rows = (
            Receiver(subject, name, frozenset(given[subject]))
            for subject, name in ((parse_subject_key(key), name) for key, name in page)
        )
        return tuple(rows), self._session.scalar(count_receivers()) or 0

    def replace_(
        self, actor: Actor, subject: Subject, before: Collection[Allowance] | None, after: Collection[Allowance]
    ) -> None:
        """Allow the subject this and nothing else, if what it is allowed is what somebody saw; None: whatever it is.

        Raises InvalidError for visitors, who make nothing, and ConflictError where it is something else.
        """
        if subject == VISITORS:
            raise InvalidError({"subject": _("visitors make nothing; name an account or a group, or all signed-in")})
        rows = self._session.scalars(given_to(subject_key(subject)).with_for_update()).all()
        found, wanted = _named(rows), frozenset(after)
        if before is not None and found != frozenset(before):
            raise ConflictError(_("Somebody else has changed meanwhile what is allowed. Look again."))
        if found == wanted:
            return
        for row in rows:
            if row.name not in wanted:
                self._session.delete(row)
        for allowance in sorted(wanted - found):
            insert(self._session, _row(subject, allowance), _("Somebody else has just allowed the same."))
        self._session.flush()
        self._given.clear()
        old, new = ({"allowed": sorted(one.value for one in values)} for values in (found, wanted))
        self._audit.add(actor, "permission.allow", self._target(subject), before=old, after=new)

    def _top(self, viewer: Viewer) -> Level:
        return Level.ADMIN if viewer.super_administrator else self._permissions.group_level(viewer, None)

    def _given_to(self, viewer: Viewer) -> _Given:
        if viewer not in self._given:
            self._given[viewer] = self._load(to_subjects(viewer.subjects)["subject_keys"])
        return self._given[viewer]

    def _load(self, keys: Collection[str]) -> _Given:
        given: dict[Subject, set[Allowance]] = collections.defaultdict(set)
        for key, name in plain_rows(self._session, GIVEN, {"subject_keys": list(keys)}) if keys else ():
            given[parse_subject_key(key)].add(Allowance(name))
        return given

    def _names(self, subjects: Collection[Subject]) -> Mapping[Subject, str]:
        ids = {one.subject_id for one in subjects if one.kind is SubjectKind.USER_GROUP}
        rows = self._session.execute(user_group_names(ids)) if ids else ()
        return {Subject(SubjectKind.USER_GROUP, group_id): name for group_id, name in rows}

    def _target(self, subject: Subject) -> str:
        """The subject as the audit says it, such as ``user:ada``."""
        if subject == SIGNED_IN:
            return subject.kind.value
        row: User | UserGroup | None
        if subject.kind is SubjectKind.USER:
            row = self._session.get(User, subject.subject_id)
        else:
            row = self._session.get(UserGroup, subject.subject_id)
        return f"{subject.kind.value}:{subject.subject_id if row is None else row.name}"


def _named(rows: Collection[GivenAllowance]) -> frozenset[Allowance]:
    return frozenset(Allowance(row.name) for row in rows)


def _row(subject: Subject, allowance: Allowance) -> GivenAllowance:
    row = GivenAllowance(subject_key=subject_key(subject), name=allowance.value)
    if subject.kind is SubjectKind.USER:
        row.user_id = subject.subject_id
    elif subject.kind is SubjectKind.USER_GROUP:
        row.user_group_id = subject.subject_id
    return row
