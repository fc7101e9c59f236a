"""The rule of what somebody may read, as a condition on repositories."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, false, or_
from sqlalchemy.orm import InstrumentedAttribute

from kallithea.core.readable import GroupRule, ReadRule
from kallithea.model.repository import Repository


def readable(rule: ReadRule) -> ColumnElement[bool]:
    """A condition for WHERE, never NULL.

    Ids are written into the statement, since databases bound the number of parameters: they may be many thousands.
    """
    conditions = [
        and_(Repository.private.is_(False), _in_group(rule.public), ~_among(Repository.repository_id, rule.denied)),
        and_(Repository.private.is_(True), _in_group(rule.private), ~_among(Repository.repository_id, rule.denied)),
        _among(Repository.repository_id, rule.allowed),
    ]
    if rule.owner_id is not None:
        conditions.append(and_(Repository.owner_id.is_not(None), Repository.owner_id == rule.owner_id))
    anywhere = or_(*conditions)
    return anywhere if rule.only is None else and_(_among(Repository.repository_id, rule.only), anywhere)


def in_groups(group_ids: Collection[int]) -> ColumnElement[bool]:
    """Repositories that lie directly in one of the groups, which may be many thousands."""
    return and_(Repository.group_id.is_not(None), _among(Repository.group_id, group_ids))


def _in_group(rule: GroupRule) -> ColumnElement[bool]:
    named = _among(Repository.group_id, rule.group_ids)
    inside = and_(Repository.group_id.is_not(None), ~named if rule.inverted else named)
    return or_(Repository.group_id.is_(None), inside) if rule.top else inside


def _among(column: InstrumentedAttribute[Any], ids: Collection[int]) -> ColumnElement[bool]:
    if not ids:
        return false()
    return column.in_(bindparam(None, sorted(ids), unique=True, expanding=True, literal_execute=True))
