"""Groups of repositories: one name space, visible to whoever may see something in them."""

import multiprocessing
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from multiprocessing.synchronize import Barrier

import pytest
from sqlalchemy import func, select

from kallithea.core.access import SIGNED_IN, Level, Viewer
from kallithea.core.actor import COMMAND_LINE
from kallithea.core.errors import (
    ConflictError,
    ForbiddenError,
    InvalidError,
    KallitheaError,
    NotFoundError,
    UnavailableError,
)
from kallithea.core.settings import Settings
from kallithea.model.location import Location
from kallithea.services.application import Application
from kallithea.services.repository_group_settings import GroupChange
from kallithea.services.repository_groups import GroupCount
from kallithea.services.scope import Services
from kallithea.services.work import open_application, reading, writing
from kallithea.vcs.types import Kind
from tests.factories.people import Factory
from tests.processes import FRESH
from tests.statements import counted


def test_group_is_found_by_path_in_whatever_case(application: Application) -> None:
    made = Factory(application).group("Tools")
    with reading(application) as services:
        assert services.repository_groups.get("tOOLS").repository_group_id == made.repository_group_id
        assert services.repository_groups.get_by_id(made.repository_group_id).path == "Tools"
        assert services.repository_groups.find("tool") is None
        with pytest.raises(NotFoundError):
            services.repository_groups.get("tool")
        with pytest.raises(NotFoundError):
            services.repository_groups.get_by_id(404)


def test_path_is_written_as_the_parent_writes_its_own(application: Application) -> None:
    people = Factory(application)
    people.group("Tools")
    assert people.group("tools/Hand").path == "Tools/Hand"
    assert people.repository("TOOLS/hand/hammer").path == "Tools/Hand/hammer"


@pytest.mark.parametrize("taken", ["a", "A", "a/b", "A/B"])
def test_path_is_taken_once_by_groups_and_repositories_together(every_application: Application, taken: str) -> None:
    people = Factory(every_application)
    people.group("a")
    people.repository("a/b")
    with pytest.raises(ConflictError, match="exists already, as a repository or as a group"):
        people.group(taken)
    with pytest.raises(ConflictError, match="exists already, as a repository or as a group"):
        people.repository(taken, folder="elsewhere")


def test_group_needs_a_parent_that_exists(application: Application) -> None:
    people = Factory(application)
    people.repository("repository")
    for parent in ("absent", "repository"):
        with pytest.raises(InvalidError, match=f"there is no repository group '{parent}'; create it first"):
            people.group(f"{parent}/sub")


IMPOSSIBLE = ["..", "a/../b", ".hg", "x.git", "x/", "-x", "x.", "x ", "nul\0", "_admin", "x" * 300, "\ud800"]


@pytest.mark.parametrize("path", IMPOSSIBLE, ids=ascii)
def test_impossible_paths_are_refused(application: Application, path: str) -> None:
    people = Factory(application)
    for make in (people.group, people.repository):
        with pytest.raises(InvalidError):
            make(path)


def test_processes_that_want_the_same_place_at_once(every_application: Application) -> None:
    """`A/b` as a group and `a/B` as a repository: one gets it, the other is told so in words."""
    Factory(every_application).group("a")
    barrier, answers = FRESH.Barrier(2), FRESH.Queue()
    processes = [
        FRESH.Process(target=_make, args=(every_application.settings, path, as_group, barrier, answers))
        for path, as_group in (("A/b", True), ("a/B", False))
    ]
    for process in processes:
        process.start()
    found = sorted(answers.get(timeout=100) for _ in processes)
    for process in processes:
        process.join(60)
    assert found[0] == ""
    assert "exists already, as a repository or as a group" in found[1]
    with reading(every_application) as services:
        assert services.session.scalar(select(func.count()).select_from(Location)) == 2


def test_making_a_group_needs_admin_on_its_parent(application: Application) -> None:
    people = Factory(application)
    ada = people.user("ada")
    people.group("hers", owner=ada)
    people.group("readable")
    people.group("hidden")
    with writing(application) as services:
        services.permissions.set_(COMMAND_LINE, services.repository_groups.get("readable"), SIGNED_IN, Level.WRITE)
    viewer = people.viewer(ada)
    with writing(application) as services:
        services.repository_groups.create(COMMAND_LINE, viewer, path="hers/sub")
        for path in ("readable/sub", "top"):
            with pytest.raises(ForbiddenError):
                services.repository_groups.create(COMMAND_LINE, viewer, path=path)
        with pytest.raises(InvalidError) as hidden:
            services.repository_groups.create(COMMAND_LINE, viewer, path="hidden/sub")
        with pytest.raises(InvalidError) as absent:
            services.repository_groups.create(COMMAND_LINE, viewer, path="absent/sub")
    assert str(hidden.value).replace("hidden", "absent") == str(absent.value)


