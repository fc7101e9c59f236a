"""Who can read a repository, as the subjects that it follows from."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from kallithea.core.access import Level, Subject, SubjectKind, Viewer
from kallithea.model.grant import (
    GRANTS_TO_ALL_ON,
    SITE,
    group_key,
    parse_subject_key,
    repository_key,
    subject_key,
)
from kallithea.model.repository import Repository
from kallithea.model.repository_group import GROUP_AND_PARENTS
from kallithea.services.rights import node_of, rights_of
from kallithea.services.rows import plain_rows


def find_readers(session: Session, repository: Repository) -> set[Subject]:
    """Every subject that may read the repository by itself: a viewer may where one of theirs is among them.

    Super administrators may besides.
    """
    node = node_of(repository)
    groups = [] if node.group_id is None else plain_rows(session, GROUP_AND_PARENTS, {"group_id": node.group_id})
    keys = [SITE, repository_key(node.repository_id), *(group_key(row[0]) for row in groups)]
    grants = plain_rows(session, GRANTS_TO_ALL_ON, {"target_keys": keys})
    subjects = {parse_subject_key(grant[0]) for grant in grants}
    subjects.update(_accounts([node.owner_id, *(owner_id for _group_id, _parent_id, owner_id in groups)]))
    return {
        subject
        for subject in subjects
        if rights_of(_alone(subject), groups, [grant for grant in grants if grant[0] == subject_key(subject)]).level(
            node
        )
        >= Level.READ
    }


def _accounts(user_ids: Iterable[int | None]) -> Iterable[Subject]:
    return (Subject(SubjectKind.USER, user_id) for user_id in user_ids if user_id is not None)


def _alone(subject: Subject) -> Viewer:
    """Somebody who is nothing else."""
    return Viewer(subject.subject_id if subject.kind is SubjectKind.USER else None, frozenset({subject}))
