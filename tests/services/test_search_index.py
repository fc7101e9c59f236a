"""The index follows the repositories: what came, what changed, what went."""

import dataclasses
import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kallithea.core.actor import COMMAND_LINE
from kallithea.core.jobs import IndexRepositories, IndexRepository
from kallithea.core.settings import Settings, SettingsError
from kallithea.migrations.upgrade import create_schema
from kallithea.search.documents import DocumentKind, Skipped, Update
from kallithea.search.engine import SearchError
from kallithea.search.sqlite_engine import find_network_file_system
from kallithea.search.sqlite_index import SqliteIndex
from kallithea.services import index_sources, search_engines
from kallithea.services.application import Application
from kallithea.services.handlers import HANDLERS
from kallithea.services.index_rules import Attributes, IndexRules
from kallithea.services.index_state import IndexState, parse_state
from kallithea.services.job_context import JobContext, JobInterruptedError
from kallithea.services.repository_settings import RepositoryChange
from kallithea.services.search_index import find_outdated, index_repository, rebuild
from kallithea.services.settling import settle
from kallithea.services.work import open_application, writing
from kallithea.vcs.types import Kind
from tests.applications import settings_for
from tests.databases import fresh_database
from tests.factories.repositories import GitBuilder, RepositoryBuilder, Symlink, make_builder
from tests.search.samples import ask
from tests.services.test_handlers import run
from tests.services.test_outbox import stored_jobs


@pytest.fixture(params=Kind, ids=str)
def kind(request: pytest.FixtureRequest) -> Kind:
    return Kind(request.param)


@pytest.fixture
def builder(application: Application, kind: Kind) -> RepositoryBuilder:
    return make_builder(kind, application.settings.repository_folder / "r")


def add(application: Application, kind: Kind = Kind.GIT, path: str = "r", description: str = "") -> int:
    with writing(application) as services:
        return services.repositories.insert(
            COMMAND_LINE, kind=kind, path=path, folder=path, owner_id=None, description=description
        ).repository_id


def found(application: Application, query: str, number: int, kind: DocumentKind = DocumentKind.CODE) -> list[str]:
    """Where the hits are: paths, or the first line of messages."""
    assert application.search is not None
    with application.search.open() as index:
        hits = ask(index, query, (number,), kind).hits
    return sorted(hit.facts.path if kind is not DocumentKind.COMMIT else hit.text.split("\n")[0] for hit in hits)


def names(application: Application, number: int) -> list[str]:
    return found(application, "path:*", number, DocumentKind.FILE) + found(
        application, "path:**/*", number, DocumentKind.FILE
    )


def test_files_and_commits_of_the_landing_revision_are_found(
    application: Application, kind: Kind, builder: RepositoryBuilder
) -> None:
    builder.commit(
        {b"src/a.py": b"anchor_chain = 1\n", b"bin": b"anchor\0", b"link": Symlink(b"anchor")}, message=b"Drop anchor"
    )
    number = add(application, kind, description="Holds ships")

    index_repository(application, number)

    assert found(application, "chain", number) == ["src/a.py"]
    assert found(application, "anchor", number) == ["src/a.py"]
    assert names(application, number) == ["bin", "link", "bin", "link", "src/a.py"]
    assert found(application, "author:lovelace path:src/*.py", number, DocumentKind.COMMIT) == ["Drop anchor"]
    assert found(application, "ships", number, DocumentKind.REPOSITORY) == ["r"]


def test_a_push_changes_what_it_changed_and_nothing_else(
    application: Application, kind: Kind, builder: RepositoryBuilder, monkeypatch: pytest.MonkeyPatch
) -> None:
    builder.commit({b"a.txt": b"apple", b"b.txt": b"berry", b"old/c.txt": b"cherry"}, message=b"first")
    number = add(application, kind)
    index_repository(application, number)
    updates: list[Update] = []
    apply = SqliteIndex.apply

    def note(self: SqliteIndex, update: Update) -> None:
        updates.append(update)
        apply(self, update)

    monkeypatch.setattr(SqliteIndex, "apply", note)

    builder.commit({b"a.txt": b"apricot", b"old/c.txt": None, b"new/c.txt": b"cherry"}, message=b"second")
    index_repository(application, number)
    index_repository(application, number)

    read = [
        document.facts.path
        for update in updates
        for document in update.documents
        if document.facts.kind is DocumentKind.CODE
    ]
    assert sorted(read) == ["a.txt", "new/c.txt"]
    assert [
        document.text
        for update in updates
        for document in update.documents
        if document.facts.kind is DocumentKind.COMMIT
    ] == ["second"]
    assert found(application, "apple OR apricot OR cherry OR berry", number) == ["a.txt", "b.txt", "new/c.txt"]
    assert found(application, "apple", number) == []


