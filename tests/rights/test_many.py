"""The rights of a page on a large site: a few statements, however much there is."""

from sqlalchemy import insert

from kallithea.core.access import Level
from kallithea.model.grant import Grant
from kallithea.model.location import Location
from kallithea.model.repository import Repository
from kallithea.model.repository_group import RepositoryGroup
from kallithea.model.user import User
from kallithea.model.user_group import UserGroup, UserGroupMember
from kallithea.services.application import Application
from kallithea.services.scope import Services
from kallithea.services.work import reading, writing
from tests.applications import NOON
from tests.statements import counted

_REPOSITORIES, _USERS, _GROUPS = 10_000, 1_000, 200


def test_rights_of_a_page_take_three_statements_on_a_large_site(application: Application) -> None:
    with writing(application) as services:
        _fill(services)
    with reading(application) as services:
        user = services.session.get(User, 7)
        repositories = [services.repositories.get_by_id(number) for number in (1, 5_000, _REPOSITORIES)]
    for repository in repositories:
        with reading(application) as services, counted(application.engine) as statements:
            viewer = services.permissions.viewer_for(user)
            assert services.permissions.level(viewer, repository) in Level
        assert len(statements) <= 3
    with reading(application) as services, counted(application.engine) as statements:
        viewer = services.permissions.viewer_for(user)
        services.permissions.readable(viewer)
        assert {services.permissions.level(viewer, one) for one in repositories} <= set(Level)
    assert len(statements) <= 3


def _fill(services: Services) -> None:
    """Groups three deep, each with fifty repositories; a user group for every five users, with grants of both."""
    users, groups, repositories = range(1, _USERS + 1), range(1, _GROUPS + 1), range(1, _REPOSITORIES + 1)
    teams = range(1, _GROUPS + 1)
    rows: dict[type, list[dict[str, object]]] = {
        User: [{"user_id": one, "name": f"u{one}", "name_key": f"u{one}", "created": NOON} for one in users],
        UserGroup: [{"user_group_id": one, "name": f"t{one}", "name_key": f"t{one}", "created": NOON} for one in teams],
        UserGroupMember: [{"user_group_id": one % _GROUPS + 1, "user_id": one} for one in users],
        RepositoryGroup: [
            {"repository_group_id": one, "parent_id": one // 6 or None, "created": NOON} for one in groups
        ],
        Repository: [
            {
                "repository_id": one,
                "kind": "git",
                "group_id": one % _GROUPS + 1,
                "folder": f"r{one}",
                "created": NOON,
                "updated": NOON,
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
        services.session.execute(insert(table), values)
    paths = [{"path_key": f"r{one}", "path": f"r{one}", "repository_id": one} for one in repositories]
    services.session.execute(insert(Location), paths)
    grants = [
        {
            "subject_key": f"user:{one % _USERS + 1}",
            "target_key": f"repository:{one}",
            "level": one % 4,
            "user_id": one % _USERS + 1,
            "repository_id": one,
        }
        for one in repositories
    ]
    services.session.execute(insert(Grant), grants)