def test_group_made_in_this_unit_counts_at_once(application: Application) -> None:
    people = Factory(application)
    ada = people.user("ada")
    viewer = people.viewer(ada)
    with writing(application) as services:
        assert services.repository_groups.overview(viewer).below(None) == ()
        group = services.repository_groups.create(COMMAND_LINE, None, path="new", owner=ada)
        assert [row.path for row in services.repository_groups.overview(viewer).below(None)] == ["new"]
        assert services.permissions.group_level(viewer, group.repository_group_id) is Level.ADMIN


def test_group_is_visible_while_something_in_it_may_be_read(application: Application) -> None:
    people = Factory(application)
    ada = people.user("ada")
    for path in ("a", "a/b", "a/b/c", "hidden", "hidden/sub", "open", "closed", "closed/open"):
        people.group(path)
    tool = people.repository("a/b/c/tool")
    people.repository("hidden/sub/tool")
    people.grant(ada, Level.READ, on=tool)
    with reading(application) as services:
        opened = services.repository_groups.get("open")
        inner = services.repository_groups.get("closed/open")
    people.grant(SIGNED_IN, Level.READ, on=opened)
    people.grant(SIGNED_IN, Level.READ, on=inner)
    viewer = people.viewer(ada)
    with reading(application) as services:
        groups = services.repository_groups
        visible = {
            path
            for path in ("a", "a/b", "a/b/c", "hidden", "hidden/sub", "open", "closed", "closed/open")
            if groups.visible(viewer, groups.get(path).repository_group_id)
        }
        assert visible == {"a", "a/b", "a/b/c", "open", "closed", "closed/open"}
        assert [row.path for row in groups.overview(viewer).below(None)] == ["a", "closed", "open"]


def test_rows_count_what_the_viewer_may_read_in_all_depths(application: Application) -> None:
    people = Factory(application)
    ada = people.user("ada")
    people.group("a")
    inner = people.group("a/inner")
    for path in ("a/one", "a/inner/two", "a/inner/three"):
        people.repository(path)
    people.repository("a/inner/secret", private=True)
    people.grant(SIGNED_IN, Level.READ, on=inner)
    viewer = people.viewer(ada)
    with reading(application) as services:
        (row,) = services.repository_groups.overview(viewer).below(None)
        assert row == GroupCount(row.group_id, None, "a", 2, near=False)
        assert [group.path for group in services.repository_groups.list_(viewer)] == ["a", "a/inner"]
        (below,) = services.repository_groups.overview(viewer).below(row.group_id)
        assert (below.path, below.name, below.repositories) == ("a/inner", "inner", 2)


def test_overview_counts_what_the_viewer_may_read_follows_and_owns(every_application: Application) -> None:
    people = Factory(every_application)
    ada, bob = people.user("ada"), people.user("bob")
    people.grant(SIGNED_IN, Level.READ)
    for path in ("a", "a/inner", "b", "c"):
        people.group(path)
    people.repository("a/inner/own", owner=ada)
    people.repository("top")
    followed = [people.repository("b/followed"), people.repository("b/secret", private=True)]
    people.repository("c/other", owner=bob)
    with writing(every_application) as services:
        for repository in followed:
            services.followers.ensure(ada.user_id, repository.repository_id)
    for user, expected in ((ada, (4, 1, 1)), (bob, (4, 0, 1)), (None, (0, 0, 0))):
        viewer = people.viewer(user)
        with reading(every_application) as services:
            overview = services.repository_groups.overview(viewer)
        assert (overview.repositories, overview.followed, overview.owned) == expected
        if user is ada:
            near = {group.path: (group.repositories, group.near) for group in overview.groups}
            assert near == {"a": (1, True), "a/inner": (1, True), "b": (1, True), "c": (1, False)}


@pytest.mark.parametrize("count", [2, 40])
def test_lists_take_the_same_statements_whatever_the_number_of_groups(application: Application, count: int) -> None:
    people = Factory(application)
    people.grant(SIGNED_IN, Level.READ)
    for number in range(count):
        people.group(f"g{number}")
        people.repository(f"g{number}/tool")
    viewer = people.viewer(people.user())
    with reading(application) as services, counted(application.engine) as statements:
        assert len(services.repository_groups.overview(viewer).below(None)) == count
    assert len(statements) == 3


def _make(
    settings: Settings, path: str, as_group: bool, barrier: Barrier, answers: "multiprocessing.Queue[str]"
) -> None:
    application = open_application(settings)
    with reading(application) as services:
        services.users.count()
    barrier.wait(60)
    try:
        with writing(application) as services:
            if as_group:
                services.repository_groups.create(COMMAND_LINE, None, path=path)
            else:
                services.repositories.insert(COMMAND_LINE, kind=Kind.HG, path=path, folder="b", owner_id=None)
        answers.put("")
    except KallitheaError as problem:
        answers.put(f"{type(problem).__name__}: {problem}")
    application.close()


RESERVED = [("a", "_admin"), ("a", "CSS"), ("a/robots.txt", "robots.txt")]