def test_a_replaced_history_goes(application: Application) -> None:
    builder = make_builder(Kind.GIT, application.settings.repository_folder / "r")
    first = builder.commit({b"a": b"1"}, message=b"kept")
    builder.commit({b"a": b"2"}, message=b"replaced")
    number = add(application)
    index_repository(application, number)
    builder.commit({b"a": b"3"}, message=b"instead", parents=(first,))
    index_repository(application, number)
    assert found(application, "kept OR replaced OR instead", number, DocumentKind.COMMIT) == ["instead", "kept"]


def test_a_history_whose_old_head_is_gone_is_compared_as_a_whole(
    application: Application, kind: Kind, builder: RepositoryBuilder
) -> None:
    builder.commit({b"a": b"1"}, message=b"kept")
    number = add(application, kind)
    index_repository(application, number)
    assert application.search is not None
    with application.search.open() as index:
        state = parse_state(index.states()[number])
        lost = {name: ("f" * 40, landing) for name, (_at, landing) in (state.branches or {}).items()}
        index.apply(Update(number, state=IndexState(state.path, state.description, state.rules, "", lost).dump()))
    builder.commit({b"a": b"2"}, message=b"more")
    index_repository(application, number)
    assert found(application, "kept OR more", number, DocumentKind.COMMIT) == ["kept", "more"]


def test_an_empty_repository_and_one_that_is_gone(
    application: Application, kind: Kind, builder: RepositoryBuilder
) -> None:
    number = add(application, kind, description="void")
    index_repository(application, number)
    assert found(application, "void", number, DocumentKind.REPOSITORY) == ["r"]
    with writing(application) as services:
        services.repositories.delete(COMMAND_LINE, services.repositories.get_by_id(number))
    assert find_outdated(application) == [number]
    index_repository(application, number)
    assert found(application, "void", number, DocumentKind.REPOSITORY) == []
    assert find_outdated(application) == []


def test_chosen_branches_are_found_by_name(
    application: Application, make_application: Callable[[Settings], Application], settings: Settings
) -> None:
    builder = GitBuilder(application.settings.repository_folder / "r")
    tip = builder.commit({b"a": b"apple"})
    builder.ref(b"refs/heads/release/1", tip)
    builder.ref(b"refs/heads/other", tip)
    builder.commit({b"a": b"berry"})
    number = add(application)
    further = make_application(
        settings_for(settings.database_url, settings.repository_folder.parent, index__branches="release/*")
    )
    index_repository(application, number)
    assert find_outdated(further) == [number]
    index_repository(further, number)
    assert found(further, "apple", number) == []
    assert found(further, "apple branch:release/1", number) == ["a"]
    assert found(further, "apple branch:other", number) == []
    index_repository(application, number)
    assert found(application, "apple branch:release/1", number) == []


def test_another_landing_revision(application: Application) -> None:
    builder = GitBuilder(application.settings.repository_folder / "r")
    tip = builder.commit({b"a": b"apple"}, message=b"first")
    builder.ref(b"refs/heads/other", tip)
    builder.commit({b"a": b"berry"}, message=b"second")
    number = add(application)
    index_repository(application, number)
    with writing(application) as services:
        services.repository_settings.update(COMMAND_LINE, None, number, RepositoryChange(landing=b"other"))
    index_repository(application, number)
    assert found(application, "apple OR berry", number) == ["a"]
    assert found(application, "berry", number) == []
    assert found(application, "first OR second", number, DocumentKind.COMMIT) == ["first"]


def test_pushes_and_changes_of_a_repository_ask_for_its_indexing(application: Application) -> None:
    builder = make_builder(Kind.GIT, application.settings.repository_folder / "r")
    number = add(application)

    assert [job.arguments for job in stored_jobs(application, IndexRepository)] == [IndexRepository(number).arguments]
    index_repository(application, number)
    settle(application, number)
    builder.commit({b"a": b"1"})
    settle(application, number)
    assert find_outdated(application) == [number]


