"""How addresses name the sides of a comparison, and what is kept about them."""

import pathlib

import pytest

from kallithea.cache.file_store import FileStore
from kallithea.core.access import SIGNED_IN, Level
from kallithea.core.actor import COMMAND_LINE
from kallithea.model.repository import Repository
from kallithea.services.application import Application
from kallithea.services.compare import (
    Apart,
    End,
    SideName,
    Span,
    address_name,
    find_end,
    find_typed,
    parse_span,
    parse_typed,
    read_apart,
)
from kallithea.services.work import reading, writing
from kallithea.vcs.comparison import Comparison
from kallithea.vcs.opener import VcsOptions, open_comparison, open_repository
from kallithea.vcs.types import Kind, Ref, RefKind, Refs, RevisionNotFoundError
from tests.factories.people import Factory
from tests.factories.repositories import RepositoryBuilder, make_builder

FULL = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture(params=Kind)
def builder(request: pytest.FixtureRequest, tmp_path: pathlib.Path) -> RepositoryBuilder:
    return make_builder(request.param, tmp_path / "repository")


@pytest.mark.parametrize(
    ("text", "span"),
    [
        (b"a...b", Span(b"a", b"b")),
        (b"a..b", Span(b"a", b"b", direct=True)),
        (b"v1.0...feature/x", Span(b"v1.0", b"feature/x")),
        (b"...b", Span(b"", b"b")),
        (b"a...", Span(b"a", b"")),
        (b"a....b", Span(b"a", b".b")),
        (b"caf\xe9..b", Span(b"caf\xe9", b"b", direct=True)),
        (b"a.b", None),
        (b"", None),
    ],
)
def test_an_address_names_two_sides(text: bytes, span: Span | None) -> None:
    assert parse_span(text) == span


@pytest.mark.parametrize(
    ("base", "tip", "typed"),
    [
        (b"branch@a/b", b"tag@v1", (SideName(RefKind.BRANCH, b"a/b"), SideName(RefKind.TAG, b"v1"))),
        (b"book@@", b"rev@12", (SideName(RefKind.BOOKMARK, b"@"), SideName(None, b"12"))),
        (b"branch@a", b"b", None),
        (b"branch@", b"tag@v1", None),
        (b"a@b", b"c@d", None),
    ],
)
def test_old_addresses_have_types(base: bytes, tip: bytes, typed: tuple[SideName, SideName] | None) -> None:
    assert parse_typed(Span(base, tip)) == typed


def test_an_end_is_named_by_ref_id_prefix_or_nothing(builder: RepositoryBuilder) -> None:
    first = builder.commit({b"a": b"1"})
    second = builder.commit({b"a": b"2"})
    builder.bookmark(b"side/x", first)
    with open_repository(builder.kind, builder.path, VcsOptions()) as repository:
        found = find_end(repository, b"side/x")
        assert found.commit_id == first
        assert found.ref is not None
        assert found.ref.name == b"side/x"
        assert find_end(repository, second.encode()) == End(second, None)
        assert find_end(repository, first[:12].encode()) == End(first, None)
        assert find_end(repository, b"") == End(second, repository.default_ref())


@pytest.mark.parametrize("name", [b"nothing", b"--all", b"main^", b"0" * 40, b"f" * 40, b"a b", b"\xff"])
def test_an_end_that_is_not_there(builder: RepositoryBuilder, name: bytes) -> None:
    builder.commit({b"a": b"1"})
    with open_repository(builder.kind, builder.path, VcsOptions()) as repository, pytest.raises(RevisionNotFoundError):
        find_end(repository, name)


def test_an_empty_repository_has_no_end(builder: RepositoryBuilder) -> None:
    with open_repository(builder.kind, builder.path, VcsOptions()) as repository, pytest.raises(RevisionNotFoundError):
        find_end(repository, b"")


def _refs() -> Refs:
    branches = (Ref(RefKind.BRANCH, b"main", FULL), Ref(RefKind.BRANCH, b"x", FULL))
    tags = (Ref(RefKind.TAG, b"v1", FULL), Ref(RefKind.TAG, b"x", FULL))
    return Refs(branches, tags, (Ref(RefKind.BOOKMARK, b"v1", FULL),), branches[0])


