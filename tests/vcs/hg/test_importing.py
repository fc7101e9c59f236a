"""What only Mercurial has: phases, bookmarks that diverge, obsolescence, bundles at other places."""

import pathlib
from collections.abc import Iterator

import pytest

from kallithea.vcs.hg.repository import open_repository
from kallithea.vcs.opener import VcsOptions, pull_repository
from kallithea.vcs.remote import PullReport, RemoteError
from kallithea.vcs.types import Kind
from kallithea.vcs.writing import RefusedWriteError
from tests.factories.remote_sites import RemoteSite, remote_site
from tests.factories.remote_sources import Recorder, clone, source
from tests.factories.repositories import HgBuilder
from tests.factories.writing import to_nobody, verify


@pytest.fixture
def elsewhere(tmp_path: pathlib.Path) -> HgBuilder:
    return HgBuilder(tmp_path / "elsewhere" / "r")


@pytest.fixture
def site(elsewhere: HgBuilder) -> Iterator[RemoteSite]:
    with remote_site(elsewhere.path.parent) as serving:
        yield serving


@pytest.fixture
def target(tmp_path: pathlib.Path) -> pathlib.Path:
    return tmp_path / "here" / "new"


def pull(site: RemoteSite, target: pathlib.Path) -> PullReport:
    return pull_repository(Kind.HG, source(site.url("r")), target, VcsOptions(), Recorder(), to_nobody)


def phase(path: pathlib.Path, commit_id: str) -> str | None:
    with open_repository(path, VcsOptions()) as repository:
        return repository.commit(commit_id).phase


@pytest.mark.parametrize(("publishing", "expected"), [("yes", "public"), ("no", "draft")])
def test_phases_are_as_they_are_served(
    elsewhere: HgBuilder, site: RemoteSite, target: pathlib.Path, publishing: str, expected: str
) -> None:
    site.hg_settings = {"phases.publish": publishing}
    first, second = elsewhere.commit({b"a": b"1"}), elsewhere.commit({b"a": b"2"})
    elsewhere.set_phase(first, "public")
    clone(Kind.HG, source(site.url("r")), target)
    assert (phase(target, first), phase(target, second)) == ("public", expected)
    third = elsewhere.commit({b"a": b"3"})
    pull(site, target)
    assert phase(target, third) == expected


def test_draft_that_has_become_public_elsewhere(elsewhere: HgBuilder, site: RemoteSite, target: pathlib.Path) -> None:
    site.hg_settings = {"phases.publish": "no"}
    first = elsewhere.commit({b"a": b"1"})
    clone(Kind.HG, source(site.url("r")), target)
    elsewhere.set_phase(first, "public")
    pull(site, target)
    assert phase(target, first) == "public"


def test_secret_changesets_stay_where_they_are(elsewhere: HgBuilder, site: RemoteSite, target: pathlib.Path) -> None:
    first = elsewhere.commit({b"a": b"1"})
    elsewhere.set_phase(elsewhere.commit({b"a": b"2"}), "secret")
    clone(Kind.HG, source(site.url("r")), target)
    with open_repository(target, VcsOptions()) as repository:
        assert repository.resolve(b"tip") == first


def test_obsolete_changesets_stay_hidden(elsewhere: HgBuilder, site: RemoteSite, target: pathlib.Path) -> None:
    site.hg_settings = {"phases.publish": "no"}
    first = elsewhere.commit({b"a": b"1"})
    old = elsewhere.commit({b"a": b"2"})
    clone(Kind.HG, source(site.url("r")), target)
    new = elsewhere.commit({b"a": b"3"}, parents=(first,))
    elsewhere.obsolete(old, new)
    pull(site, target)
    with open_repository(target, VcsOptions()) as repository:
        assert repository.refs().branches[0].commit_id == new
        assert repository.state().refs == {b"heads/default": new}
    verify(Kind.HG, target)


def test_named_branches_and_closed_heads(elsewhere: HgBuilder, site: RemoteSite, target: pathlib.Path) -> None:
    first = elsewhere.commit({b"a": b"1"})
    head = elsewhere.commit({b"b": b"1"}, branch=b"stable", parents=(first,))
    elsewhere.close_branch(b"stable", head)
    clone(Kind.HG, source(site.url("r")), target)
    with open_repository(target, VcsOptions()) as repository:
        assert [(ref.name, ref.closed) for ref in repository.refs().branches] == [
            (b"default", False),
            (b"stable", True),
        ]


def test_bookmark_that_is_gone_elsewhere_stays(elsewhere: HgBuilder, site: RemoteSite, target: pathlib.Path) -> None:
    first = elsewhere.commit({b"a": b"1"})
    elsewhere.bookmark(b"kept", first)
    clone(Kind.HG, source(site.url("r")), target)
    elsewhere.delete_bookmark(b"kept")
    elsewhere.commit({b"a": b"2"})
    pull(site, target)
    with open_repository(target, VcsOptions()) as repository:
        assert [ref.name for ref in repository.refs().bookmarks] == [b"kept"]


def test_divergent_and_odd_bookmarks_of_elsewhere_do_not_come(
    elsewhere: HgBuilder, site: RemoteSite, target: pathlib.Path
) -> None:
    first = elsewhere.commit({b"a": b"1"})
    for name in (b"@", b"work@default", b"a\x01b"):
        elsewhere.bookmark(name, first)
    clone(Kind.HG, source(site.url("r")), target)
    with open_repository(target, VcsOptions()) as repository:
        assert [ref.name for ref in repository.refs().bookmarks] == [b"@"]


def test_branch_of_elsewhere_with_an_odd_name_is_not_pulled(
    elsewhere: HgBuilder, site: RemoteSite, target: pathlib.Path
) -> None:
    elsewhere.commit({b"a": b"1"})
    clone(Kind.HG, source(site.url("r")), target)
    elsewhere.commit({b"a": b"2"}, branch=b"x\nheads/release")
    with pytest.raises(RefusedWriteError, match="control characters"):
        pull(site, target)
    verify(Kind.HG, target)


def test_bookmark_that_moves_without_new_changesets(
    elsewhere: HgBuilder, site: RemoteSite, target: pathlib.Path
) -> None:
    first, second = elsewhere.commit({b"a": b"1"}), elsewhere.commit({b"a": b"2"})
    elsewhere.bookmark(b"work", first)
    clone(Kind.HG, source(site.url("r")), target)
    elsewhere.bookmark(b"work", second)
    assert pull(site, target).updated == (b"bookmarks/work",)
    elsewhere.bookmark(b"work", first)
    # what is here has all that already
    assert pull(site, target) == PullReport((), ())


def test_large_files_of_the_lfs_extension_are_refused(
    elsewhere: HgBuilder, site: RemoteSite, target: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere.commit({b"a": b"1"})
    monkeypatch.setattr("kallithea.vcs.hg.importing._LFS", b"getbundle")
    with pytest.raises(RemoteError, match="lfs extension"):
        clone(Kind.HG, source(site.url("r")), target)
