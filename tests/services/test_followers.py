"""Who follows which repositories."""

from concurrent.futures import ThreadPoolExecutor

from kallithea.core.actor import COMMAND_LINE
from kallithea.services.application import Application
from kallithea.services.followers import NOT_FOLLOWED, FollowerRow, Following
from kallithea.services.work import reading, writing
from tests.factories.people import Factory


def test_following_twice_is_following_once(every_application: Application) -> None:
    people = Factory(every_application)
    ada, bob, tool = people.user("ada"), people.user("bob"), people.repository("tool")
    for user in (ada, ada, bob):
        with writing(every_application) as services:
            services.followers.ensure(user.user_id, tool.repository_id)
    with reading(every_application) as services:
        assert services.followers.count(ada.user_id, tool.repository_id) == Following(2, own=True)
        assert services.followers.count(None, tool.repository_id) == Following(2, own=False)
    for _ in range(2):
        with writing(every_application) as services:
            services.followers.delete(ada.user_id, tool.repository_id)
    with reading(every_application) as services:
        assert services.followers.count(ada.user_id, tool.repository_id) == Following(1, own=False)


def test_requests_at_once_are_no_failure(every_application: Application) -> None:
    people = Factory(every_application)
    ada, tool = people.user("ada"), people.repository("tool")

    def click(_number: int) -> None:
        for change in ("ensure", "delete", "ensure"):
            with writing(every_application) as services:
                getattr(services.followers, change)(ada.user_id, tool.repository_id)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(click, range(4)))
    with reading(every_application) as services:
        assert services.followers.count(ada.user_id, tool.repository_id) == Following(1, own=True)


def test_followers_are_listed_by_name(application: Application) -> None:
    people = Factory(application)
    tool = people.repository("tool")
    users = [people.user(name) for name in ("bob", "Ada", "cid")]
    with writing(application) as services:
        for user in users:
            services.followers.ensure(user.user_id, tool.repository_id)
    with reading(application) as services:
        rows = services.followers.list_(tool.repository_id, offset=0, limit=2)
        assert [row.name for row in rows] == ["Ada", "bob"]
        assert rows[0] == FollowerRow("Ada", "Ada", rows[0].since)
        assert [row.name for row in services.followers.list_(tool.repository_id, offset=2)] == ["cid"]


def test_what_is_deleted_is_followed_no_more(every_application: Application) -> None:
    people = Factory(every_application)
    ada, tool, hammer = people.user("ada"), people.repository("tool"), people.repository("hammer")
    with writing(every_application) as services:
        for repository in (tool, hammer):
            services.followers.ensure(ada.user_id, repository.repository_id)
    with writing(every_application) as services:
        services.repositories.delete(COMMAND_LINE, services.repositories.get("tool"))
    with writing(every_application) as services:
        services.session.delete(services.users.get("ada"))
    with reading(every_application) as services:
        for repository in (tool, hammer):
            assert services.followers.count(ada.user_id, repository.repository_id) == NOT_FOLLOWED
