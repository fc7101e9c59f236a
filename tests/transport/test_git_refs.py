"""Refs are told as git's own program tells them, whatever they are and however they change.

``KALLITHEA_TEST_SEED`` says which repositories are made.
"""

import io
import os
import pathlib
import random
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from kallithea.core.actor import Actor, Way
from kallithea.services.application import Application
from kallithea.transport import git_fetch
from kallithea.transport.gate import Admitted
from kallithea.transport.git import GitWire
from kallithea.transport.request_body import RequestBody
from kallithea.vcs.git.pkt_line import FLUSH, packet
from kallithea.vcs.git.wire import upload_environment
from kallithea.vcs.types import Kind

SEED = int(os.environ.get("KALLITHEA_TEST_SEED", "5"))
REPOSITORIES, CHANGES = 8, 8
PROTOCOLS = ("", "version=1", "version=2")
NAMES = [
    b"refs/heads/main",
    b"refs/heads/main-2",
    b"refs/heads/a/b",
    b"refs/heads/a-b",
    b"refs/heads/HEAD",
    b"refs/heads/caf\xc3\xa9",
    b"refs/heads/caf\xe9",
    b"refs/heads/'\"$(x)`;&|<>",
    b"refs/heads/@",
    b"refs/heads/-x",
    b"refs/heads/x{y}",
    b"refs/heads/" + b"0" * 40,
    b"refs/heads/" + b"long/" * 30 + b"name",
    b"refs/tags/v1",
    b"refs/tags/v1.0",
    b"refs/tags/nested/v",
    b"refs/tags/unborn",
    b"refs/notes/commits",
    b"refs/pull/1/head",
    b"refs/keep-around/x",
    b"refs/hidden/in/a",
    b"refs/hidden/b",
    b"refs/remotes/origin/HEAD",
    b"refs/remotes/origin/main",
]
PREFIXES = [
    b"",
    b"HEAD",
    b"H",
    b"refs/",
    b"refs/heads/",
    b"refs/heads/main",
    b"refs/heads/a",
    b"refs/tags/v1",
    b"refs/hidden/",
    b"refs/heads/caf",
    b"refs/nothing/",
    # what stands behind a name in an answer is no part of it
    b"HEAD symref-target:",
    b"refs/tags/v1 peeled:",
    b"refs/heads/main ",
]
HIDDEN = [b"refs/hidden", b"!refs/hidden/in", b"refs/heads/a", b"refs/tags", b"HEAD", b"refs/pull/"]


def git(folder: pathlib.Path, *arguments: str | bytes, given: bytes = b"") -> bytes:
    """What git says, by itself."""
    environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "GIT_CONFIG_NOSYSTEM": "1"}
    command = ["git", "-C", os.fspath(folder), *arguments]
    return subprocess.run(command, input=given, env=environment, capture_output=True, check=True).stdout.strip()


@dataclass
class Objects:
    """What refs lead to: ids of commits, and of tags of commits, of tags, of a tree and of a blob."""

    folder: pathlib.Path
    commits: list[bytes]
    tags: list[bytes]


def make_objects(folder: pathlib.Path, object_format: str) -> Objects:
    folder.mkdir()
    git(folder, "init", "-q", "--bare", f"--object-format={object_format}", ".")
    blob = git(folder, "hash-object", "-w", "--stdin", given=b"x")
    tree = git(folder, "mktree", given=b"100644 blob %s\tx\n" % blob)
    who = b"a <a@example.org> 1700000000 +0000"
    commits: list[bytes] = []
    for number in range(3):
        text = b"tree %s\n" % tree + b"".join(b"parent %s\n" % one for one in commits[-1:])
        text += b"author %s\ncommitter %s\n\n%d\n" % (who, who, number)
        commits.append(git(folder, "hash-object", "-w", "-t", "commit", "--stdin", given=text))
    tags: list[bytes] = []
    for kind, target in ((b"commit", commits[0]), (b"tree", tree), (b"blob", blob), (b"tag", b""), (b"tag", b"")):
        about = target or tags[0 if len(tags) == 3 else -1]
        text = b"object %s\ntype %s\ntag t%d\ntagger %s\n\nt\n" % (about, kind, len(tags), who)
        tags.append(git(folder, "hash-object", "-w", "-t", "tag", "--stdin", given=text))
    return Objects(folder, commits, tags)


