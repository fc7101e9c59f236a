"""Pushing with the real git: what moves, what is recorded, and what the person who pushes is told."""

import concurrent.futures
import json
import os
import pathlib

import pytest

from kallithea.vcs.git.pkt_line import BAND_ERROR, FLUSH, packet
from kallithea.vcs.types import Kind
from tests.transport.site import Clients, Server, Site, request


def refs(clients: Clients, site: Site, path: str) -> dict[str, str]:
    lines = clients.git("for-each-ref", "--format=%(refname) %(objectname)", cwd=site.disk(path)).output.splitlines()
    return dict(line.split(" ") for line in lines)


def test_push_moves_refs_and_is_journalled(site: Site, server: Server, clients: Clients) -> None:
    path = site.add(Kind.GIT)
    work = clients.git_repository()
    clients.git("branch", "other", cwd=work)
    pushed = clients.git("push", server.url(path), "main", "other", cwd=work)
    assert pushed.status == 0, pushed.errors
    tip = clients.git("rev-parse", "HEAD", cwd=work).output.strip()
    assert refs(clients, site, path) == {"refs/heads/main": tip, "refs/heads/other": tip}
    assert site.outcomes(path) == ["recorded"]
    ((name, details),) = site.journal(path)
    assert name == "ada"
    assert "refs/heads/other" in details


def test_branch_moves_on_to_what_only_a_tag_leads_to(site: Site, server: Server, clients: Clients) -> None:
    path = site.add(Kind.GIT)
    work = clients.git_repository()
    clients.git("push", server.url(path), "main", cwd=work)
    tagged = clients.git_commit(work, "second.txt")
    clients.git("push", server.url(path), "main:refs/tags/v1", cwd=work)
    tip = clients.git_commit(work, "third.txt")
    for commit in (tagged, tip):
        pushed = clients.git("push", server.url(path), f"{commit}:refs/heads/main", cwd=work)
        assert pushed.status == 0, pushed.errors
    assert refs(clients, site, path) == {"refs/heads/main": tip, "refs/tags/v1": tagged}


def test_push_that_lacks_objects_is_refused(site: Site, server: Server, clients: Clients) -> None:
    path = site.add(Kind.GIT)
    work = clients.git_repository()
    clients.git("push", server.url(path), "main", cwd=work)
    clients.git_commit(work, "second.txt")
    third = clients.git_commit(work, "third.txt")
    old = clients.git("rev-parse", "main^^", cwd=work).output.strip()
    lone = f"printf '{third}\\n^{third}^\\n' | git pack-objects --revs --stdout -q > lone"
    pack = clients.run("sh", "-c", lone, cwd=work)
    assert pack.status == 0
    command = packet(f"{old} {third} refs/heads/main\0report-status".encode())
    headers = {"Content-Type": "application/x-git-receive-pack-request"}
    body = command + FLUSH + (work / "lone").read_bytes()
    answer = request(server, "POST", f"/{path}/git-receive-pack", body, user="ada", headers=headers)
    assert b"ng refs/heads/main " in answer.body
    assert refs(clients, site, path) == {"refs/heads/main": old}


def test_deletion_and_forced_push_are_recorded(site: Site, server: Server, clients: Clients) -> None:
    path = site.add(Kind.GIT)
    work = clients.git_repository()
    url = server.url(path)
    clients.git("push", url, "main", "main:gone", cwd=work)
    assert clients.git("push", url, ":gone", cwd=work).status == 0
    clients.git("commit", "-q", "--amend", "-m", "another", cwd=work)
    refused = clients.git("push", url, "main", cwd=work)
    assert refused.status == 1
    assert "(fetch first)" in refused.errors or "(non-fast-forward)" in refused.errors
    assert clients.git("push", "--force", url, "main", cwd=work).status == 0
    assert site.outcomes(path) == ["recorded", "recorded", "recorded"]
    assert set(refs(clients, site, path)) == {"refs/heads/main"}


