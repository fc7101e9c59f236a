"""Probes with repositories that are too large in one way: every page answers in bounded size and memory."""

import os
import subprocess
from collections.abc import Iterator

import pytest

from kallithea.core.access import Level
from kallithea.core.memory import release_memory
from kallithea.vcs.git.environment import git_environment
from kallithea.vcs.hg.mercurial_setup import close_local
from kallithea.vcs.types import Kind
from tests.factories.repositories import GitBuilder, HgBuilder, RepositoryBuilder
from tests.flows.memory import Watch
from tests.web.site import Site, get

pytestmark = pytest.mark.slow

MOST_BYTES = 4_000_000
#: What a process may need beyond what it held before, in kB. Mercurial compares the lines of files in memory, of both
#: versions together less than 32 MiB: here two million lines.
MOST_MEMORY = {Kind.GIT: 300_000, Kind.HG: 600_000}

#: Those whose answers are files, which are sent piece by piece.
SENT = ("archive/", "changeset-diff/")
DEEP = b"/".join([b"d"] * 200) + b"/file"

PAGES = (
    "",
    "files/{id}",
    "files/{id}/line",
    "files/{id}/min.js",
    "files/{id}/lines",
    "files/{id}/" + DEEP.decode(),
    "files/{id}/" + DEEP.decode().removesuffix("/file"),
    "files/{id}/wide",
    "files/{id}/wide?page=9",
    "files-changes/{id}/wide",
    "files-with-changes/{id}",
    "files-tree/{id}/wide",
    "annotate/{id}/line",
    "annotate/{id}/min.js",
    "annotate/{id}/lines",
    "annotate/{id}/lines?page=200",
    "annotate/{id}/" + DEEP.decode(),
    "changelog",
    "changelog/{id}/wide",
    "changelog/{id}/" + DEEP.decode(),
    "changelog?author=nobody",
    "changeset/{id}",
    "changeset/{id}?page=50",
    "changeset/{before}",
    "changeset-diff/{before}?f=lines",
    "branches",
    "branches?branches=400",
    "refs-menu?to=files&f=b4",
    "compare/{before}...{id}",
    "archive/{id}.zip",
)


def git_history(builder: GitBuilder) -> Iterator[bytes]:
    """A stream for ``git fast-import``: large files and folders, then many lines changed, then many files."""
    who = b"committer Ada <ada@example.org> %d +0000\ndata 4\nwork\n"
    yield b"commit refs/heads/main\nmark :3\n" + who % 1_700_000_000
    for path, data in files().items():
        yield b"M 100644 inline %s\ndata %d\n" % (path, len(data))
        yield data + b"\n"
    yield b"M 040000 %s wide\n" % wide_tree(builder, 0)
    yield b"commit refs/heads/main\nmark :4\n" + who % 1_700_000_001
    lines = many_lines(b";\n")
    yield b"M 100644 inline lines\ndata %d\n" % len(lines) + lines + b"\n"
    yield b"commit refs/heads/main\nmark :5\n" + who % 1_700_000_002
    yield b"M 040000 %s wide\n" % wide_tree(builder, 100_000)


def wide_tree(builder: GitBuilder, changed: int) -> bytes:
    """A folder of 300,000 files, of which so many have another content. An import would insert each by a search."""
    old, new = (builder.git("hash-object", "-w", "--stdin", data=data).strip() for data in (b"1", b"2"))
    rows = (b"100644 blob %s\t%06d\n" % (new if number < changed else old, number) for number in range(300_000))
    return builder.git("mktree", data=b"".join(rows)).strip()


def files() -> dict[bytes, bytes]:
    """Those of the first commit that stand alone."""
    return {
        b"line": b"x" * 200_000_000,
        b"README.md": b"# Title\n\n" + b"*a* _b_ `c` [d](e) <f> \n" * 4_200_000,
        b"min.js": b"!function(){" + b"a.b=c(d)?e:'f',g[h]=/i/;" * 400_000 + b"}();",
        b"lines": many_lines(b"\n"),
        DEEP: b"1\n",
    }


def many_lines(ending: bytes) -> bytes:
    """A million different lines."""
    return b"".join(b"%d%s" % (number, ending) for number in range(1_000_000))


def build_git(builder: GitBuilder) -> tuple[str, str]:
    command = ["git", f"--git-dir={builder.path}", "-c", "core.compression=1", "fast-import", "--quiet", "--force"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, env=git_environment()) as process:
        assert process.stdin is not None
        process.stdin.writelines(git_history(builder))
    assert process.returncode == 0
    before, last = builder.git("rev-parse", "main~1", "main").decode().split()
    refs = "".join(f"{last} refs/heads/b{number:05}\n" for number in range(50_000))
    (builder.path / "packed-refs").write_text("# pack-refs with: peeled fully-peeled sorted \n" + refs)
    return before, last


def build_hg(builder: HgBuilder) -> tuple[str, str]:
    """The same in which Mercurial is as large as a test can wait for: each file has a log of its own there."""
    wide = {b"wide/%06d" % number: b"1" for number in range(5_000)}
    builder.commit({**files(), **wide})
    before = builder.commit({b"lines": many_lines(b";\n")})
    last = builder.commit(dict.fromkeys(wide, b"2"))
    repository = builder.open()
    with repository.wlock(), repository.lock(), repository.transaction(b"marks") as transaction:
        marks = [(b"b%05d" % number, bytes.fromhex(last)) for number in range(50_000)]
        repository._bookmarks.applychanges(repository, transaction, marks)
    close_local(repository)
    return before, last


def build(builder: RepositoryBuilder) -> tuple[str, str]:
    if isinstance(builder, GitBuilder):
        return build_git(builder)
    assert isinstance(builder, HgBuilder)
    return build_hg(builder)


@pytest.mark.parametrize("kind", Kind)
def test_p70_every_page_is_bounded(site: Site, kind: Kind) -> None:
    site.grant("visitors", Level.READ)
    before, last = build(site.repository("r", kind))
    browser = site.browser()
    release_memory()
    watch = Watch(os.getpid())
    held = watch.look()
    watch.start()
    for page in PAGES:
        address = f"/r/{page.format(id=last, before=before)}".rstrip("/")
        answer = get(browser, address)
        assert answer.status_int in (200, 202, 303, 403, 503), (address, answer.text[:2000])
        if not page.startswith(SENT):
            assert len(answer.body) < MOST_BYTES, address

    watch.end()
    assert watch.peak - held < MOST_MEMORY[kind]
