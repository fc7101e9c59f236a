"""What a process holds for as long as it lives."""

import datetime
import os
import re
import socket
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import Engine

from kallithea.auth.method import SignInMethod
from kallithea.auth.opener import open_methods
from kallithea.cache.growing_store import GrowingStore
from kallithea.cache.recent_store import RecentStore
from kallithea.cache.slots import Slots
from kallithea.cache.stores import Caches, Server, Store, open_caches
from kallithea.cache.tallies import Tallies
from kallithea.core.settings import Settings
from kallithea.migrations.schema import OwedCheck
from kallithea.model.engine import Unit, for_unit
from kallithea.search.engine import SearchEngine
from kallithea.services.last_changes import LastChanges
from kallithea.services.later import Later
from kallithea.services.noted_ways import NotedWays
from kallithea.services.remote_rules import make_rules
from kallithea.services.sealing import Sealing
from kallithea.services.verified_passwords import VerifiedPasswords
from kallithea.services.visitor_budget import VisitorBudget
from kallithea.vcs.kept import KeptRepositories
from kallithea.vcs.opener import VcsOptions
from kallithea.vcs.remote import RemoteRules

# What was sent to those who fetch is made anew after a day.
_PACK_SECONDS = 86_400.0
# Ways in within an hour, of which strangers make only those that are refused.
_MOST_NOTED = 20_000
_MOST_REFUSED = 50


def utc_now() -> datetime.datetime:
    """The present, aware, in UTC."""
    return datetime.datetime.now(datetime.UTC)


def _nobody() -> None:
    """Nobody in this process waits for jobs."""


@dataclass(eq=False)
class Application:
    """Settings, engine and clock of a process. Nothing in it may contradict another process.

    ``told`` is for what clients of git and hg are told again and again, such as polls.
    ``wake`` is called after a commit that left jobs, so that a worker on this machine looks at once.
    ``readers`` and ``writers`` are the engine as reading and writing units use it.
    ``tallies`` are sums of what this machine has answered.
    """

    settings: Settings
    engine: Engine
    clock: Callable[[], datetime.datetime] = utc_now
    wake: Callable[[], None] = _nobody
    later: Later = field(init=False)
    verified_passwords: VerifiedPasswords = field(init=False)
    noted_ways: NotedWays = field(init=False)
    refused_ways: NotedWays = field(init=False)
    sign_in_methods: tuple[SignInMethod, ...] = field(init=False)
    vcs_options: VcsOptions = field(init=False)
    caches: Caches = field(init=False)
    told: Store = field(init=False)
    packs: GrowingStore | None = field(init=False)
    slots: Slots = field(init=False)
    last_changes: LastChanges = field(init=False)
    visitor_budget: VisitorBudget = field(init=False)
    tallies: Tallies = field(init=False)
    search: SearchEngine | None = field(init=False)
    remote_rules: RemoteRules = field(init=False)
    sealing: Sealing = field(init=False)
    owed_check: OwedCheck = field(init=False)
    readers: Engine = field(init=False)
    writers: Engine = field(init=False)

    def __post_init__(self) -> None:
        self.owed_check = OwedCheck(self.engine)
        self.verified_passwords = VerifiedPasswords()
        self.noted_ways = NotedWays(_MOST_NOTED)
        self.refused_ways = NotedWays(_MOST_REFUSED)
        self.sign_in_methods = open_methods(self.settings)
        self.vcs_options = _vcs_options(self.settings)
        self.caches = _open_caches(self.settings)
        self.told = RecentStore(self.caches.small) if self.settings.cache_enabled else self.caches.small
        self.packs = _open_packs(self.settings)
        self.slots = Slots(self.settings.cache_dir / "wire-slots")
        self.last_changes = LastChanges(self.caches.small, self.caches.turns)
        self.tallies = Tallies(self.settings.cache_dir / f"requests-{machine_name()}.json")
        budget_file = self.settings.cache_dir / "visitors.budget"
        self.remote_rules = make_rules(self.settings)
        self.sealing = Sealing(self.settings)
        self.visitor_budget = VisitorBudget(budget_file, self.settings.visitor_budget)
        self.readers = for_unit(self.engine, Unit.READING)
        self.writers = for_unit(self.engine, Unit.WRITING)

    def close(self) -> None:
        """Store what was to be stored later, close what is kept open, and return every connection."""
        self.later.close()
        self.tallies.close()
        self.visitor_budget.close()
        self.vcs_options.kept.close()
        self.engine.dispose()


def machine_name() -> str:
    """The name of this machine, as part of a file's or a key: machines that share a folder or a cache server differ."""
    return re.sub(r"[^A-Za-z0-9-]", "_", socket.gethostname())[:64]


def _open_caches(settings: Settings) -> Caches:
    server = Server(settings.cache_type, settings.cache_url, settings.cache_expire)
    return open_caches(
        settings.cache_dir,
        size=settings.cache_size,
        archive_folder=settings.archive_cache_dir or settings.cache_dir / "archives",
        archive_size=settings.archive_cache_size,
        server=server if settings.cache_type != "file" else None,
        enabled=settings.cache_enabled,
    )


def _open_packs(settings: Settings) -> GrowingStore | None:
    if settings.pack_cache_dir is None:
        return None
    return GrowingStore(settings.pack_cache_dir, settings.pack_cache_size, _PACK_SECONDS)


def _vcs_options(settings: Settings) -> VcsOptions:
    heavy_processes = settings.heavy_git_processes or max(2, min(os.cpu_count() or 2, 8))
    return VcsOptions(settings.git_path, settings.cache_dir / "slots", heavy_processes, kept=KeptRepositories())