@pytest.mark.parametrize(
    ("ref", "name"),
    [
        (Ref(RefKind.BRANCH, b"main", FULL), b"main"),
        (Ref(RefKind.BRANCH, b"x", FULL), b"x"),
        (Ref(RefKind.BOOKMARK, b"v1", FULL), b"v1"),
        # another kind of this name would be taken
        (Ref(RefKind.TAG, b"x", FULL), FULL.encode()),
        (Ref(RefKind.TAG, b"v1", FULL), FULL.encode()),
        # these would be read as something else
        (Ref(RefKind.BRANCH, b"a..b", FULL), FULL.encode()),
        (Ref(RefKind.BRANCH, b"tag@a", FULL), FULL.encode()),
        (Ref(RefKind.BRANCH, b"f" * 40, FULL), FULL.encode()),
        (Ref(RefKind.BRANCH, b"/a", FULL), FULL.encode()),
    ],
)
def test_an_address_names_a_ref_as_it_will_be_read(ref: Ref, name: bytes) -> None:
    assert address_name(ref, _refs()) == name


def test_an_old_name_means_a_ref_of_its_kind() -> None:
    assert find_typed(_refs(), SideName(RefKind.BRANCH, b"x")) == b"x"
    assert find_typed(_refs(), SideName(RefKind.TAG, b"x")) == FULL.encode()
    assert find_typed(_refs(), SideName(None, b"12")) == b"12"
    with pytest.raises(RevisionNotFoundError):
        find_typed(_refs(), SideName(RefKind.BOOKMARK, b"x"))


def _compared(builder: RepositoryBuilder) -> Comparison:
    return open_comparison(builder.kind, builder.path, builder.path, VcsOptions())


def test_how_far_two_are_apart_is_found_once(
    builder: RepositoryBuilder, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = FileStore(tmp_path / "store", 10_000_000)
    first = builder.commit({b"a": b"1"})
    base = builder.commit({b"a": b"2"})
    tip = builder.commit({b"b": b"1"}, parents=(first,), branch=b"other")
    with _compared(builder) as comparison:
        assert read_apart(store, (1, 1), comparison, base, tip) == Apart(1, 1, first, 1)
    with _compared(builder) as comparison:
        monkeypatch.setattr(type(comparison), "ahead_behind", None, raising=False)
        assert read_apart(store, (1, 1), comparison, base, tip) == Apart(1, 1, first, 1)
        # what one pair of repositories has in common says nothing about another
        with pytest.raises(TypeError):
            read_apart(store, (1, 2), comparison, base, tip)


def test_two_that_have_nothing_in_common(builder: RepositoryBuilder, tmp_path: pathlib.Path) -> None:
    base, tip = builder.commit({b"a": b"1"}), builder.commit({b"b": b"1"}, parents=())
    with _compared(builder) as comparison:
        found = read_apart(FileStore(tmp_path / "store", 10_000_000), (1, 1), comparison, base, tip)
    assert found == Apart(1, 1, None, 0)


def test_two_shallow_histories_that_are_deepened_meet(tmp_path: pathlib.Path) -> None:
    store = FileStore(tmp_path / "store", 10_000_000)
    builder = make_builder(Kind.GIT, tmp_path / "repository")
    first = builder.commit({b"a": b"1"})
    base = builder.commit({b"a": b"2"})
    tip = builder.commit({b"b": b"1"}, parents=(first,), branch=b"other")
    (builder.path / "shallow").write_text(f"{base}\n{tip}\n")
    with _compared(builder) as comparison:
        assert read_apart(store, (1, 1), comparison, base, tip) == Apart(1, 1, None, 0)
    (builder.path / "shallow").unlink()
    with _compared(builder) as comparison:
        assert read_apart(store, (1, 1), comparison, base, tip) == Apart(1, 1, first, 1)


def _fork(people: Factory, path: str, parent: Repository, *, private: bool = False) -> Repository:
    with writing(people.application) as services:
        return services.repositories.insert(
            COMMAND_LINE,
            kind=Kind.GIT,
            path=path,
            folder=path,
            owner_id=None,
            private=private,
            fork_of_id=parent.repository_id,
        )


def test_a_network_is_all_that_forks_connect_as_far_as_it_may_be_read(application: Application) -> None:
    people = Factory(application)
    people.grant(SIGNED_IN, Level.READ)
    source = people.repository("source")
    people.repository("stranger")
    fork = _fork(people, "fork", source)
    hidden = _fork(people, "hidden", source, private=True)
    behind = _fork(people, "behind", hidden)
    sibling = _fork(people, "sibling", source)
    viewer = people.viewer(people.user("ada"))
    with reading(application) as services:
        for asked in (source, fork, behind, sibling):
            others = {"source", "fork", "behind", "sibling"} - {asked.path}
            assert set(services.repositories.list_network(viewer, asked)) == others
        assert services.repositories.list_network(viewer, source, limit=2) == ("behind", "fork")
