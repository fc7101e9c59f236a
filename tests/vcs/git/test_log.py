"""What only logs of Git repositories have."""

import datetime
import pathlib
from collections.abc import Callable
from dataclasses import replace

import pytest

from kallithea.core.meter import Meter
from kallithea.vcs.git import following
from kallithea.vcs.git import log as git_log
from kallithea.vcs.git.process import GitLimits
from kallithea.vcs.git.repository import GitRepository, open_repository
from kallithea.vcs.history import LogFilter
from kallithea.vcs.opener import VcsOptions
from kallithea.vcs.slots import Weight, take_slot
from kallithea.vcs.types import BusyError
from tests.factories.repositories import ADA, BOB, FIRST_DATE, GitBuilder
from tests.factories.tree_bombs import commit_bomb
from tests.vcs.git.test_damage import damage, loose
from tests.vcs.git.test_process import fake_git

Open = Callable[[GitBuilder], GitRepository]


def _ids(repository: GitRepository, start: str, wanted: LogFilter) -> list[str]:
    return [commit.commit_id for commit in repository.log(start, wanted).commits]


def test_an_octopus_has_all_its_parents(builder: GitBuilder, reopened: Open) -> None:
    first = builder.commit({b"a": b"1"})
    sides = tuple(builder.commit({b"%d" % number: b"x"}, parents=(first,)) for number in range(4))
    octopus = builder.commit({}, parents=sides)

    assert reopened(builder).log(octopus).commits[0].parent_ids == sides


def test_a_shallow_repository_ends_at_its_border(builder: GitBuilder, reopened: Open) -> None:
    builder.commit({b"a": b"1"})
    border = builder.commit({b"a": b"2"})
    tip = builder.commit({b"a": b"3"})
    (builder.path / "shallow").write_text(f"{border}\n")
    repository = reopened(builder)

    page = repository.log(tip)

    assert [commit.commit_id for commit in page.commits] == [tip, border]
    assert page.commits[1].parent_ids == ()
    assert page.commits == repository.commits([tip, border])
    assert repository.count(tip) == 2


def test_grafts_and_replacements_are_not_followed(builder: GitBuilder, reopened: Open) -> None:
    first = builder.commit({b"a": b"1"})
    second = builder.commit({b"a": b"2"})
    other = builder.commit({b"b": b"1"}, parents=(), branch=b"other")
    (builder.path / "info").mkdir(exist_ok=True)
    (builder.path / "info" / "grafts").write_text(f"{second} {other}\n")
    builder.ref(b"refs/replace/" + second.encode(), other)

    assert _ids(reopened(builder), second, LogFilter()) == [second, first]


def test_names_in_a_declared_encoding_are_found_and_shown(builder: GitBuilder, reopened: Open) -> None:
    tree = builder.git("rev-parse", builder.commit({b"a": b"1"}).encode() + b"^{tree}").strip()
    person = b"J\xfcrgen <j@example.org> %d +0100" % FIRST_DATE
    headers = b"tree " + tree + b"\nauthor " + person + b"\ncommitter " + person + b"\nencoding ISO-8859-1\n"
    commit_id = builder.raw_object("commit", headers + b"\nGr\xfc\xdfe\n")
    repository = reopened(builder)

    page = repository.log(commit_id, LogFilter(author="JÜRGEN".encode(), text="grüße".encode()))

    assert page.commits == (repository.commit(commit_id),)
    assert page.commits[0].author.name == "Jürgen".encode()


@pytest.mark.parametrize(
    "author",
    [
        b"No Mail",
        b"Broken <mail 1700000000 +0000",
        b"No Date <n@example.org>",
        b"Odd Date <n@example.org> yesterday",
        b"Far <n@example.org> 99999999999999999999 +0000",
        b"Zone <n@example.org> 1700000000 +9999",
        b"Two <a@example.org> <b@example.org> 1700000000 +0000",
        b"Latin \xfc <l@example.org> 1700000000 +0000",
        b" <> 0 +0000",
        b"",
    ],
)
def test_odd_authors_are_the_same_in_a_log(builder: GitBuilder, reopened: Open, author: bytes) -> None:
    tree = builder.git("rev-parse", builder.commit({b"a": b"1"}).encode() + b"^{tree}").strip()
    headers = b"tree " + tree + b"\nauthor " + author + b"\ncommitter C <c@example.org> 1700000000 +0000\n"
    commit_id = builder.raw_object("commit", headers + b"\nmessage\n\n\n")
    repository = reopened(builder)

    assert repository.log(commit_id).commits == (repository.commit(commit_id),)


