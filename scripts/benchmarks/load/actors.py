"""Who makes the load. A step of an actor is one thing that somebody does, and what must be seen right after it."""

import base64
import hashlib
import http.client
import itertools
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from kallithea.vcs.types import Kind
from scripts.benchmarks.browser import Browser
from scripts.benchmarks.kallithea_site import PASSWORD, USER
from scripts.benchmarks.load.clients import clone_and_verify, make_client
from scripts.benchmarks.load.cluster import GUARDED, GUEST, Cluster
from scripts.benchmarks.load.tally import Tally
from scripts.benchmarks.measuring import LackError
from scripts.benchmarks.truth.commands import hg_program, output_of

#: Bytes of the file LARGE_FILE, which is downloaded slowly.
LARGE = 4 << 20
LARGE_FILE, LARGE_BRANCH = "large.bin", "large"

_FILES = 20
_PIECE = 256 << 10
_PIECE_SECONDS = 0.1


@dataclass
class Ways:
    """Where requests go: round the instances, or always to what stands in front of them."""

    ports: Sequence[int]
    _turns: "itertools.count[int]" = field(default_factory=itertools.count)

    def next(self) -> int:
        """The next one's turn."""
        return self.ports[next(self._turns) % len(self.ports)]

    def pair(self) -> tuple[int, int]:
        """One by which something is changed, and another one by which it must be seen."""
        first = next(self._turns)
        return self.ports[first % len(self.ports)], self.ports[(first + 1) % len(self.ports)]


@dataclass(frozen=True)
class Scene:
    """What all actors share. ``folder`` is for their clones; ``pages`` are addresses that everybody may read."""

    cluster: Cluster
    ways: Ways
    tally: Tally
    folder: Path
    pages: Sequence[str]
    large: str


#: One step; raises LackError where something that was asked for did not come, which is noted already.
Step = Callable[[], None]


def browse(scene: Scene) -> Step:
    """Somebody who is not signed in reads one page after the other."""
    browser, pages = Browser(), itertools.cycle(scene.pages)

    def step() -> None:
        with scene.tally.asking("page"):
            browser.get(scene.ways.next(), next(pages))

    return step


def search(scene: Scene) -> Step:
    """Somebody searches."""
    browser, words = Browser(), itertools.cycle(["buffer", "handle", "parent", "commit", "no-such-word"])

    def step() -> None:
        with scene.tally.asking("search"):
            browser.get(scene.ways.next(), f"/_search?q={next(words)}")

    return step


def clone(scene: Scene, kind: Kind) -> Step:
    """A client clones, and checks what it has got."""
    numbers = itertools.count(1)

    def step() -> None:
        url = f"http://127.0.0.1:{scene.ways.next()}/{kind}"
        with scene.tally.asking(f"{kind} clone"):
            clone_and_verify(kind, url, scene.folder / f"clone-{kind}-{next(numbers)}")

    return step


def push(scene: Scene, kind: Kind, name: str) -> Step:
    """A client pushes a commit; then pages and clients see it, whoever answers."""
    client = make_client(kind, scene.cluster.address(scene.ways.next(), kind), scene.folder / f"{kind}-{name}", name)
    browser, waiting = Browser(), list[str]()

    def step() -> None:
        there, elsewhere = scene.ways.pair()
        waiting.append(client.commit())
        with scene.tally.asking(f"{kind} push"):
            client.push(scene.cluster.address(there, kind))
        scene.tally.accept(kind, client.branch, waiting)
        commit = waiting[-1]
        waiting.clear()
        with scene.tally.asking("page"):
            page = browser.ask(elsewhere, f"/{kind}/changeset/{commit}")
        scene.tally.require_fresh(page.status == http.HTTPStatus.OK, f"the page of {commit} is {page.status}")
        with scene.tally.asking("page"):
            page = browser.ask(elsewhere, f"/{kind}/changelog/{client.branch}")
        scene.tally.require_fresh(commit in page.text, f"the history of {client.branch} lacks {commit}")
        with scene.tally.asking(f"{kind} poll"):
            tip = client.read_tip(f"http://127.0.0.1:{elsewhere}/{kind}")
        scene.tally.require_fresh(bool(tip) and commit.startswith(tip), f"a client sees {tip} instead of {commit}")

    return step


def sign_in(scene: Scene) -> Step:
    """Somebody signs in and out; what the cookie is worth is known everywhere."""

    def step() -> None:
        there, elsewhere = scene.ways.pair()
        browser = Browser()
        with scene.tally.asking("sign-in"):
            browser.fill_in(there, "/_admin/login", {"username": USER, "password": PASSWORD})
        with scene.tally.asking("page"):
            page = browser.ask(elsewhere, "/_admin/my_account")
        scene.tally.require_fresh(page.status == http.HTTPStatus.OK, f"who has signed in gets {page.status}")
        before = dict(browser.cookies)
        with scene.tally.asking("sign-out"):
            browser.fill_in(there, "/_admin/my_account", {}, "/_admin/logout")
        with scene.tally.asking("page"):
            page = Browser(before).ask(elsewhere, "/_admin/my_account")
        scene.tally.require_fresh(page.status != http.HTTPStatus.OK, "a session that was ended counts")

    return step


