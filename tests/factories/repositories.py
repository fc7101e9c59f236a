"""Builders of small repositories: the same calls for Git and Mercurial, and what only one of them has.

Commits get ascending dates, a minute apart, so that histories have one order. Paths, messages and names are bytes.
"""

import pathlib
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from mercurial import context, obsolete, phases, repair

from kallithea.vcs.git.environment import git_environment
from kallithea.vcs.hg.mercurial_setup import create_local, open_local
from kallithea.vcs.types import Kind

ADA = b"Ada Lovelace <ada@example.org>"
BOB = b"Bob <bob@example.org>"
FIRST_DATE = 1_700_000_000


@dataclass(frozen=True)
class Executable:
    """A file that may be run."""

    data: bytes


@dataclass(frozen=True)
class Symlink:
    """A symbolic link."""

    target: bytes


@dataclass(frozen=True)
class Submodule:
    """A repository inside, pinned to a commit."""

    commit_id: str


# None deletes the path.
Content = bytes | Executable | Symlink | Submodule | None


class RepositoryBuilder(Protocol):
    """What both kinds can build. Commit ids are hexadecimal text."""

    kind: Kind
    path: pathlib.Path

    def commit(
        self,
        files: Mapping[bytes, Content],
        *,
        message: bytes = b"a commit",
        author: bytes = ADA,
        date: str | None = None,
        parents: tuple[str, ...] | None = None,
        branch: bytes | None = None,
        renames: Mapping[bytes, bytes] = {},
    ) -> str:
        """Commit changes on top of ``parents`` (default: the branch's tip) and move the branch there.

        ``date`` is ``seconds +HHMM``. ``renames`` maps new paths to old ones; contents and deletions are still given.
        """
        ...

    def tag(self, name: bytes, commit_id: str) -> None:
        """A tag, lightweight in Git; in Mercurial a further commit on the default branch."""
        ...

    def bookmark(self, name: bytes, commit_id: str) -> None:
        """A movable name: a branch in Git, a bookmark in Mercurial."""
        ...


def make_builder(kind: Kind, path: pathlib.Path) -> RepositoryBuilder:
    """A builder of a new empty repository in ``path``."""
    return GitBuilder(path) if kind is Kind.GIT else HgBuilder(path)


@dataclass
class GitBuilder:
    """Builds a bare Git repository with ``git fast-import``."""

    path: pathlib.Path
    object_format: str = "sha1"
    kind: Kind = Kind.GIT
    tips: dict[bytes, str] = field(default_factory=dict)
    commits_made: int = 0

    def __post_init__(self) -> None:
        self.path.mkdir(parents=True)
        self.git("init", "-q", "--bare", "--initial-branch=main", f"--object-format={self.object_format}")

    def git(self, *arguments: str | bytes, data: bytes = b"", environment: Mapping[str, str] = {}) -> bytes:
        """Run git in the repository and return its output; fails the test if git fails."""
        command = ["git", f"--git-dir={self.path}", *arguments]
        done = subprocess.run(
            command,
            input=data,
            capture_output=True,
            env=git_environment() | dict(environment),
            cwd=self.path,
            check=False,
        )
        assert done.returncode == 0, done.stderr.decode(errors="replace")
        return done.stdout

    def commit(
        self,
        files: Mapping[bytes, Content],
        *,
        message: bytes = b"a commit",
        author: bytes = ADA,
        date: str | None = None,
        parents: tuple[str, ...] | None = None,
        branch: bytes | None = None,
        renames: Mapping[bytes, bytes] = {},
    ) -> str:
        branch = branch or b"main"
        if parents is None:
            parents = (self.tips[branch],) if branch in self.tips else ()
        when = (date or f"{FIRST_DATE + 60 * self.commits_made} +0100").encode()
        lines = [b"commit refs/heads/" + branch, b"mark :1"]
        lines += [b"author " + author + b" " + when, b"committer " + author + b" " + when]
        lines += [b"data %d" % len(message), message]
        lines += [(b"merge " if number else b"from ") + parent.encode() for number, parent in enumerate(parents)]
        script = b"\n".join(lines) + b"\n" + b"".join(_fast_import(path, content) for path, content in files.items())
        script += b"\nget-mark :1\ndone\n"
        output = self.git("fast-import", "--quiet", "--done", "--force", "--date-format=raw-permissive", data=script)
        self.tips[branch] = output.decode().strip()
        self.commits_made += 1
        return self.tips[branch]

    def tag(self, name: bytes, commit_id: str) -> None:
        self.ref(b"refs/tags/" + name, commit_id)

    def bookmark(self, name: bytes, commit_id: str) -> None:
        self.tips[name] = commit_id
        self.ref(b"refs/heads/" + name, commit_id)

    def ref(self, name: bytes, object_id: str) -> None:
        """Point a full ref name at any object."""
        self.git("update-ref", name, object_id)

    def raw_object(self, kind: str, data: bytes) -> str:
        """Store an object with exactly this content, well formed or not."""
        return self.git("hash-object", "-t", kind, "-w", "--stdin", "--literally", data=data).decode().strip()

    def annotated_tag(
        self, name: bytes, target: str, *, target_kind: str = "commit", tagger: bytes | None = ADA
    ) -> str:
        """A tag object and its ref; returns the object's id, which may itself be tagged."""
        lines = [b"object " + target.encode(), b"type " + target_kind.encode(), b"tag " + name]
        if tagger is not None:
            lines.append(b"tagger " + tagger + b" %d +0000" % FIRST_DATE)
        tag_id = self.raw_object("tag", b"\n".join(lines) + b"\n\nthe message\n")
        self.ref(b"refs/tags/" + name, tag_id)
        return tag_id