# How a commit begins to tell its message, and that.
_MESSAGES = [
    (b"", b"a\0b\n"),
    (b"", b"\0"),
    (b"x-odd a\0b\n", b"text\n"),
    (b"encoding UTF-16\n", "text\n".encode("utf-16-le")),
    (b"encoding utf-8\n", b"\xff \xc3\xbc\n"),
    (b"encoding ISO-8859-1\n", b"Gr\xfc\xdfe\0more\n"),
    (b"encoding windows-1252\n", b"Gr\xfc\xdfe\n"),
    (b"encoding KOI8-R\n", "привет\n".encode("koi8-r")),
    (b"encoding EUC-JP\n", "日本\n".encode("euc-jp")),
    (b"encoding Shift_JIS\n", b"\x93\xfa\xff\n"),
    (b"encoding unicode_escape\n", b"h\\u00e9\n"),
    (b"encoding raw_unicode_escape\n", b"h\\u00e9\n"),
    (b"encoding no-such\n", b"\xff\n"),
    (b"", b"\n\n  first\n\n\nlast\n\n"),
]


@pytest.mark.parametrize(("header", "message"), _MESSAGES)
def test_a_message_reads_as_git_log_has_it(builder: GitBuilder, reopened: Open, header: bytes, message: bytes) -> None:
    tree = builder.git("rev-parse", builder.commit({b"a": b"1"}).encode() + b"^{tree}").strip()
    person = b"A <a@example.org> 1700000000 +0100"
    head = b"tree " + tree + b"\nauthor " + person + b"\ncommitter " + person + b"\n" + header
    commit_id = builder.raw_object("commit", head + b"\n" + message)
    repository = reopened(builder)

    read = repository.commit(commit_id)

    assert repository.log(commit_id).commits == (read,) == repository.commits([commit_id])
    # git log ends what it writes with a line end of its own
    assert read.message + b"\n" == builder.git("log", "-1", "--encoding=UTF-8", "--format=%B", commit_id)


def test_an_encoding_that_headers_cannot_be_in_is_none(builder: GitBuilder, reopened: Open) -> None:
    """What git shows of this one is empty."""
    tree = builder.git("rev-parse", builder.commit({b"a": b"1"}).encode() + b"^{tree}").strip()
    person = b"A <a@example.org> 1700000000 +0100"
    head = b"tree " + tree + b"\nauthor " + person + b"\ncommitter " + person + b"\nencoding UTF-16\n"
    commit_id = builder.raw_object("commit", head + b"\neven")
    repository = reopened(builder)

    assert repository.log(commit_id).commits == (repository.commit(commit_id),)
    assert repository.commit(commit_id).message == b"even"


def test_an_author_who_is_not_in_the_encoding_leaves_the_message_as_it_is(builder: GitBuilder, reopened: Open) -> None:
    tree = builder.git("rev-parse", builder.commit({b"a": b"1"}).encode() + b"^{tree}").strip()
    head = b"tree " + tree + b"\nauthor \xff <a@example.org> 0 +0000\ncommitter C <c@example.org> 0 +0000\n"
    commit_id = builder.raw_object("commit", head + b"encoding EUC-JP\n\n" + "日本\n".encode("euc-jp"))
    repository = reopened(builder)

    assert repository.commit(commit_id).message + b"\n" == builder.git("log", "-1", "--format=%B", commit_id)
    assert repository.log(commit_id).commits == (repository.commit(commit_id),)


def test_only_parents_that_follow_the_tree_count(builder: GitBuilder, reopened: Open) -> None:
    first = builder.commit({b"a": b"1"})
    tree = builder.git("rev-parse", first.encode() + b"^{tree}").strip()
    person = b"A <a@example.org> 1700000000 +0100\n"
    head = b"tree " + tree + b"\nauthor " + person + b"committer " + person + b"parent " + first.encode()
    commit_id = builder.raw_object("commit", head + b"\n\nmessage\n")
    repository = reopened(builder)

    assert repository.commit(commit_id).parent_ids == ()
    assert repository.log(commit_id).commits == (repository.commit(commit_id),)