def change_rights(scene: Scene) -> Step:
    """Somebody is given the right to read a repository, and it is taken away again."""
    owner, guest = _signed_in(scene, USER), _signed_in(scene, GUEST)
    basic = {"Authorization": f"Basic {base64.b64encode(f'{GUEST}:{PASSWORD}'.encode()).decode()}"}
    settings = f"/{GUARDED}/settings/permissions"

    def step() -> None:
        for change, readable in ((_grant, True), (_revoke, False)):
            there, elsewhere = scene.ways.pair()
            with scene.tally.asking("rights"):
                change(owner, there, settings)
            for address, browser, headers in (
                (f"/{GUARDED}", guest, {}),
                (f"/{GUARDED}/info/refs?service=git-upload-pack", Browser(), basic),
            ):
                with scene.tally.asking("page"):
                    page = browser.ask(elsewhere, address, headers=headers)
                right = (page.status == http.HTTPStatus.OK) is readable
                scene.tally.require_fresh(right, f"{address} is {page.status}, and may be read: {readable}")

    return step


def change_settings(scene: Scene) -> Step:
    """Somebody describes a repository anew, and everybody reads that."""
    owner, browser, numbers = _signed_in(scene, USER), Browser(), itertools.count(1)

    def step() -> None:
        there, elsewhere = scene.ways.pair()
        words = f"Described for the {next(numbers)}. time"
        with scene.tally.asking("settings"):
            owner.fill_in(there, f"/{Kind.HG}/settings", {"repo_description": words})
        with scene.tally.asking("page"):
            page = browser.get(elsewhere, f"/{Kind.HG}")
        scene.tally.require_fresh(words in page.text, f"{words!r} is not shown")

    return step


def download(scene: Scene) -> Step:
    """A slow client downloads a large file, and compares it."""

    def step() -> None:
        with scene.tally.asking("download"):
            connection = http.client.HTTPConnection("127.0.0.1", scene.ways.next(), timeout=120)
            try:
                connection.request("GET", f"/{Kind.GIT}/raw/{LARGE_BRANCH}/{LARGE_FILE}")
                answer, found = connection.getresponse(), hashlib.sha256()
                while piece := answer.read(_PIECE):
                    found.update(piece)
                    time.sleep(_PIECE_SECONDS)
            finally:
                connection.close()
            if answer.status != http.HTTPStatus.OK or found.hexdigest() != scene.large:
                raise LackError(f"{LARGE_FILE} comes with {answer.status}, and not as it is")

    return step


def publish(repositories: Path) -> None:
    """Make all changesets public. Otherwise the first push does, and another client that pushes then must try again."""
    output_of([hg_program(), "-R", str(repositories / Kind.HG), "phase", "--public", "-r", "all()"])


def add_large_file(repositories: Path) -> str:
    """Put a file on a branch of its own, before anybody serves the repository; its SHA-256."""
    data = random.Random(0).randbytes(LARGE)  # noqa: S311 - no secret
    commit = (
        f"commit refs/heads/{LARGE_BRANCH}\ncommitter Author <author@example.org> 1500000000 +0000\ndata 5\nlarge\n"
        f"M 100644 inline {LARGE_FILE}\ndata {LARGE}\n"
    )
    git = ["git", f"--git-dir={repositories / Kind.GIT}"]
    output_of([*git, "fast-import", "--quiet"], commit.encode() + data + b"\n")
    return hashlib.sha256(data).hexdigest()


def find_pages(repositories: Path) -> Sequence[str]:
    """Addresses of pages that everybody reads."""
    git, hg = repositories / Kind.GIT, [hg_program(), "-R", str(repositories / Kind.HG)]
    head = output_of(["git", f"--git-dir={git}", "rev-parse", "HEAD"]).decode().strip()
    node = output_of([*hg, "log", "-r", "default", "-T", "{node}"]).decode()
    names = output_of(["git", f"--git-dir={git}", "ls-tree", "-r", "-z", "--name-only", head]).split(b"\0")[:-1]
    hg_names = output_of([*hg, "files", "-r", node, "-T", "{path}\\0"]).split(b"\0")[:-1]
    addresses = ["/"]
    for repository, commit, files in ((Kind.GIT, head, names), (Kind.HG, node, hg_names)):
        addresses += [f"/{repository}", f"/{repository}/changelog", f"/{repository}/changeset/{commit}"]
        addresses.append(f"/{repository}/files/{commit}/")
        addresses += [f"/{repository}/files/{commit}/{quote(name)}" for name in _some(files)]
    return addresses


def _some(names: Sequence[bytes]) -> Sequence[bytes]:
    return random.Random(0).sample(list(names), min(_FILES, len(names)))  # noqa: S311 - no secret


def _signed_in(scene: Scene, user: str) -> Browser:
    browser = Browser()
    browser.fill_in(scene.ways.next(), "/_admin/login", {"username": user, "password": PASSWORD})
    return browser


def _grant(owner: Browser, port: int, settings: str) -> None:
    """An answer may have been lost, so it may be granted already."""
    if not _find_guest(owner, port, settings):
        owner.fill_in(port, settings, {"add": GUEST, "add_level": "read"})


def _revoke(owner: Browser, port: int, settings: str) -> None:
    owner.fill_in(port, settings, {"remove": _find_guest(owner, port, settings)})


def _find_guest(owner: Browser, port: int, settings: str) -> str:
    """The row of the only account that has one; empty if it has none."""
    return owner.get(port, settings).text.partition('name="remove" value="')[2].partition('"')[0]