def test_push_in_chunks_of_many_megabytes(site: Site, server: Server, clients: Clients) -> None:
    path = site.add(Kind.GIT)
    work = clients.git_repository()
    (work / "large").write_bytes(os.urandom(20 << 20))
    clients.git("add", "large", cwd=work)
    clients.git("commit", "-q", "-m", "large", cwd=work)
    pushed = clients.git(
        "-c", "http.postBuffer=65536", "push", server.url(path), "main", cwd=work, GIT_CURL_VERBOSE="1"
    )
    assert pushed.status == 0, pushed.errors
    assert "Transfer-Encoding: chunked" in pushed.errors
    assert clients.git("fsck", "--strict", cwd=site.disk(path)).status == 0


def test_received_objects_are_one_pack(site: Site, server: Server, clients: Clients) -> None:
    path = site.add(Kind.GIT)
    assert clients.git("push", server.url(path), "main", cwd=clients.git_repository()).status == 0
    counted = clients.git("count-objects", "-v", cwd=site.disk(path)).output
    assert "count: 0\n" in counted
    assert "packs: 1\n" in counted


def test_push_options_and_atomic_pushes_are_accepted(site: Site, server: Server, clients: Clients) -> None:
    path = site.add(Kind.GIT)
    work = clients.git_repository()
    pushed = clients.git("push", "--atomic", "-o", "ci.skip", server.url(path), "main", "main:b", cwd=work)
    assert pushed.status == 0, pushed.errors
    assert len(refs(clients, site, path)) == 2


def test_atomic_push_moves_nothing_if_one_name_is_refused(site: Site, server: Server, clients: Clients) -> None:
    path = site.add(Kind.GIT)
    work = clients.git_repository()
    pushed = clients.git("push", "--atomic", server.url(path), "main", "main:refs/pull/1/head", cwd=work)
    assert pushed.status == 1
    assert "the push was refused as a whole" in pushed.errors
    assert refs(clients, site, path) == {}
    assert site.outcomes(path) == []


def test_push_from_a_shallow_clone(site: Site, server: Server, clients: Clients) -> None:
    path = site.add(Kind.GIT)
    url = server.url(path)
    clients.git("push", url, "main", cwd=clients.git_repository(commits=3))
    copy = clients.folder / "copy"
    clients.git("clone", "--depth=1", url, copy)
    new = clients.git_commit(copy, "new.txt")
    assert clients.git("push", url, "main", cwd=copy).status == 0
    assert refs(clients, site, path)["refs/heads/main"] == new


@pytest.mark.parametrize(
    ("ref", "words"),
    [
        ("refs/heads/-x", "must not begin with '-'"),
        ("refs/heads/--output=x", "must not begin with '-'"),
        ("refs/tags/-x", "must not begin with '-'"),
        ("refs/heads/HEAD", "must not be one that git uses itself"),
        ("refs/heads/" + "a1" * 20, "must not look like the id of a commit"),
        ("refs/pull/1/head", "only branches, tags and notes can be pushed"),
        ("refs/keep-around/x", "only branches, tags and notes can be pushed"),
        ("refs/kallithea/x", "only branches, tags and notes can be pushed"),
    ],
)
def test_refused_name_is_told_with_the_reason(
    site: Site, server: Server, clients: Clients, ref: str, words: str
) -> None:
    path = site.add(Kind.GIT)
    work = clients.git_repository()
    alone = clients.git("push", server.url(path), f"main:{ref}", cwd=work)
    assert alone.status == 1
    assert words in alone.errors
    assert "[remote rejected]" in alone.errors
    together = clients.git("push", server.url(path), "main:good", f"main:{ref}", cwd=work)
    assert together.status == 1
    assert f"remote: {ref}: " in together.errors
    assert words in together.errors
    assert set(refs(clients, site, path)) == {"refs/heads/good"}


