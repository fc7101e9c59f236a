"""What every request of git and hg asks of the database: a repository, and all that decides about the right to it."""

from typing import Any

from sqlalchemy import BindParameter, CompoundSelect, Select, and_, bindparam, func, null, select, union_all
from sqlalchemy.orm import aliased

from kallithea.model.grant import SITE, Grant
from kallithea.model.location import AT_PATHS, Location
from kallithea.model.repository import Repository
from kallithea.model.repository_group import RepositoryGroup

_SUBJECT_KEYS: BindParameter[Any] = bindparam("subject_keys", expanding=True)
_OnRepository, _OnGroup = aliased(Grant), aliased(Grant)

_LYING = (
    select(
        func.coalesce(_OnRepository.subject_key, _OnGroup.subject_key).label("subject_key"),
        func.coalesce(_OnRepository.level, _OnGroup.level).label("level"),
        RepositoryGroup.repository_group_id,
        Repository.repository_id,
        Repository.group_id,
        Repository.owner_id,
        Repository.private,
        Repository.kind,
        Repository.folder,
        Repository.publishing,
        Location.path,
        RepositoryGroup.parent_id,
        RepositoryGroup.owner_id.label("group_owner_id"),
    )
    .outerjoin(Repository, Repository.repository_id == Location.repository_id)
    .outerjoin(RepositoryGroup, RepositoryGroup.repository_group_id == Location.repository_group_id)
    .outerjoin(
        _OnRepository,
        and_(_OnRepository.repository_id == Location.repository_id, _OnRepository.subject_key.in_(_SUBJECT_KEYS)),
    )
    .outerjoin(
        _OnGroup,
        and_(_OnGroup.repository_group_id == Location.repository_group_id, _OnGroup.subject_key.in_(_SUBJECT_KEYS)),
    )
    .where(AT_PATHS)
)

_ON_SITE = select(Grant.subject_key, Grant.level, *[null()] * (len(_LYING.selected_columns) - 2)).where(
    Grant.target_key == SITE, Grant.subject_key.in_(_SUBJECT_KEYS)
)

#: What lies at those of the paths that exist: a row for each grant on it to the subjects, or one without a grant; then
#: the grants on the whole site, without a path. The first seven columns are a GrantTuple. Run it with ``at_paths`` and
#: ``to_subjects``.
AT_PLACE: CompoundSelect[Any] = union_all(_LYING, _ON_SITE)

#: What is taken of AT_PLACE about the repository ``repository_id``.
BY_ID: Select[int, int | None, int | None, bool, str, str, bool, str] = (
    select(
        Repository.repository_id,
        Repository.group_id,
        Repository.owner_id,
        Repository.private,
        Repository.kind,
        Repository.folder,
        Repository.publishing,
        Location.path,
    )
    .join(Repository.location)
    .where(Repository.repository_id == bindparam("repository_id"))
)