def test_a_renamed_group_asks_for_all_that_differ(application: Application) -> None:
    number = add(application, path="r")
    make_builder(Kind.GIT, application.settings.repository_folder / "r")
    index_repository(application, number)
    with writing(application) as services:
        services.repository_settings.update(COMMAND_LINE, None, number, RepositoryChange(name="renamed"))
    assert find_outdated(application) == [number]
    HANDLERS[IndexRepositories](application, IndexRepositories(), JobContext(application, 1))
    assert [job.arguments for job in stored_jobs(application, IndexRepository)] == [IndexRepository(number).arguments]
    HANDLERS[IndexRepository](application, IndexRepository(number), JobContext(application, 1))
    assert found(application, "renamed", number, DocumentKind.REPOSITORY) == ["renamed"]


def test_a_run_that_ends_in_between_is_gone_on_with(
    application: Application, kind: Kind, builder: RepositoryBuilder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_sources, "_STEP_DOCUMENTS", 4)
    for number in range(6):
        builder.commit({b"f%d" % number: b"word%d same" % number}, message=b"message%d same" % number)
    number = add(application, kind)
    context = JobContext(application, 1)
    for steps in range(3):
        told = itertools.count()

        def end(_count: int, told: Iterator[int] = told, steps: int = steps) -> None:
            if next(told) == steps:
                raise JobInterruptedError("killed")

        with pytest.raises(JobInterruptedError):
            index_repository(application, number, tell=end)
    HANDLERS[IndexRepository](application, IndexRepository(number), context)
    assert found(application, "same", number) == [f"f{at}" for at in range(6)]
    assert found(application, "same", number, DocumentKind.COMMIT) == [f"message{at} same" for at in range(6)]
    assert find_outdated(application) == []


def test_while_another_process_indexes_it_comes_later(application: Application) -> None:
    make_builder(Kind.GIT, application.settings.repository_folder / "r")
    number = add(application)

    def meanwhile(_count: int) -> None:
        HANDLERS[IndexRepository](application, IndexRepository(number), JobContext(application, 1))

    before = len(stored_jobs(application, IndexRepository))
    index_repository(application, number, tell=meanwhile)
    assert before == len(stored_jobs(application, IndexRepository)) == 1
    assert find_outdated(application) == []


def test_a_new_generation_has_everything_and_the_old_one_answers_until_then(
    application: Application, kind: Kind, builder: RepositoryBuilder
) -> None:
    builder.commit({b"a": b"apple"})
    number = add(application, kind)
    index_repository(application, number)

    def meanwhile(_number: int, position: int, _of: int) -> None:
        assert found(application, "apple", number) == ["a"]
        if position == 1 and not pushed:
            pushed.append(builder.commit({b"b": b"berry"}))
            index_repository(application, number)
            assert found(application, "berry", number) == ["b"]

    pushed: list[str] = []
    assert rebuild(application, meanwhile) == []
    assert found(application, "apple OR berry", number) == ["a", "b"]
    assert find_outdated(application) == []