def test_refs_of_the_site_cannot_be_deleted(site: Site, server: Server, clients: Clients) -> None:
    path = site.add(Kind.GIT)
    work = clients.git_repository()
    clients.git("push", server.url(path), "main", cwd=work)
    for ref in ("refs/pull/1/head", "refs/keep-around/x"):
        clients.git("update-ref", ref, "refs/heads/main", cwd=site.disk(path))
        assert clients.git("push", server.url(path), f":{ref}", cwd=work).status == 1
    assert len(refs(clients, site, path)) == 3
    listed = clients.git("ls-remote", server.url(path)).output
    assert "refs/pull/1/head" in listed
    assert "keep-around" not in listed


def test_name_that_came_by_another_way_can_be_deleted(site: Site, server: Server, clients: Clients) -> None:
    path = site.add(Kind.GIT)
    work = clients.git_repository()
    clients.git("push", server.url(path), "main", cwd=work)
    clients.git("update-ref", "refs/heads/-x", "refs/heads/main", cwd=site.disk(path))
    assert clients.git("push", server.url(path), ":refs/heads/-x", cwd=work).status == 0
    assert set(refs(clients, site, path)) == {"refs/heads/main"}


def test_objects_that_could_trick_a_client_are_refused(site: Site, server: Server, clients: Clients) -> None:
    path = site.add(Kind.GIT)
    work = clients.git_repository()
    blob = clients.git("rev-parse", "HEAD:file0.txt", cwd=work).output.strip()
    (work / "tree").write_bytes(b"100644 .git\0" + bytes.fromhex(blob))
    tree = clients.git("hash-object", "-t", "tree", "-w", "--literally", "tree", cwd=work).output.strip()
    commit = clients.git("commit-tree", tree, "-m", "evil", cwd=work).output.strip()
    refused = clients.git("push", server.url(path), f"{commit}:refs/heads/evil", cwd=work)
    assert refused.status == 1
    assert "hasDotgit" in refused.errors
    assert refs(clients, site, path) == {}
    assert site.outcomes(path) == ["nothing"]


def test_odd_author_lines_of_old_projects_are_accepted(site: Site, server: Server, clients: Clients) -> None:
    path = site.add(Kind.GIT)
    work = clients.git_repository()
    tree = clients.git("rev-parse", "HEAD^{tree}", cwd=work).output.strip()
    person = "Old Timer old@example.org> 1234567890 +051800"
    (work / "commit").write_text(f"tree {tree}\nauthor {person}\ncommitter {person}\n\nodd\n")
    commit = clients.git("hash-object", "-t", "commit", "-w", "--literally", "commit", cwd=work).output.strip()
    pushed = clients.git("push", server.url(path), f"{commit}:refs/heads/odd", cwd=work)
    assert pushed.status == 0, pushed.errors


def test_deleting_the_default_branch_is_refused(site: Site, server: Server, clients: Clients) -> None:
    path = site.add(Kind.GIT)
    work = clients.git_repository()
    clients.git("push", server.url(path), "main", cwd=work)
    refused = clients.git("push", server.url(path), ":main", cwd=work)
    assert refused.status == 1
    assert "deletion of the current branch prohibited" in refused.errors


def test_signed_push_is_refused_in_words(site: Site, server: Server, clients: Clients) -> None:
    path = site.add(Kind.GIT)
    refused = clients.git("push", "--signed=true", server.url(path), "main", cwd=clients.git_repository())
    assert refused.status == 1
    assert "does not support --signed push" in refused.errors


def test_too_many_push_options_are_refused_in_words(site: Site, server: Server, clients: Clients) -> None:
    path = site.add(Kind.GIT)
    options = [f"--push-option={number}" for number in range(101)]
    refused = clients.git("push", *options, server.url(path), "main", cwd=clients.git_repository())
    assert refused.status == 1
    assert "The push has too many options, or odd ones." in refused.errors
    assert "Everything up-to-date" not in refused.errors
    assert refs(clients, site, path) == {}


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        (packet(b"push-cert\0report-status side-band-64k"), b"Signed pushes are not accepted"),
        (packet(b"update refs/heads/main\0report-status side-band-64k"), b"The push is not in git's protocol."),
        (b"a push", b"The request is not in git's protocol."),
    ],
)
def test_what_is_no_push_is_answered_in_the_channel_of_errors(
    site: Site, server: Server, sent: bytes, words: bytes
) -> None:
    headers = {"Content-Type": "application/x-git-receive-pack-request"}
    address = f"/{site.add(Kind.GIT)}/git-receive-pack"
    answer = request(server, "POST", address, sent + bytes(1 << 20), user="ada", headers=headers)
    assert answer.status == 200
    assert answer.body[4:].startswith(BAND_ERROR + words)


