"""Those who can read a repository are those of whom one subject can."""

import contextlib

from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from sqlalchemy import select

from kallithea.core.access import Level, Subject, SubjectKind, Viewer
from kallithea.model.repository import Repository
from kallithea.services.application import Application
from kallithea.services.readers import find_readers
from kallithea.services.work import writing
from tests.factories.worlds import World, naive_level, store_world, viewers, worlds


class _UndoneError(Exception):
    """Ends a unit without a commit."""


def as_people_are(viewer: Viewer) -> Viewer:
    """The viewer as their own subject, and without what tokens and administrators have."""
    subjects = {subject for subject in viewer.subjects if subject.kind is not SubjectKind.USER}
    if viewer.user_id is not None:
        subjects.add(Subject(SubjectKind.USER, viewer.user_id))
    return Viewer(viewer.user_id, frozenset(subjects))


@hypothesis_settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(worlds(), viewers)
def test_whoever_may_read_is_a_reader(application: Application, world: World, viewer: Viewer) -> None:
    person = as_people_are(viewer)
    with contextlib.suppress(_UndoneError), writing(application) as services:
        store_world(services, world)
        for repository in services.session.scalars(select(Repository)).all():
            (node,) = (one for one in world.repositories if one.repository_id == repository.repository_id)
            expected = naive_level(world, person, node) >= Level.READ
            assert bool(find_readers(services.session, repository) & person.subjects) is expected
        raise _UndoneError