def test_a_folder_of_another_machine_is_refused(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    mounts = settings.cache_dir / "mountinfo"
    mounts.write_text(
        "22 1 8:1 / / rw - ext4 /dev/sda1 rw\n"
        f"23 22 0:5 / {settings.cache_dir} rw - nfs4 host:/x rw\n"
        f"24 23 0:6 / {settings.cache_dir}/local rw - xfs /dev/sdb rw\n"
    )
    assert find_network_file_system(settings.cache_dir / "index", mounts) == "nfs4"
    assert find_network_file_system(settings.cache_dir / "local/index", mounts) is None
    assert find_network_file_system(settings.repository_folder, mounts) is None
    monkeypatch.setattr(search_engines, "find_network_file_system", lambda folder: "nfs4")
    with pytest.raises(SettingsError, match="network file system"):
        search_engines.open_search(settings)


def test_an_index_in_another_database_is_refused(settings: Settings) -> None:
    with pytest.raises(SettingsError, match=r"index\.backend = postgresql: .* none of PostgreSQL"):
        search_engines.open_search(dataclasses.replace(settings, index_backend="postgresql"))
    assert search_engines.open_search(dataclasses.replace(settings, index_backend="none")) is None


@pytest.mark.services
def test_a_site_keeps_its_index_in_its_database(tmp_path: Path, kind: Kind) -> None:
    with fresh_database("postgresql", tmp_path) as url:
        application = open_application(settings_for(url, tmp_path, index__backend="postgresql"))
        create_schema(application.engine)
        builder = make_builder(kind, application.settings.repository_folder / "r")
        builder.commit({b"a": b"apple"}, message=b"first")
        number = add(application, kind)
        index_repository(application, number)
        assert found(application, "apple", number) == ["a"]

        builder.commit({b"a": None, b"b": b"berry"}, message=b"second")
        index_repository(application, number)
        assert found(application, "apple OR berry", number) == ["b"]
        assert rebuild(application, lambda *_told: None) == []
        assert found(application, "apple OR berry", number) == ["b"]
        assert found(application, "first OR second", number, DocumentKind.COMMIT) == ["first", "second"]
        assert find_outdated(application) == []
        application.close()


def test_an_index_that_cannot_be_opened_says_so(application: Application) -> None:
    assert application.search is not None
    folder = application.settings.cache_dir / "index"
    with application.search.open():
        pass
    for file in folder.glob("*.db*"):
        file.unlink()
    with pytest.raises(SearchError), application.search.open():
        pass


RULES = [
    ("src/a.py", Skipped.NO),
    ("vendor/a.py", Skipped.VENDORED),
    ("a/node_modules/x/a.js", Skipped.VENDORED),
    ("a.min.js", Skipped.GENERATED),
    ("package-lock.json", Skipped.GENERATED),
    ("kept/vendor/a.py", Skipped.NO),
    ("made/x.c", Skipped.GENERATED),
    ("made/by_hand.c", Skipped.NO),
    ("lib/theirs/a.c", Skipped.VENDORED),
    ("lib/ours/a.c", Skipped.NO),
]


@pytest.mark.parametrize(("path", "expected"), RULES, ids=[path for path, _ in RULES])
def test_files_that_nobody_here_wrote_are_left_out(settings: Settings, path: str, expected: Skipped) -> None:
    attributes = Attributes(
        [
            (
                ".gitattributes",
                "# a comment\nkept/** -linguist-vendored\nmade/* linguist-generated=true\n*.x text\n[\n",
            ),
            ("lib/.gitattributes", "theirs/** linguist-vendored\n"),
            ("made/.gitattributes", "by_hand.c linguist-generated=false\n"),
        ]
    )
    assert IndexRules(settings, attributes).judge_path(path) is expected


def test_only_chosen_names_are_read(settings: Settings) -> None:
    chosen = settings_for(
        "sqlite://", settings.cache_dir.parent, index__extensions=".py c", index__filenames="Makefile"
    )
    rules = IndexRules(chosen, Attributes([]))
    assert [rules.judge_path(path) for path in ("a.py", "d/b.C", "Makefile", "c.txt", "README")] == [
        *[Skipped.NO] * 3,
        *[Skipped.NAME] * 2,
    ]


def test_contents_that_are_no_work_of_people(settings: Settings) -> None:
    rules = IndexRules(settings, Attributes([("", "")]))
    assert rules.judge_content("a", b"x\0y") is Skipped.BINARY
    assert rules.judge_content("a", b"// Code generated by tool. DO NOT EDIT.\n") is Skipped.MADE
    assert rules.judge_content("a", b"x" * 30_000) is Skipped.MADE
    assert rules.judge_content("a", b"plain\n") is Skipped.NO


def test_attributes_that_change_are_heard(application: Application, kind: Kind, builder: RepositoryBuilder) -> None:
    builder.commit({b"lib/a.c": b"apple"})
    number = add(application, kind)
    index_repository(application, number)
    builder.commit({b".gitattributes": b"lib/** linguist-vendored\n"})
    index_repository(application, number)
    assert found(application, "apple", number) == []
    builder.commit({b".gitattributes": b""})
    index_repository(application, number)
    assert found(application, "apple", number) == ["lib/a.c"]


def test_after_a_push_the_worker_makes_it_found(
    application: Application, kind: Kind, builder: RepositoryBuilder
) -> None:
    number = add(application, kind)
    settle(application, number)
    run(application)
    builder.commit({b"a.txt": b"brandnew"})
    settle(application, number)
    run(application)
    assert found(application, "brandnew", number) == ["a.txt"]
    assert find_outdated(application) == []
    with writing(application) as services:
        services.repositories.delete(COMMAND_LINE, services.repositories.get_by_id(number))
    run(application)
    assert found(application, "brandnew", number) == []
