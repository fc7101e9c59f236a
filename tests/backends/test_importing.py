"""Repositories come from elsewhere, whole at first and later what is new, and nothing of what fails stays."""

import os
import pathlib
from collections.abc import Iterator, Sequence

import pytest

from kallithea.vcs.opener import VcsOptions, open_repository, pull_repository
from kallithea.vcs.remote import PullReport, RemoteError, RemoteStep
from kallithea.vcs.remote_hosts import MOST_IPS, pin_host
from kallithea.vcs.types import Kind, RefKind, RefState, RefUpdate
from kallithea.vcs.writing import AddFile, CommitRequest, RefTarget
from tests.factories.remote_sites import RemoteSite, remote_site
from tests.factories.remote_sources import ELSEWHERE, Recorder, clone, files_below, refuse, source, to_nowhere
from tests.factories.repositories import RepositoryBuilder, make_builder
from tests.factories.writing import TEXT, request, to_nobody, verify

PASSWORD = "a secret of elsewhere"
BRANCH = {Kind.GIT: b"refs/heads/main", Kind.HG: b"heads/default"}
SIDE = {Kind.GIT: b"refs/heads/side", Kind.HG: b"bookmarks/side"}


class CancelledError(Exception):
    """What a listener raises in these tests."""


@pytest.fixture
def builder(kind: Kind, tmp_path: pathlib.Path) -> RepositoryBuilder:
    """What is elsewhere: three commits, a tag, and a branch or bookmark at the first."""
    made = make_builder(kind, tmp_path / "elsewhere" / "r")
    first = made.commit({b"a": b"1\n"})
    made.commit({b"a": b"2\n"})
    made.tag(b"v1", first)
    made.bookmark(b"side", first)
    return made


@pytest.fixture
def site(builder: RepositoryBuilder) -> Iterator[RemoteSite]:
    with remote_site(builder.path.parent) as serving:
        yield serving


@pytest.fixture
def target(tmp_path: pathlib.Path) -> pathlib.Path:
    return tmp_path / "here" / "new"


@pytest.fixture
def cloned(kind: Kind, site: RemoteSite, target: pathlib.Path) -> pathlib.Path:
    """What was elsewhere is here."""
    clone(kind, source(site.url("r", ELSEWHERE)), target)
    return target


def state(kind: Kind, path: pathlib.Path) -> RefState:
    with open_repository(kind, path, VcsOptions()) as repository:
        return repository.state()


def pull(kind: Kind, site: RemoteSite, path: pathlib.Path) -> tuple[PullReport, list[RefUpdate]]:
    announced: list[RefUpdate] = []
    report = pull_repository(kind, source(site.url("r")), path, VcsOptions(), Recorder(), announced.extend)
    return report, announced


def test_clone_has_everything_that_is_elsewhere(
    kind: Kind, builder: RepositoryBuilder, site: RemoteSite, target: pathlib.Path
) -> None:
    listener = clone(kind, source(site.url("r", ELSEWHERE)), target)
    assert state(kind, target).refs == state(kind, builder.path).refs
    verify(kind, target)
    assert listener.steps[0] is RemoteStep.CONNECT
    assert listener.steps[-1] is RemoteStep.STORE
    assert RemoteStep.RECEIVE in listener.steps
    last = listener.amounts[-1]
    assert last.done == last.total > 0
    assert max(amount.size for amount in listener.amounts) > 0
    assert not listener.warnings
    assert files_below(target.parent)[0] == "new"


def test_clone_is_asked_for_by_the_name_of_the_host(kind: Kind, site: RemoteSite, cloned: pathlib.Path) -> None:
    assert {asked.host for asked in site.asked} == {f"{ELSEWHERE}:{site.port}"}


def test_empty_repository_can_be_imported(kind: Kind, tmp_path: pathlib.Path, target: pathlib.Path) -> None:
    make_builder(kind, tmp_path / "elsewhere" / "r")
    with remote_site(tmp_path / "elsewhere") as site:
        clone(kind, source(site.url("r")), target)
        with open_repository(kind, target, VcsOptions()) as repository:
            assert repository.is_empty()
        make_commit = make_builder(kind, tmp_path / "other").commit
        make_commit({b"a": b"1"})
        assert pull(kind, site, target)[0] == PullReport((), ())