_UNTIL = datetime.datetime.fromtimestamp(FIRST_DATE, datetime.UTC)
_WALKS: list[tuple[str, Callable[[GitRepository, str, str], object]]] = [
    ("log.WALK", lambda opened, first, tip: opened.log(tip)),
    ("ancestry.WALK", lambda opened, first, tip: opened.count(tip)),
    ("ancestry.WALK", lambda opened, first, tip: opened.merge_base(first, tip)),
    ("ancestry.WALK", lambda opened, first, tip: opened.is_ancestor(first, tip)),
    ("ancestry.WALK", lambda opened, first, tip: opened.ahead_behind(tip, first)),
    ("authorship.LINE_WALK", lambda opened, first, tip: opened.activity(tip, _UNTIL)),
    ("blame.WALK", lambda opened, first, tip: opened.changed_in(tip, b"a")),
]


@pytest.mark.parametrize(("limits", "walk"), _WALKS)
def test_a_walk_that_takes_long_needs_a_slot(
    builder: GitBuilder,
    tmp_path: pathlib.Path,
    monkeypatch: pytest.MonkeyPatch,
    limits: str,
    walk: Callable[[GitRepository, str, str], object],
) -> None:
    monkeypatch.setattr(f"kallithea.vcs.git.{limits}", replace(git_log.WALK, light_seconds=0.1, patience=0))
    first, tip = builder.commit({b"a": b"1"}), builder.commit({b"a": b"2"})
    slow = 'for each; do case "$each" in rev-list|merge-base) exec sleep 600;; esac; done; exec git "$@"\n'
    options = VcsOptions(fake_git(tmp_path, slow).git_path, tmp_path / "slots", heavy_processes=1)

    taken = take_slot(options, Weight.HEAVY, 0)
    with taken or pytest.fail("a slot"), open_repository(builder.path, options) as opened, pytest.raises(BusyError):
        walk(opened, first, tip)


def test_a_page_of_history_is_one_process_that_waits_for_no_slot(
    builder: GitBuilder, tmp_path: pathlib.Path, meter: Meter
) -> None:
    tips = [builder.commit({b"a": b"%d" % number}) for number in range(3)]
    options = VcsOptions(slot_folder=tmp_path / "slots", heavy_processes=1)

    with take_slot(options, Weight.HEAVY, 0) or pytest.fail("a slot"), open_repository(builder.path, options) as opened:
        page = opened.log(tips[-1])

    assert [commit.commit_id for commit in page.commits] == tips[::-1]
    assert meter.processes == 1


def test_mailmap_gives_contributors_one_name(builder: GitBuilder, reopened: Open) -> None:
    builder.commit({b"a": b"1"}, author=b"ada <old@example.org>")
    builder.commit({b"a": b"2"}, author=ADA)
    tip = builder.commit({b".mailmap": ADA + b" <old@example.org>\n"}, author=ADA)

    (ada,) = reopened(builder).contributors(tip, limit=5).most

    assert (ada.name, ada.email, ada.commits) == (b"Ada Lovelace", b"ada@example.org", 3)


