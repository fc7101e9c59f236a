"""The index follows the repositories: what came, what changed, what went."""

import dataclasses
import itertools
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kallithea.core.actor import COMMAND_LINE
from kallithea.core.jobs import IndexRepositories, IndexRepository, Queue
from kallithea.core.settings import Settings, SettingsError
from kallithea.model.outbox import OutboxState
from kallithea.search.documents import DocumentKind, Skipped, Update
from kallithea.search.engine import SearchError
from kallithea.search.sqlite_index import SqliteIndex
from kallithea.services import index_sources, search_engines, search_index
from kallithea.services.application import Application
from kallithea.services.handlers import HANDLERS
from kallithea.services.index_rebuilding import rebuild
from kallithea.services.index_rules import MOST_RULES, Attributes, IndexRules
from kallithea.services.index_state import IndexState, parse_state
from kallithea.services.index_turns import IndexTurns
from kallithea.services.job_context import JobContext, JobInterruptedError
from kallithea.services.repository_settings import RepositoryChange
from kallithea.services.search_index import find_outdated, index_repository
from kallithea.services.settling import settle
from kallithea.services.work import open_application, writing
from kallithea.services.worker import Worker
from kallithea.vcs.types import Kind
from tests.applications import settings_for
from tests.factories.repositories import GitBuilder, RepositoryBuilder, Symlink, make_builder
from tests.factories.tree_bombs import commit_bomb
from tests.prepared_databases import PreparedDatabases
from tests.search.samples import ask
from tests.services.test_handlers import run
from tests.services.test_outbox import stored_jobs

#: For engines that need none, or are not opened.
NO_TURNS = IndexTurns(lambda: pytest.fail("nobody writes here"))


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


def test_other_encodings_are_read_anew(
    application: Application, make_application: Callable[[Settings], Application], settings: Settings
) -> None:
    GitBuilder(application.settings.repository_folder / "r").commit({b"a": b"\x8a\xfcm"})
    number = add(application)
    index_repository(application, number)
    assert found(application, "\u0160\xfcm", number) == []
    further = make_application(
        settings_for(settings.database_url, settings.repository_folder.parent, default_encoding="utf-8, cp1252")
    )
    assert find_outdated(further) == [number]
    index_repository(further, number)
    assert found(further, "\u0160\xfcm", number) == ["a"]


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