def test_credentials_open_and_stay_out_of_the_repository(kind: Kind, site: RemoteSite, target: pathlib.Path) -> None:
    site.password = PASSWORD
    listener = clone(kind, source(site.url("r"), password=PASSWORD), target)
    verify(kind, target)
    contents = b"".join(path.read_bytes() for path in target.rglob("*") if path.is_file())
    for secret in (PASSWORD, f"127.0.0.1:{site.port}"):
        assert secret.encode() not in contents
    assert PASSWORD not in repr((listener, source(site.url("r"), password=PASSWORD)))


@pytest.mark.parametrize(
    ("password", "words"), [("", "asks for a user name and a password"), ("wrong", "does not accept the user name")]
)
def test_credentials_that_do_not_open(
    kind: Kind, site: RemoteSite, target: pathlib.Path, password: str, words: str
) -> None:
    site.password = PASSWORD
    refuse(kind, source(site.url("r"), password=password), target, words)


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("403 Forbidden", "does not allow it"),
        ("404 Not Found", "no repository at the address"),
        ("500 Oops", "answered with the status 500"),
        ("200 OK", "no repository of this kind"),
        ("302 Found", "leads to another page"),
    ],
)
def test_answers_that_are_no_repository(
    kind: Kind, site: RemoteSite, target: pathlib.Path, status: str, words: str
) -> None:
    site.status = status
    refuse(kind, source(site.url("r")), target, words)


def test_repository_of_the_other_kind(kind: Kind, tmp_path: pathlib.Path, target: pathlib.Path) -> None:
    other = Kind.HG if kind is Kind.GIT else Kind.GIT
    make_builder(other, tmp_path / "elsewhere" / "r").commit({b"a": b"1"})
    with remote_site(tmp_path / "elsewhere") as site:
        refuse(kind, source(site.url("r")), target, "no repository")


def test_host_that_does_not_exist(kind: Kind, target: pathlib.Path) -> None:
    refuse(kind, source("http://elsewhere.example/r", resolve=to_nowhere), target, "There is no host elsewhere.example")


def test_host_that_does_not_answer(kind: Kind, target: pathlib.Path) -> None:
    refuse(kind, source("http://127.0.0.1:1999/r"), target, "127.0.0.1 cannot be reached")


def test_network_that_is_not_allowed(kind: Kind, site: RemoteSite, target: pathlib.Path) -> None:
    refuse(kind, source(site.url("r"), allowed=()), target, "not on the public Internet")
    refuse(kind, source(site.url("r", ELSEWHERE), allowed=()), target, "not on the public Internet")
    assert site.asked == []


def test_redirect_is_followed(kind: Kind, builder: RepositoryBuilder, site: RemoteSite, target: pathlib.Path) -> None:
    site.redirects = {"old": site.url("r", "other.example")}
    listener = clone(kind, source(site.url("old"), password=PASSWORD), target)
    assert state(kind, target).refs == state(kind, builder.path).refs
    assert f"the address leads to {site.url('r', 'other.example')}" in listener.lines
    # the password is for the site that it was given for
    assert {bool(asked.authorization) for asked in site.asked if asked.path.startswith("r")} == {False}


def test_redirects_that_never_end(kind: Kind, site: RemoteSite, target: pathlib.Path) -> None:
    site.redirects = {"r": site.url("r")}
    refuse(kind, source(site.url("r")), target, "without an end")


def test_too_large(kind: Kind, builder: RepositoryBuilder, site: RemoteSite, target: pathlib.Path) -> None:
    builder.commit({b"noise": os.urandom(3 << 20)})
    refuse(kind, source(site.url("r"), size=1 << 20), target, "larger than 1\u202f048\u202f576 bytes")


def test_too_slow(kind: Kind, site: RemoteSite, target: pathlib.Path) -> None:
    site.hold_back()
    refuse(kind, source(site.url("r"), seconds=1.0), target, "longer than 1 second,")