def test_a_search_hands_over_what_it_has_when_its_time_is_over(
    builder: GitBuilder, reopened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = [builder.commit({b"a": b"%d" % number}, author=BOB if number in (0, 3) else ADA) for number in range(8)]
    monkeypatch.setattr(git_log, "SEARCH_BLOCK", 3)
    monkeypatch.setattr(git_log, "SEARCH_SECONDS", 0)
    repository = reopened(builder)

    first = repository.log(wanted[-1], LogFilter(author=b"bob"))
    second = repository.log(wanted[-1], LogFilter(author=b"bob"), offset=first.next or 0)
    third = repository.log(wanted[-1], LogFilter(author=b"bob"), offset=second.next or 0)

    assert (first.commits, first.next, first.searched) == ((), 3, 3)
    assert ([commit.commit_id for commit in second.commits], second.next, second.searched) == ([wanted[3]], 6, 3)
    assert ([commit.commit_id for commit in third.commits], third.next, third.searched) == ([wanted[0]], None, None)


def test_a_file_is_followed_through_a_merge(builder: GitBuilder, reopened: Open) -> None:
    text = b"".join(b"line %d\n" % number for number in range(20))
    first = builder.commit({b"old": text})
    changed = builder.commit({b"old": text + b"more\n"})
    side = builder.commit({b"other": b"x"}, parents=(first,), branch=b"side")
    renamed = builder.commit({b"old": None, b"new": text + b"more\n"}, parents=(changed,))
    merged = builder.commit({b"other": b"x"}, parents=(renamed, side))
    tip = builder.commit({b"new": text + b"more\nand more\n"}, parents=(merged,))

    found = _ids(reopened(builder), tip, LogFilter(path=b"new", follow=True))

    assert found == [tip, renamed, changed, first]


def test_a_folder_is_not_followed(builder: GitBuilder, reopened: Open) -> None:
    builder.commit({b"old/a": b"some text\n"})
    tip = builder.commit({b"old/a": None, b"new/a": b"some text\n"})

    assert _ids(reopened(builder), tip, LogFilter(path=b"new", follow=True)) == [tip]


def test_names_are_followed_so_often_only(builder: GitBuilder, reopened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    made = [builder.commit({b"0": b"some text\n"})]
    made += [builder.commit({b"%d" % (n - 1): None, b"%d" % n: b"some text\n"}) for n in range(1, 5)]
    monkeypatch.setattr(following, "_MOST_NAMES", 3)

    assert _ids(reopened(builder), made[-1], LogFilter(path=b"4", follow=True)) == made[:1:-1]


def test_a_history_ends_in_words_where_a_tree_is_too_large_to_find_the_old_name(
    builder: GitBuilder, reopened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(git_log, "FOLLOWING", GitLimits(total_memory=32 << 20, weight=Weight.HEAVY))
    bomb = commit_bomb(builder, 6, builder.commit({b"a": b"1"}))

    page = reopened(builder).log(bomb, LogFilter(path=b"d0/d0/d0/d0/d0/d1", follow=True))

    assert [commit.commit_id for commit in page.commits] == [bomb]
    assert "more memory" in page.damage


def test_old_names_are_looked_for_within_the_time_of_the_page(
    builder: GitBuilder, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(git_log, "FOLLOWING", GitLimits(seconds=2))
    builder.commit({b"old": b"some text\n"})
    tip = builder.commit({b"old": None, b"new": b"some text\n"})
    slow = 'for each; do [ "$each" = --follow ] && exec sleep 600; done; exec git "$@"\n'

    with open_repository(builder.path, fake_git(tmp_path, slow)) as repository:
        page = repository.log(tip, LogFilter(path=b"new", follow=True))

    assert [commit.commit_id for commit in page.commits] == [tip]
    assert "took longer" in page.damage


def test_lines_are_followed_no_further_than_the_page_needs(builder: GitBuilder, reopened: Open) -> None:
    ids = [builder.commit({b"f": b"1\n%d\n" % number}) for number in range(6)]
    damage(loose(builder, builder.git("rev-parse", f"{ids[1]}:f").decode().strip()), "removed")
    repository, wanted = reopened(builder), LogFilter(path=b"f", lines=(2, 2))

    page = repository.log(ids[-1], wanted, limit=2)
    whole = repository.log(ids[-1], wanted)

    assert ([commit.commit_id for commit in page.commits], page.damage, page.next) == (ids[:3:-1], "", 2)
    assert [commit.commit_id for commit in whole.commits] == ids[:2:-1]
    assert "damaged" in whole.damage


@pytest.mark.parametrize("conditions", [{}, {"author": b"ada"}], ids=["alone", "with words"])
def test_when_the_time_is_over_those_are_shown_that_changed_the_lines_so_far(
    builder: GitBuilder, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch, conditions: dict[str, bytes]
) -> None:
    monkeypatch.setattr(git_log, "FOLLOWING", GitLimits(seconds=2))
    builder.commit({b"f": b"1\n"})
    tip = builder.commit({b"f": b"2\n"})
    slow = 'for each; do case "$each" in -L*) git "$@" | head -n 1; exec sleep 600;; esac; done; exec git "$@"\n'

    with open_repository(builder.path, fake_git(tmp_path, slow)) as repository:
        page = repository.log(tip, LogFilter(path=b"f", lines=(1, 1), **conditions))  # type: ignore[arg-type]

    assert [commit.commit_id for commit in page.commits] == [tip]
    assert "took longer" in page.damage
    assert page.searched is None


def test_lines_are_followed_as_a_heavy_process_of_bounded_memory() -> None:
    assert git_log.FOLLOWING.weight is Weight.HEAVY
    assert 0 < git_log.FOLLOWING.total_memory < 1 << 30
