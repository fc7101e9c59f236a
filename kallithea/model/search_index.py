"""What the search index is made from, as far as the database knows it."""

from sqlalchemy import ColumnElement, Select, select

from kallithea.model.location import Location
from kallithea.model.repository import Repository, RepositoryState


def indexed_page(after: int, limit: int) -> Select[int, str, str, str | None]:
    """Repositories by id: id, path, description and recorded fingerprint."""
    return (
        select(Repository.repository_id, Location.path, Repository.description, RepositoryState.fingerprint)
        .join(Repository.location)
        .outerjoin(RepositoryState, RepositoryState.repository_id == Repository.repository_id)
        .where(Repository.repository_id > after)
        .order_by(Repository.repository_id)
        .limit(limit)
    )


def searched_repositories(condition: ColumnElement[bool]) -> Select[int, str, str]:
    """Id, path and kind of the repositories that meet the condition."""
    return select(Repository.repository_id, Location.path, Repository.kind).join(Repository.location).where(condition)