@pytest.mark.parametrize(("path", "name"), RESERVED, ids=["begins with _", "renamed", "moved to the top"])
def test_no_group_takes_an_address_of_the_site_s_own(application: Application, path: str, name: str) -> None:
    people = Factory(application)
    groups = {made.path: made.repository_group_id for made in map(people.group, ("a", "a/robots.txt"))}
    viewer, change = Viewer(None, frozenset(), super_administrator=True), GroupChange(name, "", "", "")
    with writing(application) as services, pytest.raises(InvalidError) as refusal:
        services.repository_group_settings.update(COMMAND_LINE, viewer, groups[path], change)
    assert refusal.value.problems == {"name": f"'{name}' is reserved for pages of this site"}


def test_two_who_move_groups_into_each_other_make_no_ring(every_application: Application) -> None:
    application, people = every_application, Factory(every_application)
    ids = {path: people.group(path).repository_group_id for path in ("a", "a/y", "b", "b/x")}
    viewer = Viewer(None, frozenset(), super_administrator=True)

    def move(services: Services, path: str, parent: str) -> None:
        change = GroupChange(path, parent, "", "")
        services.repository_group_settings.update(COMMAND_LINE, viewer, ids[path], change)

    def move_other() -> None:
        with writing(application) as services:
            move(services, "b", "a/y")

    with ThreadPoolExecutor(1) as thread:
        with writing(application) as services:
            move(services, "a", "b/x")
            other = thread.submit(move_other)
            # it waits for this unit; what does not wait has done its harm by then
            wait([other], timeout=0.3)
        assert isinstance(other.exception(), InvalidError | ConflictError | UnavailableError)
    with reading(application) as services:
        assert services.repository_groups.get_by_id(ids["a"]).path == "b/x/a"
        assert services.repository_groups.get_by_id(ids["b"]).parent_id is None


def test_no_group_moves_into_one_that_is_renamed_meanwhile(every_application: Application) -> None:
    application, people = every_application, Factory(every_application)
    ids = {path: people.group(path).repository_group_id for path in ("a", "b")}
    viewer = Viewer(None, frozenset(), super_administrator=True)

    def move() -> None:
        with writing(application) as services:
            change = GroupChange("a", "b", "", "")
            services.repository_group_settings.update(COMMAND_LINE, viewer, ids["a"], change)

    with ThreadPoolExecutor(1) as thread:
        with writing(application) as services:
            services.repository_group_settings.update(COMMAND_LINE, viewer, ids["b"], GroupChange("c", "", "", ""))
            other = thread.submit(move)
            # it waits for this unit; what does not wait has done its harm by then
            wait([other], timeout=0.3)
        assert isinstance(other.exception(), InvalidError | ConflictError | UnavailableError)
    with reading(application) as services:
        assert services.repository_groups.get_by_id(ids["a"]).path == "a"
        assert services.repository_groups.get_by_id(ids["b"]).path == "c"


def _make_one(services: Services, path: str, as_group: bool) -> None:
    if as_group:
        services.repository_groups.create(COMMAND_LINE, None, path=path)
    else:
        services.repositories.insert(COMMAND_LINE, kind=Kind.HG, path=path, folder="x", owner_id=None)


@pytest.mark.parametrize("as_group", [False, True], ids=["repository", "group"])
@pytest.mark.parametrize("creating_waits", [False, True], ids=["renaming waits", "creating waits"])
@pytest.mark.parametrize("around", ["a", "a/y"])
def test_what_is_made_in_a_group_that_is_renamed_meanwhile_lies_in_it(
    every_application: Application, around: str, creating_waits: bool, as_group: bool
) -> None:
    application, people = every_application, Factory(every_application)
    ids = {path: people.group(path).repository_group_id for path in ("a", "a/y")}
    viewer = Viewer(None, frozenset(), super_administrator=True)

    def rename(services: Services) -> None:
        services.repository_group_settings.update(COMMAND_LINE, viewer, ids["a"], GroupChange("b", "", "", ""))

    def create(services: Services) -> None:
        _make_one(services, f"{around}/x", as_group)

    def in_unit(act: Callable[[Services], None]) -> None:
        with writing(application) as services:
            act(services)

    first, second = (rename, create) if creating_waits else (create, rename)
    with ThreadPoolExecutor(1) as thread:
        with writing(application) as services:
            first(services)
            other = thread.submit(in_unit, second)
            # it waits for this unit; what does not wait has done its harm by then
            wait([other], timeout=0.3)
        problem = other.exception()
    # who begins after the first unit, as always on SQLite, finds no group of the old name
    assert problem is None or (creating_waits and isinstance(problem, InvalidError))
    with reading(application) as services:
        paths = set(services.session.scalars(select(Location.path)))
    assert paths == {"b", "b/y"} | ({around.replace("a", "b", 1) + "/x"} if problem is None else set())