def test_own_hooks_and_configuration_of_a_repository_do_nothing(
    site: Site, server: Server, clients: Clients, tmp_path: pathlib.Path
) -> None:
    path = site.add(Kind.GIT)
    disk = site.disk(path)
    hooks = disk / "hooks"
    hooks.mkdir(exist_ok=True)
    for name in ("pre-receive", "update", "post-receive", "post-update", "reference-transaction"):
        (hooks / name).write_text(f"#!/bin/sh\ntouch {tmp_path}/ran-{name}\n")
        (hooks / name).chmod(0o755)
    clients.git("config", "core.hooksPath", str(hooks), cwd=disk)
    clients.git("config", "uploadpack.packObjectsHook", f"touch {tmp_path}/ran-pack", cwd=disk)
    assert clients.git("push", server.url(path), "main", cwd=clients.git_repository()).status == 0
    assert clients.git("clone", server.url(path), "copy").status == 0
    assert list(tmp_path.glob("ran-*")) == []


def test_journal_tells_old_and_new(site: Site, server: Server, clients: Clients) -> None:
    path = site.add(Kind.GIT)
    work = clients.git_repository()
    first = clients.git("rev-parse", "HEAD", cwd=work).output.strip()
    clients.git("push", server.url(path), "main", cwd=work)
    second = clients.git_commit(work, "second.txt")
    clients.git("push", server.url(path), "main", cwd=work)
    details = json.loads(site.journal(path)[1][1])
    assert first in json.dumps(details)
    assert second in json.dumps(details)


def test_clone_checks_out_what_was_pushed_under_another_name_than_main(
    site: Site, server: Server, clients: Clients
) -> None:
    path = site.add(Kind.GIT)
    work = clients.git_repository()
    assert clients.git("push", server.url(path), "main:topic", "main:master", cwd=work).status == 0
    assert (site.disk(path) / "HEAD").read_text() == "ref: refs/heads/master\n"
    assert clients.git("clone", server.url(path), "copy").status == 0
    assert (clients.folder / "copy/file0.txt").exists()
    assert site.outcomes(path) == ["recorded"]
    ((name, details),) = site.journal(path)
    assert name == "ada"
    assert "ref:refs/heads/master" in details


def test_head_stays_if_the_branch_was_not_accepted(site: Site, server: Server, clients: Clients) -> None:
    path = site.add(Kind.GIT)
    work = clients.git_repository()
    refused = clients.git("push", server.url(path), "main:refs/heads/-x", "main:refs/tags/v1", cwd=work)
    assert refused.status == 1
    assert (site.disk(path) / "HEAD").read_text() == "ref: refs/heads/main\n"


def test_only_one_of_two_pushes_to_a_ref_wins(site: Site, server: Server, clients: Clients) -> None:
    path = site.add(Kind.GIT)
    url = server.url(path)
    clients.git("push", url, "main", cwd=clients.git_repository())
    copies = [clients.folder / f"copy{number}" for number in range(4)]
    for number, copy in enumerate(copies):
        clients.git("clone", url, copy)
        clients.git_commit(copy, f"from{number}.txt")
    with concurrent.futures.ThreadPoolExecutor() as pool:
        done = list(pool.map(lambda copy: clients.git("push", url, "main", cwd=copy), copies))
    assert sorted(one.status for one in done) == [0, 1, 1, 1]
    assert len(site.journal(path)) == 2
    assert None not in site.outcomes(path)
    assert list(site.disk(path).rglob("*.lock")) == []
