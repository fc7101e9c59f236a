"""Lists of accounts, and deleting one, on every database."""

from kallithea.core.access import Level
from kallithea.core.actor import COMMAND_LINE
from kallithea.services.application import Application
from kallithea.services.user_lists import UserState
from kallithea.services.work import reading, writing
from tests.factories.people import Factory
from tests.statements import counted


def listed(application: Application, words: str, state: UserState = UserState.ALL) -> list[str]:
    with reading(application) as services:
        return [row.name for row in services.user_lists.list_(words=words, state=state).rows]


def test_filter(every_application: Application) -> None:
    with writing(every_application) as services:
        create = services.users.create
        create(COMMAND_LINE, name="ada_l", email="ADA@example.org", first_name="Ada", last_name="Lovelace")
        create(COMMAND_LINE, name="root", super_administrator=True)
        services.users.disable(COMMAND_LINE, create(COMMAND_LINE, name="bob"))
    for words, state, found in (
        ("", UserState.ALL, ["ada_l", "bob", "root"]),
        ("a love", UserState.ALL, ["ada_l"]),
        ("ada@EX", UserState.ALL, ["ada_l"]),
        ("_", UserState.ALL, ["ada_l"]),
        ("o", UserState.ACTIVE, ["ada_l", "root"]),
        ("o", UserState.DISABLED, ["bob"]),
        ("", UserState.ADMINISTRATORS, ["root"]),
    ):
        assert listed(every_application, words, state) == found


def test_page_takes_three_statements_however_many_there_are(application: Application) -> None:
    people = Factory(application)
    users = [people.user() for _ in range(20)]
    people.user_group(*users, name="all")
    with reading(application) as services, counted(application.engine) as statements:
        found = services.user_lists.list_(offset=5, limit=10)
    assert (len(found.rows), found.total, found.rows[0].groups) == (10, 20, ("all",))
    assert len(statements) == 3


def test_account_is_deleted_with_what_belongs_to_it_alone(every_application: Application) -> None:
    people = Factory(every_application)
    people.user("root", super_administrator=True)
    ada, heir = people.user("ada"), people.user("bob")
    people.user_group(ada)
    group = people.group("harbour", owner=ada)
    repository = people.repository("harbour/r", owner=ada)
    people.grant(ada, Level.READ, on=group)
    with writing(every_application) as services:
        services.tokens.create(COMMAND_LINE, services.users.get("ada"))
        services.followers.ensure(ada.user_id, repository.repository_id)
        found = services.user_removal.belongings(services.users.get("ada"))
        assert (found.tokens, found.grants, found.memberships, found.followed) == (1, 1, 1, 1)
        assert (found.repositories.names, found.repository_groups.names) == (("harbour/r",), ("harbour",))
        services.user_removal.delete(COMMAND_LINE, services.users.get("ada"), services.users.get("bob"))
    with reading(every_application) as services:
        assert services.users.find("ada") is None
        assert services.repositories.get("harbour/r").owner_id == heir.user_id
        assert services.permissions.list_(services.repository_groups.get("harbour")) == ()
