"""Probes with commits that no client would make."""

import re

import pytest

from kallithea.core.access import Level
from kallithea.vcs.types import Kind
from tests.factories.repositories import ADA, FIRST_DATE, GitBuilder, HgBuilder
from tests.security.pages import visit
from tests.web.site import Site, get


@pytest.fixture
def harbour(site: Site) -> Site:
    site.grant("visitors", Level.READ)
    return site


def raw_commit(builder: GitBuilder, *, person: bytes = ADA, when: bytes = b"%d +0000" % FIRST_DATE, more: bytes = b"",
               message: bytes = b"odd\n") -> str:  # fmt: skip
    """A commit as bytes, on top of the branch, with the tree of the branch."""
    tip = builder.tips[b"main"]
    tree = builder.git("rev-parse", f"{tip}^{{tree}}").strip()
    line = person + b" " + when
    data = b"tree " + tree + b"\nparent " + tip.encode() + b"\n" + more + b"author " + line + b"\ncommitter " + line
    commit_id = builder.raw_object("commit", data + b"\n\n" + message)
    builder.ref(b"refs/heads/odd", commit_id)
    return commit_id


@pytest.mark.parametrize(
    "when",
    [
        b"0 +0000",
        b"-1 +0000",
        b"-62135596800 +0000",
        b"-99999999999999 +0000",
        b"253402300799 +0000",
        b"253402300800 +0000",
        b"99999999999999999999999 +0000",
        b"1700000000 +9999",
        b"1700000000 -9999",
        b"1700000000 +2400",
        b"1700000000 +0060",
        b"1700000000 +051800",
        b"1700000000 nonsense",
        b"1700000000",
        b"",
        b"1e9 +0000",
    ],
)
def test_p76_any_date_in_git(harbour: Site, when: bytes) -> None:
    builder = harbour.repository("r", Kind.GIT)
    assert isinstance(builder, GitBuilder)
    builder.commit({b"a": b"a\n"})
    commit_id = raw_commit(builder, when=when)
    for address, answer in visit(harbour.browser(), commit_id, "a").items():
        if answer.status_int not in (200, 303):
            assert address.endswith(".zip"), (address, answer.text)
            assert "cannot tell the date" in answer.text


@pytest.mark.parametrize(
    "date", ["0 +0000", "-1 +0000", "-2000000000 +0000", "2147483647 +1400", "1700000000 -1200", "1700000000 +1259"]
)
def test_p76_any_date_in_mercurial(harbour: Site, date: str) -> None:
    builder = harbour.repository("r", Kind.HG)
    builder.commit({b"a": b"a\n"})
    commit_id = builder.commit({b"a": b"b\n"}, date=date)
    for address, answer in visit(harbour.browser(), commit_id, "a").items():
        assert answer.status_int in (200, 303), (address, answer.text)


@pytest.mark.parametrize("kind", Kind)
def test_p76_a_message_of_a_megabyte(harbour: Site, kind: Kind) -> None:
    builder = harbour.repository("r", kind)
    builder.commit({b"a": b"a\n"}, message=b"line\n" * 10)
    for message in (b"x" * 1_000_000, b"<b>x\n" * 200_000, b"#1 " * 330_000, b"\n" * 500_000 + b"end"):
        commit_id = builder.commit({b"a": message[:10]}, message=message)
        for verb in ("changelog", "changeset", "files", "annotate", "changeset-patch"):
            path = "/a" if verb in ("files", "annotate") else ""
            answer = get(harbour.browser(), f"/r/{verb}/{commit_id}{path}")
            assert answer.status_int == 200
            if verb not in ("changeset-patch", "changeset"):
                assert len(answer.body) < 100_000, verb
        for address in ("/r", "/r/changelog", f"/r/files/{commit_id}"):
            assert len(get(harbour.browser(), address).body) < 100_000


def test_p76_an_octopus_with_five_thousand_parents(harbour: Site) -> None:
    builder = harbour.repository("r", Kind.GIT)
    assert isinstance(builder, GitBuilder)
    first = builder.commit({b"a": b"a\n"})
    stream = b"".join(
        b"commit refs/heads/p%d\ncommitter %s %d +0000\ndata 1\np\nfrom %s\n\n" % (n, ADA, n, first.encode())
        for n in range(5000)
    )
    builder.git("fast-import", "--quiet", "--done", "--force", data=stream + b"done\n")
    parents = builder.git("for-each-ref", "--format=%(objectname)", "refs/heads/p*").split()
    builder.git("pack-refs", "--all")
    assert len(set(parents)) == 5000
    commit_id = raw_commit(builder, more=b"".join(b"parent " + parent + b"\n" for parent in parents))

    for address, answer in visit(harbour.browser(), commit_id, "a", most=25).items():
        assert answer.status_int in (200, 303), address
        assert len(answer.body) < 3_000_000, address
    graph = get(harbour.browser(), f"/r/changelog/{commit_id}")
    assert graph.status_int == 200
    assert len(graph.body) < 1_000_000


@pytest.mark.parametrize(
    "person",
    [
        b"",
        b"<>",
        b"<<<<>>>>",
        b"A" * 100_000 + b" <a@x>",
        b"a <" + b"b" * 100_000 + b"@x>",
        b"\xff\xfe\x00 <\xc3\x28@x>",
        b"\x1b[31mred <r@x>",
        "\u202egnp.\u202c <e@x>".encode(),
    ],
)
def test_p76_any_author(harbour: Site, person: bytes) -> None:
    builder = harbour.repository("r", Kind.GIT)
    assert isinstance(builder, GitBuilder)
    builder.commit({b"a": b"a\n"})
    commit_id = raw_commit(builder, person=person)
    for address, answer in visit(harbour.browser(), commit_id, "a").items():
        assert answer.status_int in (200, 303), (address, answer.text)
        if answer.content_type == "text/html":
            assert "\u202e" not in answer.text, address
            assert "\x1b" not in answer.text, address
            assert "\0" not in answer.text, address


def test_p76_any_extra_of_a_changeset(harbour: Site) -> None:
    builder = harbour.repository("r", Kind.HG)
    assert isinstance(builder, HgBuilder)
    builder.commit({b"a": b"a\n"})
    commit_id = builder.commit({b"a": b"b\n"}, author=b"x" * 50_000, branch=b"b" * 5_000, message=b"\x1b[2J\x07bell")
    for address, answer in visit(harbour.browser(), commit_id, "a").items():
        assert answer.status_int in (200, 303), (address, answer.text)
        if answer.content_type == "text/html":
            assert "\x1b" not in answer.text, address


@pytest.mark.parametrize("kind", Kind)
def test_p39_no_page_is_a_script_for_others(harbour: Site, kind: Kind) -> None:
    """What looks like JSON is never HTML, and nobody can choose a function that is called with it."""
    builder = harbour.repository("r", kind)
    commit_id = builder.commit({b"data.json": b'{"a": "<script>alert(1)</script>"}', b"a": b"a\n"})
    browser = harbour.browser()
    for address, answer in visit(browser, commit_id, "data.json", "a").items():
        assert answer.headers["X-Content-Type-Options"] == "nosniff", address
        if re.match(rb"\s*[\[{]", answer.body):
            assert answer.content_type in ("application/json", "text/plain", "application/octet-stream"), address
        called = get(browser, f"{address}{'&' if '?' in address else '?'}callback=evil&jsonp=evil")
        assert not called.body.startswith((b"evil(", b"/**/evil")), address
