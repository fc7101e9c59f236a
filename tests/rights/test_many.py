"""The rights of a page on a large site: a few statements, however much there is."""

from kallithea.core.access import Level
from kallithea.model.user import User
from kallithea.services.application import Application
from kallithea.services.work import reading, writing
from scripts.benchmarks.generated.people import add_people
from tests.applications import NOON
from tests.statements import counted


def test_rights_of_a_page_take_three_statements_on_a_large_site(application: Application) -> None:
    with writing(application) as services:
        add_people(services.session, NOON)
    with reading(application) as services:
        user = services.session.get(User, 7)
        repositories = [services.repositories.get_by_id(number) for number in (1, 5_000, 10_000)]
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