def test_cancelled(kind: Kind, site: RemoteSite, target: pathlib.Path) -> None:
    site.hold_back()

    def cancel() -> None:
        if site.holding.is_set():
            raise CancelledError

    with pytest.raises(CancelledError):
        clone(kind, source(site.url("r")), target, cancel)
    assert files_below(target.parent) == []
    # what has come before that has not been waited for either
    assert not site.released


def test_address_that_never_ends_to_answer(
    kind: Kind, site: RemoteSite, target: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A byte now and then keeps nobody waiting: the time of the transfer holds, and that of a first answer."""
    site.trickles = True
    refuse(kind, source(site.url("r"), seconds=1.0), target, "longer than 1 second,")
    monkeypatch.setattr("kallithea.vcs.remote_http.FOLLOW_SECONDS", 0.5)
    refuse(kind, source(site.url("r")), target, "The other site did not answer in time.")
    assert not site.released


def test_cancelled_before_the_first_answer(kind: Kind, site: RemoteSite, target: pathlib.Path) -> None:
    site.trickles = True

    def cancel() -> None:
        if site.holding.is_set():
            raise CancelledError

    with pytest.raises(CancelledError):
        clone(kind, source(site.url("r")), target, cancel)
    assert not site.released


def test_few_addresses_of_a_host_are_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many there are; and every one of them is judged."""
    many = [f"127.0.{number // 250}.{number % 250 + 1}" for number in range(1000)]
    from_ = source("http://elsewhere.example:1999/r", resolve=lambda _host, _port: many)
    pinned = pin_host(from_.address, from_.rules)
    assert pinned.ips == tuple(many[:MOST_IPS])
    monkeypatch.setattr("kallithea.vcs.remote_hosts.CONNECT_SECONDS", 0.0)
    with pytest.raises(ConnectionError):
        pinned.connect(1.0)
    many.append("10.0.0.1")
    with pytest.raises(RemoteError, match="not on the public Internet"):
        pin_host(from_.address, from_.rules)


def test_connection_that_breaks(kind: Kind, site: RemoteSite, target: pathlib.Path) -> None:
    site.breaks = True
    words = {Kind.GIT: "does not answer as git does", Kind.HG: "makes no sense to Mercurial"}
    refuse(kind, source(site.url("r")), target, words[kind])


def test_pull_brings_what_is_new(
    kind: Kind, builder: RepositoryBuilder, site: RemoteSite, cloned: pathlib.Path
) -> None:
    before = state(kind, cloned).refs
    tip = builder.commit({b"b": b"1"})
    builder.bookmark(b"side", tip)
    builder.bookmark(b"fresh", tip)
    report, announced = pull(kind, site, cloned)
    after = state(kind, cloned).refs
    assert after == state(kind, builder.path).refs
    assert report.left == ()
    assert {update.name: (update.old, update.new) for update in announced} == {
        name: (before.get(name), value) for name, value in after.items() if before.get(name) != value
    }
    assert set(report.updated) == {update.name for update in announced}
    verify(kind, cloned)
    assert files_below(cloned.parent)[0] == "new"
    assert [path.name for path in cloned.parent.iterdir()] == ["new"]


def test_pull_of_nothing_new_moves_nothing(kind: Kind, site: RemoteSite, cloned: pathlib.Path) -> None:
    before = state(kind, cloned)
    assert pull(kind, site, cloned) == (PullReport((), ()), [])
    assert state(kind, cloned) == before


def test_pull_keeps_what_is_only_here(
    kind: Kind, builder: RepositoryBuilder, site: RemoteSite, cloned: pathlib.Path
) -> None:
    with open_repository(kind, cloned, VcsOptions()) as repository:
        ours = repository.commit_files(
            request(kind, state(kind, cloned).refs[BRANCH[kind]], AddFile(b"mine", b"1")), to_nobody
        )
    builder.bookmark(b"late", state(kind, builder.path).refs[BRANCH[kind]])
    report, _ = pull(kind, site, cloned)
    assert state(kind, cloned).refs[BRANCH[kind]] == ours
    assert report.left == ()


def test_pull_leaves_what_has_gone_another_way(
    kind: Kind, builder: RepositoryBuilder, site: RemoteSite, cloned: pathlib.Path
) -> None:
    first = state(kind, cloned).refs[SIDE[kind]]
    ours = commit_on_side(kind, cloned, first)
    theirs = builder.commit({b"theirs": b"1"}, parents=(first,), branch=b"side" if kind is Kind.GIT else None)
    builder.bookmark(b"side", theirs)
    builder.bookmark(b"fresh", theirs)
    report, _ = pull(kind, site, cloned)
    after = state(kind, cloned).refs
    assert after[SIDE[kind]] == ours
    assert report.left == ((SIDE[kind], "it has gone another way here"),)
    fresh = SIDE[kind].replace(b"side", b"fresh")
    assert after[fresh] == theirs
    assert fresh in report.updated


def test_pull_that_is_not_announced_changes_nothing(
    kind: Kind, builder: RepositoryBuilder, site: RemoteSite, cloned: pathlib.Path
) -> None:
    builder.commit({b"b": b"1"})
    before = state(kind, cloned).refs

    def refuse(_updates: Sequence[RefUpdate]) -> None:
        raise RemoteError("not now")

    with pytest.raises(Exception, match="not now"):
        pull_repository(kind, source(site.url("r")), cloned, VcsOptions(), Recorder(), refuse)
    assert state(kind, cloned).refs == before
    assert pull(kind, site, cloned)[0].updated == (BRANCH[kind],)


def test_pull_that_is_cancelled_leaves_the_repository_as_it_was(
    kind: Kind, builder: RepositoryBuilder, site: RemoteSite, cloned: pathlib.Path
) -> None:
    builder.commit({b"b": b"1"})
    before = files_below(cloned.parent)
    site.hold_back()

    def cancel() -> None:
        if site.holding.is_set():
            raise CancelledError

    with pytest.raises(CancelledError):
        pull_repository(kind, source(site.url("r")), cloned, VcsOptions(), Recorder(cancel), to_nobody)
    assert files_below(cloned.parent) == before


def test_pull_is_bounded_by_what_comes_and_not_by_what_is_here(
    kind: Kind,
    builder: RepositoryBuilder,
    site: RemoteSite,
    target: pathlib.Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # as of a transfer that takes some seconds
    monkeypatch.setattr("kallithea.vcs.remote_guard._MEASURE_SECONDS", -1.0)
    builder.commit({b"noise": os.urandom(3 << 20)})
    clone(kind, source(site.url("r")), target)
    bounded = source(site.url("r"), size=1 << 20)
    builder.commit({b"b": b"1"})
    report = pull_repository(kind, bounded, target, VcsOptions(), Recorder(), to_nobody)
    assert report.updated == (BRANCH[kind],)
    before = state(kind, target).refs
    builder.commit({b"noise": os.urandom(3 << 20)})
    with pytest.raises(RemoteError, match="larger than 1\u202f048\u202f576 bytes"):
        pull_repository(kind, bounded, target, VcsOptions(), Recorder(), to_nobody)
    assert state(kind, target).refs == before
    verify(kind, target)


def test_pull_of_an_unrelated_repository(
    kind: Kind, tmp_path: pathlib.Path, builder: RepositoryBuilder, cloned: pathlib.Path
) -> None:
    make_builder(kind, tmp_path / "unrelated" / "r").commit({b"other": b"history"})
    before = state(kind, cloned).refs
    with remote_site(tmp_path / "unrelated") as site:
        if kind is Kind.HG:
            with pytest.raises(RemoteError, match="no history in common"):
                pull(kind, site, cloned)
        else:
            report, _ = pull(kind, site, cloned)
            assert report == PullReport((), ((BRANCH[kind], "it has gone another way here"),))
    assert state(kind, cloned).refs == before


def commit_on_side(kind: Kind, path: pathlib.Path, parent: str) -> str:
    """A commit on ``side`` here."""
    ref = RefTarget(RefKind.BRANCH if kind is Kind.GIT else RefKind.BOOKMARK, b"side", parent)
    with open_repository(kind, path, VcsOptions()) as repository:
        return repository.commit_files(CommitRequest(ref, TEXT, (AddFile(b"ours", b"1"),)), to_nobody)