def index_in_turns(application: Application, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Run all jobs of the index, each giving way to others as soon as it may; whose turn it was."""
    monkeypatch.setattr(index_sources, "_STEP_DOCUMENTS", 4)
    monkeypatch.setattr(search_index, "_TURN_SECONDS", 0.0)
    turns: list[int] = []

    def take_turn(application: Application, job: IndexRepository, context: JobContext) -> None:
        turns.append(job.repository_id)
        assert len(turns) < 100
        HANDLERS[IndexRepository](application, job, context)

    Worker(application, {IndexRepository: take_turn}, "worker", (Queue.INDEX,)).run(threading.Event())
    return turns


def make_large(application: Application, kind: Kind, path: str) -> tuple[int, RepositoryBuilder]:
    """A repository that takes some steps, with attributes that judge its files."""
    builder = make_builder(kind, application.settings.repository_folder / path)
    files = {b"f%d" % number: b"word%d same" % number for number in range(8)}
    builder.commit({**files, b".gitattributes": b"x linguist-vendored\n"}, message=b"same first")
    for number in range(8):
        builder.commit({b"last": b"%d" % number}, message=b"same %d" % number)
    return add(application, kind, path=path), builder


def test_a_large_repository_lets_others_have_their_turn(
    application: Application, kind: Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    large, _builder = make_large(application, kind, "large")
    make_builder(kind, application.settings.repository_folder / "small").commit({b"a": b"apple"})
    small = add(application, kind, path="small")
    # the small one has its files and its commits: two steps, as many as a turn of no time has
    assert index_in_turns(application, monkeypatch) == [large, small, large, small, large]
    assert found(application, "apple", small) == ["a"]
    assert found(application, "same", large) == [f"f{at}" for at in range(8)]


def test_what_was_done_in_one_turn_is_not_done_in_the_next(
    application: Application, kind: Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two that always wait for each other come to an end, and read each file and commit once."""
    numbers = [make_large(application, kind, path)[0] for path in ("one", "other")]
    read: Counter[tuple[int, DocumentKind, str]] = Counter()
    apply = SqliteIndex.apply

    def note(self: SqliteIndex, update: Update) -> None:
        read.update((update.repository_id, one.facts.kind, one.facts.address) for one in update.documents)
        apply(self, update)

    monkeypatch.setattr(SqliteIndex, "apply", note)
    turns = index_in_turns(application, monkeypatch)
    assert turns[:4] == numbers * 2
    assert set(read.values()) == {1}
    assert find_outdated(application) == []
    for number in numbers:
        assert len(found(application, "same", number, DocumentKind.COMMIT)) == 9


def test_what_would_have_to_be_begun_again_gives_no_turn_away(
    application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Other attributes judge all files anew, which is done in one go or not at all."""
    large = [make_large(application, Kind.GIT, path) for path in ("one", "other")]
    numbers = [number for number, _builder in large]
    index_in_turns(application, monkeypatch)
    for _number, builder in large:
        builder.commit({b".gitattributes": b"f1 linguist-vendored\n"})
    with writing(application) as services:
        services.outbox.add_all(map(IndexRepository, numbers))
    assert sorted(index_in_turns(application, monkeypatch)) == numbers
    for number in numbers:
        assert found(application, "word1 OR word2", number) == ["f2"]


def index_until(application: Application, number: int, step: int) -> None:
    """A run that dies after so many steps."""
    told = itertools.count(1)

    def end(_count: int) -> None:
        if next(told) == step:
            raise JobInterruptedError("killed")

    with pytest.raises(JobInterruptedError):
        index_repository(application, number, tell=end)


def test_commits_of_a_run_that_died_go_with_their_branch(application: Application) -> None:
    builder = GitBuilder(application.settings.repository_folder / "r")
    first = builder.commit({b"a": b"1"}, message=b"kept")
    number = add(application)
    index_repository(application, number)
    builder.commit({b"b": b"2"}, message=b"withdrawn")
    index_until(application, number, 3)
    assert found(application, "withdrawn", number, DocumentKind.COMMIT) == ["withdrawn"]

    builder.ref(b"refs/heads/main", first)
    index_repository(application, number)
    assert found(application, "kept OR withdrawn", number, DocumentKind.COMMIT) == ["kept"]
    assert names(application, number) == ["a", "a"]
    assert find_outdated(application) == []


def test_files_of_a_run_that_died_go_with_their_branch(
    application: Application, make_application: Callable[[Settings], Application], settings: Settings
) -> None:
    application = make_application(
        settings_for(settings.database_url, settings.repository_folder.parent, index__branches="release/*")
    )
    builder = GitBuilder(settings.repository_folder / "r")
    tip = builder.commit({b"a": b"apple"})
    number = add(application)
    index_repository(application, number)
    builder.ref(b"refs/heads/release/1", tip)
    index_until(application, number, 2)
    assert found(application, "apple branch:release/1", number) == ["a"]

    builder.git("update-ref", "-d", "refs/heads/release/1")
    index_repository(application, number)
    assert found(application, "apple branch:release/1", number) == []
    assert found(application, "apple", number) == ["a"]


def test_a_repository_that_is_away_is_tried_again(application: Application) -> None:
    builder = GitBuilder(application.settings.repository_folder / "r")
    builder.commit({b"a": b"apple"})
    number = add(application)
    away = builder.path.rename(builder.path.with_name("away"))
    run(application)
    (job,) = stored_jobs(application, IndexRepository)
    assert (job.state, job.attempts) == (OutboxState.WAITING, 1)
    away.rename(builder.path)
    HANDLERS[IndexRepository](application, IndexRepository(number), JobContext(application, 1))
    assert found(application, "apple", number) == ["a"]


def test_a_damaged_repository_is_not(application: Application, caplog: pytest.LogCaptureFixture) -> None:
    builder = GitBuilder(application.settings.repository_folder / "r")
    tip = builder.commit({b"a": b"apple"})
    number = add(application)
    (builder.path / "objects" / tip[:2] / tip[2:]).unlink()
    HANDLERS[IndexRepository](application, IndexRepository(number), JobContext(application, 1))
    assert f"repository {number} cannot be indexed" in caplog.text


def test_a_repository_with_too_many_files_is_not_tried_again(
    application: Application, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kallithea.vcs.feeding.MOST_FILES", 100)
    commit_bomb(GitBuilder(application.settings.repository_folder / "r"), 3)
    number = add(application)
    HANDLERS[IndexRepository](application, IndexRepository(number), JobContext(application, 1))
    assert f"repository {number} cannot be indexed: There are more than 100 files" in caplog.text


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

    def meanwhile(_percent: int, _step: str, _line: str = "", /) -> None:
        assert found(application, "apple", number) == ["a"]
        if not pushed:
            pushed.append(builder.commit({b"b": b"berry"}))
            index_repository(application, number)
            assert found(application, "berry", number) == ["b"]

    pushed: list[str] = []
    assert rebuild(application, meanwhile) == []
    assert found(application, "apple OR berry", number) == ["a", "b"]
    assert find_outdated(application) == []


def test_a_folder_of_another_machine_is_refused(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_engines, "find_network_file_system", lambda folder: "nfs4")
    with pytest.raises(SettingsError, match="network file system"):
        search_engines.open_search(settings, NO_TURNS)


def test_an_index_in_another_database_is_refused(settings: Settings) -> None:
    with pytest.raises(SettingsError, match=r"index\.backend = postgresql: .* none of PostgreSQL"):
        search_engines.open_search(dataclasses.replace(settings, index_backend="postgresql"), NO_TURNS)
    assert search_engines.open_search(dataclasses.replace(settings, index_backend="none"), NO_TURNS) is None


def test_a_shared_index_needs_a_folder_and_its_package(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = dataclasses.replace(settings, index_backend="whoosh", index_dir=None)
    with pytest.raises(SettingsError, match="index_dir is missing"):
        search_engines.open_search(chosen, NO_TURNS)
    monkeypatch.setitem(sys.modules, "kallithea.search.whoosh_engine", None)
    with pytest.raises(SettingsError, match=r"pip install 'kallithea\[whoosh\]'"):
        search_engines.open_search(dataclasses.replace(chosen, index_dir=settings.cache_dir), NO_TURNS)


SITES = [
    pytest.param("sqlite", "whoosh", id="whoosh"),
    pytest.param("mariadb", "whoosh", id="whoosh-mariadb", marks=pytest.mark.services),
    pytest.param("postgresql", "postgresql", id="postgresql", marks=pytest.mark.services),
]


@pytest.mark.parametrize(("database", "backend"), SITES)
def test_a_site_keeps_its_index_where_its_machines_share_it(
    prepared_databases: PreparedDatabases, tmp_path: Path, kind: Kind, database: str, backend: str
) -> None:
    with prepared_databases.lend(database, tmp_path) as url:
        application = open_application(
            settings_for(url, tmp_path, index__backend=backend, index_dir=str(tmp_path / "shared"))
        )
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
    ("lib/theirs/vendor/a.c", Skipped.VENDORED),
    ("lib/theirs/undone/a.c", Skipped.NO),
]


@pytest.mark.parametrize(("path", "expected"), RULES, ids=[path for path, _ in RULES])
def test_files_that_nobody_here_wrote_are_left_out(settings: Settings, path: str, expected: Skipped) -> None:
    attributes = Attributes(
        [
            (
                ".gitattributes",
                "# a comment\nkept/** -linguist-vendored\nmade/* linguist-generated=true\n*.x text\n[\n",
            ),
            ("lib/.gitattributes", "theirs/** linguist-vendored\n/theirs/undone/** !linguist-vendored\n"),
            ("made/.gitattributes", "by_hand.c linguist-generated=false\n"),
        ]
    )
    assert IndexRules(settings, attributes).judge_path(path) is expected


def test_patterns_that_would_take_years_are_answered() -> None:
    """Whoever may push writes them; a process that is stuck in one neither ends nor keeps its leases."""
    attributes = Attributes([(".gitattributes", f"{'*a' * 40}b linguist-vendored\n")])
    assert attributes.find("a" * 250, Skipped.VENDORED) is None
    assert attributes.find(f"{'a' * 250}b", Skipped.VENDORED)


def test_so_many_lines_count_and_no_more() -> None:
    lines = "".join(f"f{number} linguist-vendored\n" for number in range(MOST_RULES + 1))
    attributes = Attributes([(".gitattributes", lines)])
    assert attributes.find(f"f{MOST_RULES - 1}", Skipped.VENDORED)
    assert attributes.find(f"f{MOST_RULES}", Skipped.VENDORED) is None


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
    assert rules.judge_content("a", b"%PDF-1.7\n") is Skipped.BINARY
    assert rules.judge_content("a", b"// Code generated by tool. DO NOT EDIT.\n") is Skipped.MADE
    assert rules.judge_content("a", b"x" * 30_000) is Skipped.MADE
    assert rules.judge_content("a", b"plain\n") is Skipped.NO


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_text_in_utf16_is_found(
    application: Application, kind: Kind, builder: RepositoryBuilder, encoding: str
) -> None:
    builder.commit({b"a": "\ufeffthe apple\r\nfalls".encode(encoding), b"b": b"\xff\xfe" + b"\0a\0p\0p\0l\0e\0\0"})
    number = add(application, kind)
    index_repository(application, number)
    assert found(application, "apple", number) == ["a"]


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


def test_attributes_of_deeper_folders_overrule_those_around(
    application: Application, kind: Kind, builder: RepositoryBuilder
) -> None:
    builder.commit(
        {
            b".gitattributes": b"*.c linguist-vendored\n",
            b".ci/.gitattributes": b"*.c -linguist-vendored\n",
            b".ci/a.c": b"apple",
            b"b.c": b"apple",
        }
    )
    number = add(application, kind)
    index_repository(application, number)
    assert found(application, "apple", number) == [".ci/a.c"]


def test_attributes_decide_whether_the_content_is_asked(
    application: Application, kind: Kind, builder: RepositoryBuilder
) -> None:
    builder.commit({b"a.c": b"apple @generated\n"})
    number = add(application, kind)
    index_repository(application, number)
    assert found(application, "apple", number) == []
    builder.commit({b".gitattributes": b"*.c -linguist-generated\n"})
    index_repository(application, number)
    assert found(application, "apple", number) == ["a.c"]
    builder.commit({b".gitattributes": None})
    index_repository(application, number)
    assert found(application, "apple", number) == []


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