def _fast_import(path: bytes, content: Content) -> bytes:
    """Lines of a ``git fast-import`` stream for one path."""
    quoted = b'"' + path.replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\n", b"\\n") + b'"'
    if content is None:
        return b"D " + quoted + b"\n"
    if isinstance(content, Submodule):
        return b"M 160000 " + content.commit_id.encode() + b" " + quoted + b"\n"
    data, link, run = _flags(content)
    mode = b"120000" if link else b"100755" if run else b"100644"
    return b"M " + mode + b" inline " + quoted + b"\ndata %d\n" % len(data) + data + b"\n"


@dataclass
class HgBuilder:
    """Builds a Mercurial repository without working copy, in this process."""

    path: pathlib.Path
    kind: Kind = Kind.HG
    commits_made: int = 0

    def __post_init__(self) -> None:
        self.path.mkdir(parents=True)
        create_local(self.path)

    def compress_by_zlib(self) -> None:
        """Compress what is committed from now on as old repositories do."""
        requires = self.path / ".hg" / "store" / "requires"
        requires.write_text(requires.read_text().replace("revlog-compression-zstd\n", ""))

    def open(self) -> Any:
        """The unfiltered repository, fresh."""
        return open_local(self.path)

    def commit(
        self,
        files: Mapping[bytes, Content],
        *,
        message: bytes = b"a commit",
        author: bytes = ADA,
        date: str | None = None,
        parents: tuple[str, ...] | None = None,
        branch: bytes | None = None,
        renames: Mapping[bytes, bytes] = {},
        close: bool = False,
    ) -> str:
        repository = self.open()
        branch = branch or b"default"
        if parents is None:
            heads = repository.branchmap()
            parents = (heads.branchtip(branch).hex(),) if heads.hasbranch(branch) else ()
        nodes = [bytes.fromhex(parent) for parent in parents]
        nodes += [repository.nullid] * (2 - len(nodes))
        plain = _with_subrepositories(files)

        def read(repo: Any, changectx: Any, path: bytes) -> Any:
            content = plain[path]
            if content is None:
                return None
            data, link, run = _flags(content)
            return context.memfilectx(
                repo, changectx, path, data, islink=link, isexec=run, copysource=renames.get(path)
            )

        seconds, _, zone = (date or f"{FIRST_DATE + 60 * self.commits_made} +0100").partition(" ")
        west = -(int(zone[:3]) * 3600 + int(zone[0] + zone[3:]) * 60) if zone else 0
        extra = {b"branch": branch} | ({b"close": b"1"} if close else {})
        with repository.lock():
            made = context.memctx(
                repository, nodes, message, sorted(plain), read, author, (int(seconds), west), extra
            ).commit()
        self.commits_made += 1
        return bytes(made).hex()

    def tag(self, name: bytes, commit_id: str) -> None:
        repository = self.open()
        tip = repository.branchtip(b"default", ignoremissing=True)
        earlier = repository[tip][b".hgtags"].data() if tip and b".hgtags" in repository[tip] else b""
        self.commit({b".hgtags": earlier + commit_id.encode() + b" " + name + b"\n"}, message=b"Added tag " + name)

    def bookmark(self, name: bytes, commit_id: str) -> None:
        self.bookmarks([name], commit_id)

    def bookmarks(self, names: Sequence[bytes], commit_id: str) -> None:
        """The same with many names at once; all of them are written for each change."""
        repository, node = self.open(), bytes.fromhex(commit_id)
        with repository.wlock(), repository.lock(), repository.transaction(b"bookmark") as transaction:
            repository._bookmarks.applychanges(repository, transaction, [(name, node) for name in names])

    def delete_bookmark(self, name: bytes) -> None:
        """Remove a bookmark."""
        repository = self.open()
        with repository.wlock(), repository.lock(), repository.transaction(b"bookmark") as transaction:
            repository._bookmarks.applychanges(repository, transaction, [(name, None)])

    def close_branch(self, branch: bytes, head: str) -> str:
        """A commit that closes a head of a named branch."""
        return self.commit({}, message=b"close " + branch, parents=(head,), branch=branch, close=True)

    def set_phase(self, commit_id: str, phase: str) -> None:
        """Make a changeset ``public``, ``draft`` or ``secret``."""
        repository = self.open()
        number = {"public": phases.public, "draft": phases.draft, "secret": phases.secret}[phase]
        with repository.lock(), repository.transaction(b"phase") as transaction:
            nodes = [bytes.fromhex(commit_id)]
            phases.advanceboundary(repository, transaction, number, nodes)
            phases.retractboundary(repository, transaction, number, nodes)

    def obsolete(self, old: str, *successors: str) -> None:
        """Record that ``old`` was replaced by ``successors``, or pruned if there are none."""
        repository = self.open()
        pair = ((repository[bytes.fromhex(old)],), tuple(repository[bytes.fromhex(new)] for new in successors))
        with repository.lock():
            obsolete.createmarkers(repository, [pair])

    def strip(self, commit_id: str) -> None:
        """Remove a changeset and its descendants from the history."""
        repository = self.open()
        with repository.wlock(), repository.lock():
            repair.strip(repository.ui, repository, [bytes.fromhex(commit_id)], backup=False)


