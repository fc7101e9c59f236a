"""The history of all heads together."""

import subprocess

import pytest

from kallithea.vcs.history import LogFilter
from tests.backends.conftest import Open
from tests.factories.repositories import GitBuilder, HgBuilder, RepositoryBuilder

_BRANCHES = 2_000
# Of a command line.
_MOST_WORDS = 50


def test_what_hangs_together_nowhere_is_listed_together(builder: RepositoryBuilder, reopened: Open) -> None:
    first = builder.commit({b"a": b"1"})
    other = builder.commit({b"b": b"1"}, parents=(), branch=b"other")
    repository = reopened(builder)
    assert [commit.commit_id for commit in repository.log(None).commits] == [other, first]
    assert repository.count(None) == 2
    assert repository.count(other) == 1


def test_nothing_has_no_heads(builder: RepositoryBuilder, reopened: Open) -> None:
    repository = reopened(builder)
    assert repository.log(None).commits == repository.log(None, LogFilter(text=b"x", path=b"a")).commits == ()
    assert repository.count(None) == 0


def test_only_what_visitors_see_is_listed(builder: RepositoryBuilder, reopened: Open) -> None:
    shown = builder.commit({b"a": b"1"})
    if isinstance(builder, GitBuilder):
        builder.ref(b"refs/pull/1/head", builder.commit({b"a": b"2"}, branch=b"aside"))
        builder.git("branch", "-D", "aside")
        builder.ref(b"refs/heads/broken", shown)
        (builder.path / "refs" / "heads" / "broken").write_text("1" * 40 + "\n")
    else:
        assert isinstance(builder, HgBuilder)
        builder.obsolete(builder.commit({b"a": b"2"}, parents=(shown,)), shown)
        builder.set_phase(builder.commit({b"a": b"3"}, parents=(shown,)), "secret")
    repository = reopened(builder)
    for wanted in (LogFilter(), LogFilter(path=b"a"), LogFilter(author=b"ada")):
        assert [commit.commit_id for commit in repository.log(None, wanted).commits] == [shown]
    assert repository.count(None) == 1


def test_many_branches_are_one_process_with_few_words(
    builder: RepositoryBuilder, reopened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not isinstance(builder, GitBuilder):
        pytest.skip("Mercurial starts no process")
    tip = builder.commit({b"a": b"1"})
    lines = (f"create refs/heads/b{number} {tip}\n" for number in range(_BRANCHES))
    builder.git("update-ref", "--stdin", data="".join(lines).encode())
    repository = reopened(builder)
    started: list[int] = []
    start = subprocess.Popen.__init__

    def note(self: object, args: list[str], *arguments: object, **options: object) -> None:
        started.append(len(args))
        start(self, args, *arguments, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(subprocess.Popen, "__init__", note)
    assert len(repository.log(None).commits) == 1
    assert len(started) == 1
    assert started[0] < _MOST_WORDS
