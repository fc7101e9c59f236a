"""All repositories, for whoever administers the site: no rights are in these statements."""

import datetime
from typing import TypeAlias

from sqlalchemy import ColumnElement, Select, func, select

from kallithea.model.location import Location
from kallithea.model.remote import Remote
from kallithea.model.repository import Repository
from kallithea.model.user import User

#: Id, path key, path, kind, privacy, owner's name, creation, last change, whether it is a fork and whether it is pulled
#: from elsewhere.
InventoryTuple: TypeAlias = tuple[
    int, str, str, str, bool, str | None, datetime.datetime, datetime.datetime, bool, bool
]

#: Repositories that come from another site.
HAS_REMOTE: ColumnElement[bool] = (
    select(Remote.remote_id).where(Remote.repository_id == Repository.repository_id).exists()
)

#: Those that were forked from one that is still there.
IS_FORK: ColumnElement[bool] = Repository.fork_of_id.is_not(None)


def inventory(
    *conditions: ColumnElement[bool],
) -> Select[int, str, str, str, bool, str | None, datetime.datetime, datetime.datetime, bool, bool]:
    """An InventoryTuple of each repository, in the order of their paths."""
    return (
        select(
            Repository.repository_id,
            Location.path_key,
            Location.path,
            Repository.kind,
            Repository.private,
            User.name,
            Repository.created,
            Repository.updated,
            IS_FORK,
            HAS_REMOTE,
        )
        .join(Repository.location)
        .outerjoin(User, User.user_id == Repository.owner_id)
        .where(*conditions)
        .order_by(Location.path_key)
    )


def count_inventory(*conditions: ColumnElement[bool]) -> Select[int]:
    """How many repositories meet the conditions."""
    counted = select(func.count()).select_from(Repository).join(Repository.location)
    return counted.outerjoin(User, User.user_id == Repository.owner_id).where(*conditions)
