"""Repositories of extreme shapes: every page answers, says what it leaves out, and holds little memory."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from kallithea.vcs.git.environment import git_environment
from kallithea.vcs.types import Kind
from tests.doors.servers import kallithea_serve, serving
from tests.doors.sites import ENVIRONMENT, PROGRAMS, Browser, OperatorsSite, make_site
from tests.flows.memory import Watch

pytestmark = [pytest.mark.doors, pytest.mark.slow]

ENTRIES = 25_000
CHANGED = 6_000
LINES = 100_000
BRANCHES = 10_000
#: RssAnon of a web process, in kB of 1,024 bytes, as Linux counts: 150 MB.
MOST_MEMORY = 150 << 10
#: Between groups of digits.
_DIGITS = "\N{NARROW NO-BREAK SPACE}"


def history() -> Iterator[bytes]:
    """A stream for ``git fast-import``: a wide folder and a long file, then a commit that changes many files."""
    who = b"committer Ada <ada@example.org> %d +0000\ndata 4\nwork\n"
    yield b"commit refs/heads/main\nmark :1\n" + who % 1_700_000_000
    for number in range(ENTRIES):
        yield b"M 100644 inline wide/file-%05d.txt\ndata 6\n%05d\n\n" % (number, number)
    text = b"".join(b"line %06d of the long file\n" % number for number in range(1, LINES + 1))
    yield b"M 100644 inline long.txt\ndata %d\n%s\n" % (len(text), text)
    yield b"commit refs/heads/main\nmark :2\n" + who % 1_700_000_060 + b"from :1\n"
    for number in range(CHANGED):
        yield b"M 100644 inline wide/file-%05d.txt\ndata 6\n%05d\n\n" % (number, number + 1)
    for number in range(BRANCHES):
        yield b"reset refs/heads/topic/%05d\nfrom :%d\n\n" % (number, number % 2 + 1)


def make_git_repository(path: Path) -> None:
    environment = git_environment({"user.name": "x"})
    subprocess.run(["git", "init", "-q", "--bare", "--initial-branch=main", path], check=True, env=environment)
    import_history = ["git", f"--git-dir={path}", "fast-import", "--quiet"]
    subprocess.run(import_history, input=b"".join(history()), check=True, env=environment)


def make_hg_repository(path: Path) -> None:
    """The same files and commits, with bookmarks for branches."""

    def hg(*arguments: str) -> str:
        environment = ENVIRONMENT | {"HGRCPATH": "", "HGUSER": "Ada <ada@example.org>"}
        command = [str(PROGRAMS / "hg"), "--cwd", str(path), *arguments]
        return subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout

    wide = path / "wide"
    wide.mkdir(parents=True)
    hg("init")
    for number in range(ENTRIES):
        (wide / f"file-{number:05}.txt").write_text(f"{number:05}\n")
    (path / "long.txt").write_text("".join(f"line {number:06} of the long file\n" for number in range(1, LINES + 1)))
    hg("commit", "--addremove", "--quiet", "--message=work", "--date=1700000000 0")
    for number in range(CHANGED):
        (wide / f"file-{number:05}.txt").write_text(f"{number + 1:05}\n")
    hg("commit", "--quiet", "--message=work", "--date=1700000060 0")
    first, second = hg("log", "--template={node}\n", "--rev=0:1").split()
    bookmarks = [f"{(first, second)[number % 2]} topic/{number:05}\n" for number in range(BRANCHES)]
    (path / ".hg" / "bookmarks").write_text("".join([f"{second} main\n", *bookmarks]))


@pytest.fixture(scope="module", params=list(Kind), ids=str)
def kind(request: pytest.FixtureRequest) -> Kind:
    return Kind(request.param)


@pytest.fixture(scope="module")
def site(kind: Kind, tmp_path_factory: pytest.TempPathFactory) -> OperatorsSite:
    site = make_site(tmp_path_factory.mktemp("site"))
    make = make_git_repository if kind is Kind.GIT else make_hg_repository
    make(site.folder / "data" / "repositories" / "large")
    site.kallithea("repo-scan", "--owner", "ada")
    return site


def test_every_page_answers_and_holds_little_memory(site: OperatorsSite) -> None:
    with serving(site, kallithea_serve) as process:
        browser = Browser(site)
        browser.sign_in()
        watch = Watch(process.pid)
        watch.start()
        pages = {
            "large": ["long.txt"],
            "large/files/main/wide": [f"of 25{_DIGITS}000", "file-00999.txt"],
            "large/files/main/wide?page=25": ["file-24999.txt"],
            "large/files/main/long.txt": ["line 000001 of", "are shown here"],
            "large/annotate/main/long.txt": ["line 000001 of"],
            "large/changeset/main": [f"6{_DIGITS}000", "wide/"],
            "large/changelog": ["work"],
            "large/changelog/main/wide": ["work"],
            "large/branches": [f"10{_DIGITS}001"],
            "large/branches?branches=100&bookmarks=100": ["topic/09"],
            "large/refs-menu?to=files&f=topic/0999": ["topic/09990", "topic/09999"],
        }
        for address, expected in pages.items():
            page = browser.get(address)
            assert [words for words in expected if words not in page] == [], address
            assert len(page) < 4_000_000, address
        watch.end()
    assert watch.peak < MOST_MEMORY
