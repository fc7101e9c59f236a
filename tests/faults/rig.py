"""A site as an operator has it, served by ``kallithea serve``, and real clients."""

import contextlib
import datetime
import itertools
import os
import pathlib
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

from sqlalchemy import select

from kallithea.core.access import VISITORS, Level
from kallithea.core.actor import COMMAND_LINE
from kallithea.core.ini import read_ini
from kallithea.core.settings import parse_settings
from kallithea.model.journal import JournalEntry
from kallithea.services.application import Application
from kallithea.services.settling import settle
from kallithea.services.work import open_application, reading, writing
from kallithea.vcs.types import Kind
from tests.doors.servers import kallithea_serve, serving
from tests.doors.sites import PASSWORD, OperatorsSite, make_site
from tests.factories.repositories import make_builder
from tests.transport.site import Clients, Done, hg_log

#: How long something is away, in seconds.
OUTAGE_SECONDS = float(os.environ.get("KALLITHEA_TEST_OUTAGE_SECONDS", "0.5"))
#: In so many seconds answers come, refusals too.
SOON_SECONDS = 5
# So long something is waited for that comes to hold, on a busy machine.
_PATIENCE_SECONDS = 30

_ADA = f"ada:{PASSWORD.replace(' ', '%20')}@"


@dataclass(frozen=True)
class Page:
    """An answer to a browser."""

    status: int
    text: str
    retry_after: str


@dataclass
class Rig:
    """The site, whose ``application`` this process has too, and a client of each kind that has something to push."""

    site: OperatorsSite
    clients: Clients
    application: Application
    acknowledged: list[tuple[Kind, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._builders = {kind: make_builder(kind, self.clients.folder / f"work-{kind}") for kind in Kind}
        self._numbers = itertools.count(1)
        with writing(self.application) as services:
            services.settings.set_(COMMAND_LINE, "visitors", "true")
            services.permissions.set_(COMMAND_LINE, None, VISITORS, Level.READ)

    def get(self, path: str) -> Page:
        """The page at a path, which has to come soon."""
        try:
            with urllib.request.urlopen(self.site.url(path), timeout=SOON_SECONDS) as answer:
                return Page(answer.status, answer.read().decode(), "")
        except urllib.error.HTTPError as answer:
            return Page(answer.code, answer.read().decode(), answer.headers.get("Retry-After", ""))

    def push(self, kind: Kind) -> Done:
        """Push one more commit, and all that could not be pushed before."""
        builder = self._builders[kind]
        commit_id = builder.commit({b"file%d" % next(self._numbers): os.urandom(2000)})
        url = self.site.url(kind.value, _ADA)
        if kind is Kind.HG:
            done = self.clients.hg("push", "-q", url, cwd=builder.path, config=["http.timeout=20"])
        else:
            done = self.clients.git("push", "-q", url, "main", cwd=builder.path)
        if done.status == 0:
            self.acknowledged.append((kind, commit_id))
        return done

    def clone(self, kind: Kind, *options: str) -> Done:
        """Clone into a new folder, as a visitor."""
        url, name = self.site.url(kind.value), f"clone{next(self._numbers)}"
        if kind is Kind.HG:
            return self.clients.hg("clone", "-q", "-U", *options, url, name, config=["http.timeout=20"])
        return self.clients.git("clone", "-q", "--bare", *options, url, name)

    @contextlib.contextmanager
    def pushing(self) -> Iterator[list[Done]]:
        """Both clients push without a pause until the block ends. What they were told is in the list."""
        told: list[Done] = []
        ended = threading.Event()

        def push_on(kind: Kind) -> None:
            while not ended.is_set():
                told.append(self.push(kind))

        with ThreadPoolExecutor() as threads:
            running = [threads.submit(push_on, kind) for kind in Kind]
            try:
                yield told
            finally:
                ended.set()
            for each in running:
                each.result()

    def require_nothing_lost(self) -> None:
        """Every acknowledged commit is there and in the journal, and nothing is damaged."""
        for kind in Kind:
            folder = self.application.settings.repository_folder / kind.value
            journal = self._settled_journal(kind)
            pushed = [commit_id for of, commit_id in self.acknowledged if of is kind]
            assert pushed
            stored = self._stored(kind, folder)
            assert [commit_id for commit_id in pushed if commit_id not in stored] == []
            assert stored[0] in journal
            verified = (
                self.clients.hg("verify", "-q", cwd=folder)
                if kind is Kind.HG
                else self.clients.git("fsck", "--strict", "--no-dangling", cwd=folder)
            )
            assert (verified.status, verified.words) == (0, "")

    def _stored(self, kind: Kind, folder: pathlib.Path) -> list[str]:
        """Ids of the commits that refs lead to, the newest first."""
        if kind is Kind.HG:
            return [commit_id for commit_id, _phase in hg_log(folder)][::-1]
        return self.clients.git("rev-list", "--all", cwd=folder).output.split()

    def _settled_journal(self, kind: Kind) -> str:
        """What the journal tells, when what was left open has been settled."""
        with reading(self.application) as services:
            repository_id = services.repositories.get(kind.value).repository_id
        clock = self.application.clock
        self.application.clock = lambda: clock() + datetime.timedelta(days=1)
        settle(self.application, repository_id)
        self.application.clock = clock
        entries = select(JournalEntry.details).where(
            JournalEntry.repository_id == repository_id, JournalEntry.action == "push"
        )
        with reading(self.application) as services:
            return "\n".join(services.session.scalars(entries))


@contextlib.contextmanager
def rigged(folder: pathlib.Path, *values: str, url: str = "") -> Iterator[Rig]:
    """A site with these settings, which nobody serves yet. ``url`` is a way to its database that nobody cuts."""
    (folder / "clients").mkdir()
    (folder / "site").mkdir(exist_ok=True)
    site = make_site(folder / "site", *values)
    settings = parse_settings(read_ini(site.ini).application)
    application = open_application(replace(settings, database_url=url or settings.database_url))
    try:
        yield Rig(site, Clients(folder / "clients"), application)
    finally:
        application.close()


@contextlib.contextmanager
def served(rig: Rig) -> Iterator[Rig]:
    """The rig with a server, until the block ends."""
    with serving(rig.site, kallithea_serve):
        yield rig


def both(act: Callable[[Kind], Done]) -> Sequence[Done]:
    """What a client of each kind is told, both at the same time."""
    with ThreadPoolExecutor() as threads:
        return list(threads.map(act, Kind))


def soon(holds: Callable[[], bool]) -> bool:
    """Whether it comes to hold soon."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True
