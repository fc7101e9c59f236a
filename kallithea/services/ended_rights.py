"""Which rights end together with what is deleted, as the audit log tells them."""

from typing import Any

from sqlalchemy.orm import Session

from kallithea.core.access import Level, Subject, SubjectKind
from kallithea.model.grant import grants_on, grants_to, group_key, repository_key, user_group_key
from kallithea.model.user_group import groups_of, members


def rights_of_user(session: Session, user_id: int) -> dict[str, object]:
    """What is granted to an account, by place, and the groups of users that it is in."""
    groups = list(session.scalars(groups_of(user_id)))
    return {"grants": _grants_to(session, Subject(SubjectKind.USER, user_id)), "user_groups": groups}


def rights_of_user_group(session: Session, user_group_id: int) -> dict[str, object]:
    """What is granted to a group of users, by place, and on it, by subject, and who is in it."""
    names = [user.name for user in session.scalars(members(user_group_id))]
    return {
        "grants": _grants_to(session, Subject(SubjectKind.USER_GROUP, user_group_id)),
        "grants_on_it": _named_grants_on(session, user_group_key(user_group_id)),
        "members": names,
    }


def rights_on_repository(session: Session, repository_id: int) -> dict[str, object]:
    """What is granted on a repository itself, by subject."""
    return _grants_on(session, repository_key(repository_id))


def rights_on_group(session: Session, repository_group_id: int) -> dict[str, object]:
    """What is granted on a group of repositories itself, by subject."""
    return _grants_on(session, group_key(repository_group_id))


def _grants_on(session: Session, target_key: str) -> dict[str, object]:
    return {"grants": _named_grants_on(session, target_key)}


def _named_grants_on(session: Session, target_key: str) -> dict[str, str]:
    rows: Any = session.execute(grants_on(target_key)).all()
    return dict(sorted((_named(key, name), Level(level).word) for key, level, name in rows))


def _grants_to(session: Session, subject: Subject) -> dict[str, str]:
    return {_named(key, name): Level(level).word for level, key, name in session.execute(grants_to(subject))}


def _named(key: str, name: str | None) -> str:
    """Such as ``user:ada``; a built-in subject and the whole site are their own keys."""
    return key if name is None else f"{key.partition(':')[0]}:{name}"
