"""What is kept of who wrote which lines, and which commits are passed over."""

import pathlib

import pytest

from kallithea.cache.stores import Caches, open_caches
from kallithea.services import blame
from kallithea.services.blame import BlameQuestion, Ignored, parse_ignored, read_blame, read_ignored
from kallithea.vcs.backend import Repository
from kallithea.vcs.blame import BlameOptions
from kallithea.vcs.opener import VcsOptions, open_repository
from kallithea.vcs.types import Kind
from tests.factories.repositories import RepositoryBuilder, Symlink, make_builder

ONE, TWO = "1" * 40, "ab" * 32


@pytest.fixture(params=Kind)
def builder(request: pytest.FixtureRequest, tmp_path: pathlib.Path) -> RepositoryBuilder:
    return make_builder(request.param, tmp_path / "repository")


@pytest.fixture
def caches(tmp_path: pathlib.Path) -> Caches:
    return open_caches(tmp_path / "cache", size=1 << 24, archive_folder=tmp_path / "archives", archive_size=1 << 20)


def open_it(builder: RepositoryBuilder) -> Repository:
    return open_repository(builder.kind, builder.path, VcsOptions())


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("", []),
        (f"{ONE}\n{TWO}\n", [ONE, TWO]),
        (f"  {ONE} # black\r\n\r\n#{TWO}\n", [ONE]),
        (f"{TWO.upper()}\n{TWO}\n", [TWO]),
        (f"{ONE[:39]}\n{ONE}1\n{ONE} {TWO}\nHEAD\n--all\n{'g' * 40}\n", []),
        (ONE, [ONE]),
    ],
)
def test_full_ids_are_read(text: str, ids: list[str]) -> None:
    assert parse_ignored(text.encode()) == Ignored(tuple(ids))


def test_only_so_many_ids_are_read() -> None:
    ids = [f"{number:040x}" for number in range(blame.MOST_IGNORED + 1)]

    assert parse_ignored("\n".join(ids[:-1]).encode()) == Ignored(tuple(ids[:-1]))
    assert parse_ignored("\n".join(ids).encode()) == Ignored(tuple(ids[:-1]), limited=True)


def test_a_file_that_is_too_large_is_read_in_part(builder: RepositoryBuilder) -> None:
    commit_id = builder.commit({b".git-blame-ignore-revs": ONE.encode() + b"\n" + b"# no id\n" * 140_000})

    with open_it(builder) as repository:
        assert read_ignored(repository, commit_id) == Ignored((ONE,), limited=True)


def test_the_file_at_the_root_lists_them(builder: RepositoryBuilder) -> None:
    without = builder.commit({b"d/.git-blame-ignore-revs": ONE.encode()})
    listed = builder.commit({b".git-blame-ignore-revs": ONE.encode()})
    linked = builder.commit({b".git-blame-ignore-revs": Symlink(ONE.encode())})
    folder = builder.commit({b".git-blame-ignore-revs": None, b".git-blame-ignore-revs/f": ONE.encode()})

    with open_it(builder) as repository:
        assert [read_ignored(repository, commit_id) for commit_id in (without, listed, linked, folder)] == [
            Ignored(),
            Ignored((ONE,)),
            Ignored(),
            Ignored(),
        ]


def test_mercurial_s_own_file_counts_first(tmp_path: pathlib.Path) -> None:
    builder = make_builder(Kind.HG, tmp_path / "repository")
    commit_id = builder.commit({b".hg-blame-ignore-revs": b"2" * 40, b".git-blame-ignore-revs": ONE.encode()})

    with open_it(builder) as repository:
        assert read_ignored(repository, commit_id) == Ignored(("2" * 40,))


def test_an_answer_is_kept_whole(builder: RepositoryBuilder, caches: Caches) -> None:
    builder.commit({b"caf\xe9": b"a\n  b\nc\n"})
    formatting = builder.commit({b"caf\xe9": b"a\n    b\nc\n"})
    moved = builder.commit({b"caf\xe9": None, b'"new"': b"a\n    b\nd\n"}, renames={b'"new"': b"caf\xe9"})
    question = BlameQuestion(moved, b'"new"', ignored=(formatting,))

    with open_it(builder) as repository:
        answer = read_blame(caches, 1, repository, question, seconds=60)
        again = read_blame(caches, 1, repository, question, seconds=0)

    assert answer.complete
    assert any(group.passed_over for group in answer.groups)
    assert again == answer


def test_an_answer_serves_commits_that_leave_the_file_alone(builder: RepositoryBuilder, caches: Caches) -> None:
    first = builder.commit({b"f": b"a\n"})
    second = builder.commit({b"g": b"b\n"})
    third = builder.commit({b"f": b"a\nb\n"})

    with open_it(builder) as repository:
        read_blame(caches, 1, repository, BlameQuestion(first, b"f"), seconds=60)
        later = [
            read_blame(caches, 1, repository, BlameQuestion(commit_id, b"f"), seconds=0)
            for commit_id in (second, third)
        ]

    assert [blame.complete for blame in later] == [True, False]


def test_other_questions_have_other_answers(
    builder: RepositoryBuilder, caches: Caches, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blame, "PAGE_LINES", 1)
    first = builder.commit({b"f": b"a\nb\n", b"g": b"a\nb\n"})
    with open_it(builder) as repository:
        read_blame(caches, 1, repository, BlameQuestion(first, b"f"), seconds=60)

        for repository_id, question in (
            (2, BlameQuestion(first, b"f")),
            (1, BlameQuestion(first, b"g")),
            (1, BlameQuestion(first, b"f", 2)),
            (1, BlameQuestion(first, b"f", ignored=(ONE,))),
            (1, BlameQuestion(first, b"f", options=BlameOptions(skip_spaces=True))),
            (1, BlameQuestion(first, b"f", options=BlameOptions(follow_moves=True))),
        ):
            assert not read_blame(caches, repository_id, repository, question, seconds=0).complete


def test_what_is_not_complete_is_not_kept(builder: RepositoryBuilder, caches: Caches) -> None:
    question = BlameQuestion(builder.commit({b"f": b"a\n"}), b"f")
    with open_it(builder) as repository:
        assert not read_blame(caches, 1, repository, question, seconds=0).complete
        assert read_blame(caches, 1, repository, question, seconds=60).complete


def test_all_pages_are_found_out_at_once(
    builder: RepositoryBuilder, caches: Caches, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blame, "PAGE_LINES", 3)
    builder.commit({b"f": b"".join(b"%d\n" % line for line in range(8))})
    last = builder.commit({b"f": b"0\n1\nnew\nmore\n4\n5\n6\n7\n"})
    questions = [BlameQuestion(last, b"f", page) for page in (1, 2, 3, 4)]
    with open_it(builder) as repository:
        asked = read_blame(caches, 1, repository, questions[1], seconds=60, whole=True)
        kept = [read_blame(caches, 1, repository, question, seconds=0) for question in questions]
        alone = [read_blame(caches, 2, repository, question, seconds=60) for question in questions]

    assert asked == kept[1]
    assert [(answer.first, answer.last) for answer in kept[:3]] == [(1, 3), (4, 6), (7, 8)]
    assert [answer.complete for answer in kept] == [True] * 4
    for one, other in zip(kept, alone, strict=True):
        assert (one.groups, set(one.commits)) == (other.groups, set(other.commits))
