"""Sources of imports for tests: rules that allow this machine, names that no server knows, and a listener."""

import ipaddress
import pathlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from kallithea.core.remote_addresses import PORTS, parse_remote_address
from kallithea.vcs.remote import Amount, Credentials, RemoteRules, RemoteSource, RemoteStep

LOOPBACK = ipaddress.ip_network("127.0.0.0/8")
#: A name that only the resolver below knows.
ELSEWHERE = "elsewhere.example"


def to_loopback(host: str, _port: int) -> Sequence[str]:
    """This machine, whatever is asked for."""
    return ["127.0.0.1"]


def to_nowhere(host: str, _port: int) -> Sequence[str]:
    """Knows no host."""
    raise OSError(f"no {host}")


RULES = RemoteRules(tuple(PORTS), (LOOPBACK,), resolve=to_loopback)


def source(address: str, rules: RemoteRules = RULES, password: str = "", **changes: object) -> RemoteSource:
    """A source, for the user ``ada`` if there is a password; ``changes`` are those of the rules."""
    credentials = Credentials("ada", password) if password else None
    rules = replace(rules, **changes)  # type: ignore[arg-type]
    return RemoteSource(parse_remote_address(address, rules.schemes), rules, credentials)


@dataclass
class Recorder:
    """Implements ``vcs.remote.Listener``; ``on_tick`` may raise."""

    on_tick: Callable[[], None] = lambda: None
    steps: list[RemoteStep] = field(default_factory=list)
    amounts: list[Amount] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def begin(self, step: RemoteStep) -> None:
        self.steps.append(step)

    def count(self, amount: Amount) -> None:
        self.amounts.append(amount)

    def say(self, line: str, *, warning: bool = False) -> None:
        (self.warnings if warning else self.lines).append(line)

    def tick(self) -> None:
        self.on_tick()


def files_below(folder: pathlib.Path) -> list[str]:
    """Everything in a folder, by its path in it."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))
