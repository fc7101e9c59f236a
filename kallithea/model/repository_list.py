"""Lists of repositories, and how many there are in each group."""

import datetime
from collections.abc import Sequence
from typing import Any, TypeAlias, TypeVarTuple

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, case, func, literal, or_, select, union_all

from kallithea.core.names import name_key, storable
from kallithea.model.follower import followed_by
from kallithea.model.location import Location
from kallithea.model.repository import Repository
from kallithea.model.repository_activity import RepositoryActivity
from kallithea.model.repository_group import RepositoryGroup
from kallithea.model.user import User

Columns = TypeVarTuple("Columns")

#: Id, group, kind, path, description, privacy, last change, owner's name, the Monday and the weeks of what was counted,
#: and whether the viewer follows it.
RepositoryTuple: TypeAlias = tuple[
    int,
    int | None,
    str,
    str,
    str,
    bool,
    datetime.datetime,
    str | None,
    datetime.date | None,
    str | None,
    bool,
]


def repository_rows(condition: ColumnElement[bool], user_id: int | None) -> Select[*tuple[Any, ...]]:
    """Of each of the repositories a RepositoryTuple."""
    columns = (
        Repository.repository_id,
        Repository.group_id,
        Repository.kind,
        Location.path,
        Repository.description,
        Repository.private,
        Repository.updated,
        User.name,
        RepositoryActivity.monday,
        RepositoryActivity.weeks,
        is_followed_by(user_id).label("followed"),
    )
    counted = and_(RepositoryActivity.repository_id == Repository.repository_id, Repository.statistics)
    return _owned_and_located(select(*columns)).outerjoin(RepositoryActivity, counted).where(condition)


def page_of(
    rows: Select[*tuple[Any, ...]], total: Select[int], order: Sequence[Any], span: range
) -> Select[*tuple[Any, ...]]:
    """Those of the ``repository_rows`` that have these places in the order, each with the ``total`` after it."""
    counted = rows.add_columns(total.correlate(None).scalar_subquery())
    return counted.order_by(*order, Location.path_key).offset(span.start).limit(len(span))


def followed_first(
    rows: Select[*tuple[Any, ...]], total: Select[int], user_id: int | None, span: range
) -> Select[*tuple[Any, ...]]:
    """The same, with those that the user follows before the others, and of both the last changed first.

    Asked for apart, both come from an index in their order. Sorted together, all would be read for every page.
    """
    order = (Repository.updated.desc(), Location.path_key)
    own = is_followed_by(user_id)
    parts = [
        rows.add_columns(Location.path_key).where(part).order_by(*order).limit(span.stop).subquery().select()
        for part in (own, ~own)
    ]
    *columns, path_key = (both := union_all(*parts).subquery()).c
    page = select(*columns, total.correlate(None).scalar_subquery())
    ordered = page.order_by(both.c.followed.desc(), both.c.updated.desc(), path_key)
    return ordered.offset(span.start).limit(len(span))


def is_followed_by(user_id: int | None) -> ColumnElement[bool]:
    """Repositories that the user follows; nobody follows none."""
    return Repository.repository_id.in_(followed_by(user_id))


def mentions(text: str) -> ColumnElement[bool]:
    """Repositories with this in their path, their description or their owner's name, whatever its case.

    For descriptions, SQLite knows the case of ASCII letters only.
    """
    return or_(
        Location.path_key.contains(name_key(text), autoescape=True),
        func.lower(Repository.description).contains(storable(text.lower()), autoescape=True),
        User.name_key.contains(name_key(text), autoescape=True),
    )


def repository_count(condition: ColumnElement[bool], *, by_names: bool = False) -> Select[int]:
    """How many repositories meet the condition; ``by_names``: it asks for paths or owners, as ``mentions`` does."""
    count = select(func.count()).select_from(Repository)
    return (_owned_and_located(select(func.count())) if by_names else count).where(condition)


def repository_counts(condition: ColumnElement[bool]) -> Select[int | None, int]:
    """For each group, None for the top of the site, the number of repositories that lie directly in it."""
    return select(Repository.group_id, func.count().label("count")).where(condition).group_by(Repository.group_id)


def group_list(condition: ColumnElement[bool]) -> Select[int, str, str, int]:
    """Of every group its id, path, description, and how many such repositories lie directly in it."""
    counts = repository_counts(condition).subquery()
    return (
        select(
            RepositoryGroup.repository_group_id,
            Location.path,
            RepositoryGroup.description,
            func.coalesce(counts.c.count, 0),
        )
        .join(RepositoryGroup.location)
        .outerjoin(counts, counts.c.group_id == RepositoryGroup.repository_group_id)
        .order_by(Location.path_key)
    )


def group_counts(
    condition: ColumnElement[bool], user_id: int | None
) -> CompoundSelect[int | None, str, str, int, int, int]:
    """Of every group its id, path_key and path, and how many such repositories lie directly in it.

    After that how many of those the user follows, and how many they own. A row without an id counts those in no group,
    if there are any.
    """
    columns = (
        Repository.group_id,
        func.count().label("readable"),
        func.count(case((is_followed_by(user_id), 1))).label("followed"),
        func.count(case((Repository.owner_id == user_id, 1))).label("owned"),
    )
    counts = select(*columns).where(condition).group_by(Repository.group_id).cte("counts")
    numbers = [func.coalesce(counts.c[name], 0).label(name) for name in ("readable", "followed", "owned")]
    groups = (
        select(RepositoryGroup.repository_group_id.label("group_id"), Location.path_key, Location.path, *numbers)
        .join(RepositoryGroup.location)
        .outerjoin(counts, counts.c.group_id == RepositoryGroup.repository_group_id)
    )
    nowhere = literal("")
    top = select(counts.c.group_id, nowhere, nowhere, *numbers).where(counts.c.group_id.is_(None))
    return union_all(groups, top)


def _owned_and_located(statement: Select[*Columns]) -> Select[*Columns]:
    statement = statement.select_from(Repository).join(Repository.location)
    return statement.outerjoin(User, User.user_id == Repository.owner_id)
