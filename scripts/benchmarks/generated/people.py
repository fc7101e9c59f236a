"""Many people, groups and repositories with rights, in the database only."""

import datetime

from sqlalchemy import insert
from sqlalchemy.orm import Session

from kallithea.model.grant import Grant
from kallithea.model.location import Location
from kallithea.model.repository import Repository
from kallithea.model.repository_group import RepositoryGroup
from kallithea.model.user import User
from kallithea.model.user_group import UserGroup, UserGroupMember


def add_people(session: Session, now: datetime.datetime, scale: float = 1.0) -> None:
    """Fill an empty database: groups in groups, a user group for every five users, a grant to each of both.

    At scale 1 there are 1,000 users, 200 user groups and 10,000 repositories in 200 groups. No repository has a folder.
    """
    users = range(1, max(1, round(1_000 * scale)) + 1)
    groups = teams = range(1, max(1, round(200 * scale)) + 1)
    repositories = range(1, max(1, round(10_000 * scale)) + 1)
    rows: dict[type, list[dict[str, object]]] = {
        User: [{"user_id": one, "name": f"u{one}", "name_key": f"u{one}", "created": now} for one in users],
        UserGroup: [{"user_group_id": one, "name": f"t{one}", "name_key": f"t{one}", "created": now} for one in teams],
        UserGroupMember: [{"user_group_id": one % len(groups) + 1, "user_id": one} for one in users],
        RepositoryGroup: [
            {"repository_group_id": one, "parent_id": one // 6 or None, "created": now} for one in groups
        ],
        Repository: [
            {
                "repository_id": one,
                "kind": "git",
                "group_id": one % len(groups) + 1,
                "folder": f"r{one}",
                "created": now,
                "updated": now,
            }
            for one in repositories
        ],
        Location: [
            *({"path_key": f"g{one}", "path": f"g{one}", "repository_group_id": one} for one in groups),
        ],
        Grant: [
            *(
                {
                    "subject_key": f"user-group:{one}",
                    "target_key": f"group:{one}",
                    "level": 1 + one % 3,
                    "user_group_id": one,
                    "repository_group_id": one,
                }
                for one in groups
            ),
        ],
    }
    for table, values in rows.items():
        session.execute(insert(table), values)
    paths = [{"path_key": f"r{one}", "path": f"r{one}", "repository_id": one} for one in repositories]
    session.execute(insert(Location), paths)
    grants = [
        {
            "subject_key": f"user:{one % len(users) + 1}",
            "target_key": f"repository:{one}",
            "level": one % 4,
            "user_id": one % len(users) + 1,
            "repository_id": one,
        }
        for one in repositories
    ]
    session.execute(insert(Grant), grants)