@pytest.fixture(scope="module", params=["sha1", "sha256"])
def objects(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Objects:
    return make_objects(tmp_path_factory.mktemp("objects") / request.param, request.param)


@dataclass
class Repository:
    """One whose refs change by chance."""

    folder: pathlib.Path
    objects: Objects
    chance: random.Random
    names: set[bytes] = field(default_factory=set)

    def change(self) -> None:
        changes = (self._set, self._set, self._delete, self._pack, self._move_head, self._lead, self._hide)
        for change in self.chance.choices(changes, k=self.chance.choice([1, 1, 4])):
            change()

    def _set(self) -> None:
        lines = []
        for name in self.chance.sample(NAMES, self.chance.randint(1, 8)):
            if any(name.startswith(one + b"/") or one.startswith(name + b"/") for one in self.names):
                continue
            commit_only = name.startswith(b"refs/heads/")
            target = self.chance.choice(
                self.objects.commits if commit_only else self.objects.tags + self.objects.commits
            )
            lines.append(b"option no-deref\0update %s\0%s\0\0" % (name, target))
            self.names.add(name)
        git(self.folder, "update-ref", "-z", "--stdin", given=b"".join(lines))

    def _delete(self) -> None:
        for name in self.chance.sample(sorted(self.names), min(len(self.names), 2)):
            git(self.folder, "update-ref", "--no-deref", "-d", name)
            self.names.discard(name)

    def _pack(self) -> None:
        git(self.folder, "pack-refs", "--all")

    def _move_head(self) -> None:
        if self.chance.random() < 0.3:
            aside = self.folder / "HEAD.lock"
            aside.write_bytes(self.chance.choice(self.objects.commits) + b"\n")
            aside.rename(self.folder / "HEAD")
        else:
            target = self.chance.choice([*sorted(self.names), b"refs/heads/unborn", b"refs/heads/nowhere/else"])
            git(
                self.folder, "symbolic-ref", "HEAD", target if target.startswith(b"refs/heads/") else b"refs/heads/main"
            )

    def _lead(self) -> None:
        """A name that leads to another one, which may lead further, or to none."""
        name = self.chance.choice([b"refs/heads/also", b"refs/remotes/origin/also", b"refs/tags/also"])
        git(self.folder, "symbolic-ref", name, self.chance.choice([*NAMES, b"refs/heads/also"][:-1]))
        self.names.add(name)

    def _hide(self) -> None:
        section = self.chance.choice(["transfer", "uploadpack"])
        git(self.folder, "config", "--replace-all", f"{section}.hideRefs", self.chance.choice(HIDDEN))
        git(self.folder, "config", "--add", f"{section}.hideRefs", self.chance.choice(HIDDEN))


def ask_git(application: Application, folder: pathlib.Path, protocol: str, request: bytes = b"") -> bytes:
    """What git's own CGI answers, without its headers."""
    options = application.vcs_options
    web = {
        "GIT_PROJECT_ROOT": os.fspath(folder.parent),
        "GIT_HTTP_EXPORT_ALL": "1",
        "PATH_INFO": f"/{folder.name}/" + ("git-upload-pack" if request else "info/refs"),
        "REQUEST_METHOD": "POST" if request else "GET",
        "QUERY_STRING": "" if request else "service=git-upload-pack",
        "CONTENT_TYPE": "application/x-git-upload-pack-request" if request else "",
        "CONTENT_LENGTH": str(len(request)),
    }
    environment = {**upload_environment(protocol), **web}
    done = subprocess.run(
        [options.git_path, "http-backend"], input=request, env=environment, capture_output=True, check=True
    )
    return done.stdout.partition(b"\r\n\r\n")[2]


def ask_us(application: Application, admitted: Admitted, protocol: str, request: bytes = b"") -> bytes:
    environ: Mapping[str, object] = {
        "wsgi.input": io.BytesIO(request),
        "CONTENT_LENGTH": str(len(request)),
        "CONTENT_TYPE": "application/x-git-upload-pack-request",
        "HTTP_GIT_PROTOCOL": protocol,
    }
    wire = GitWire(application, admitted, environ, RequestBody(environ))
    answer = git_fetch.send(wire) if request else git_fetch.advertise(wire)
    return b"".join(answer.body)


def make_question(chance: random.Random, object_format: bytes) -> bytes:
    lines = [word for word in (b"peel", b"symrefs", b"unborn") if chance.random() < 0.6]
    lines += [b"ref-prefix " + prefix for prefix in chance.sample(PREFIXES, chance.choice([0, 1, 1, 2, 4]))]
    chance.shuffle(lines)
    about = packet(b"agent=git/9\n") + packet(b"object-format=%s\n" % object_format)
    return packet(b"command=ls-refs\n") + about + b"0001" + b"".join(packet(line + b"\n") for line in lines) + FLUSH


def test_refs_are_told_as_git_tells_them(application: Application, objects: Objects, tmp_path: pathlib.Path) -> None:
    for number in range(REPOSITORIES):
        chance = random.Random(f"{SEED} {number}")
        # every second one has a working copy
        place = tmp_path / f"{number}.git"
        folder = place / ".git" if number % 2 else place
        shutil.copytree(objects.folder, folder)
        repository = Repository(folder, objects, chance)
        actor = Actor(None, "ada", Way.HTTP, "192.0.2.1")
        admitted = Admitted(number + 1, Kind.GIT, f"{number}", place, actor, publishing=True)
        for _change in range(CHANGES):
            for protocol in PROTOCOLS:
                assert ask_us(application, admitted, protocol) == ask_git(application, folder, protocol)
            for _question in range(2):
                question = make_question(chance, objects.folder.name.encode())
                told = ask_git(application, folder, "version=2", question)
                assert ask_us(application, admitted, "version=2", question) == told, question
            repository.change()