def _flags(content: Content) -> tuple[bytes, bool, bool]:
    """Data, whether it is a link, whether it may be run."""
    match content:
        case Executable(data):
            return data, False, True
        case Symlink(target):
            return target, True, False
        case bytes(data):
            return data, False, False
        case _:
            raise TypeError(content)


def _with_subrepositories(files: Mapping[bytes, Content]) -> dict[bytes, Content]:
    """Files as Mercurial stores them: sub-repositories become lines of ``.hgsub`` and ``.hgsubstate``."""
    inner = {path: content for path, content in files.items() if isinstance(content, Submodule)}
    plain = {path: content for path, content in files.items() if path not in inner}
    if inner:
        plain[b".hgsub"] = b"".join(path + b" = https://example.org/inner\n" for path in sorted(inner))
        plain[b".hgsubstate"] = b"".join(inner[path].commit_id.encode() + b" " + path + b"\n" for path in sorted(inner))
    return plain


@dataclass(frozen=True)
class Sample:
    """A repository that has something of everything, and the ids of its commits by nickname.

    ``main`` (in Mercurial: ``default``) goes first, second, merge, moved, odd; ``feature/x`` goes from first over
    side into the merge. ``v1.0`` tags second;
    in Mercurial that tag is one more commit on top of odd.
    """

    kind: Kind
    path: pathlib.Path
    ids: dict[str, str]

    def __getitem__(self, nickname: str) -> str:
        return self.ids[nickname]


PINNED = "0123456789abcdef0123456789abcdef01234567"
LONG_TEXT = b"".join(b"line %d\n" % number for number in range(1, 41))


def build_sample(kind: Kind, path: pathlib.Path) -> Sample:
    """Build the sample repository in ``path``, which must not exist."""
    builder = make_builder(kind, path)
    side_branch = b"feature/x"
    ids = {}
    ids["first"] = builder.commit(
        {
            b"README.rst": b"Sample\n======\n",
            b"src/long.txt": LONG_TEXT,
            b"src/deep/er/file.c": b"int main(void) { return 0; }\n",
            b"run.sh": Executable(b"#!/bin/sh\n"),
        },
        message=b"First commit\n\nWith a body.\n",
    )
    ids["second"] = builder.commit(
        {b"README.rst": b"Sample\n======\n\nMore.\n", b"link": Symlink(b"README.rst")}, message=b"Second", author=BOB
    )
    ids["side"] = builder.commit(
        {b"side.txt": b"from the side\n"}, message=b"On the side", parents=(ids["first"],), branch=side_branch
    )
    ids["merge"] = builder.commit(
        {b"side.txt": b"from the side\n"}, message=b"Merge", parents=(ids["second"], ids["side"])
    )
    ids["moved"] = builder.commit(
        {b"src/long.txt": None, b"lib/long.txt": LONG_TEXT.replace(b"line 20\n", b"line twenty\n")},
        message=b"Move",
        renames={b"lib/long.txt": b"src/long.txt"},
    )
    ids["odd"] = builder.commit(
        {
            b"caf\xe9.txt": b"latin name\n",
            "näme with space.txt".encode(): b"utf-8 name\n",
            b"crlf.txt": b"one\r\ntwo\r\n",
            b"no-newline": b"the end",
            b"empty": b"",
            b"image.png": b"\x89PNG\0\0\1",
            b"latin.txt": b"caf\xe9\n",
            b"sub/module": Submodule(PINNED),
        },
        message="Ödd — names".encode(),
        author="Jürgen <j@example.org>".encode(),
        date=f"{FIRST_DATE + 1000} -0930",
    )
    builder.tag(b"v1.0", ids["second"])
    return Sample(kind, path, ids)
