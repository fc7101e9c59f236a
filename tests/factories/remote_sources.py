"""Sources of imports for tests: rules that allow this machine, names that no server knows, and a listener."""

import ipaddress
import pathlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import pytest

from kallithea.core.remote_addresses import PORTS, parse_remote_address
from kallithea.vcs.opener import VcsOptions, clone_repository
from kallithea.vcs.remote import Amount, Credentials, RemoteError, RemoteRules, RemoteSource, RemoteStep
from kallithea.vcs.types import Kind

_SOON_SECONDS = 30
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


def clone(
    kind: Kind, from_: RemoteSource, target: pathlib.Path, on_tick: Callable[[], None] = lambda: None
) -> Recorder:
    """Clone a repository; the answer has heard what was told meanwhile."""
    listener = Recorder(on_tick)
    clone_repository(kind, from_, target, VcsOptions(), listener)
    return listener


def refuse(kind: Kind, from_: RemoteSource, target: pathlib.Path, words: str) -> None:
    """See to it that cloning fails soon, in these words (a regular expression) and without the password.

    Nothing stays beside the target.
    """
    began = time.monotonic()
    with pytest.raises(RemoteError, match=words) as caught:
        clone(kind, from_, target)
    assert from_.credentials is None or from_.credentials.password not in str(caught.value)
    assert files_below(target.parent) == []
    assert time.monotonic() - began < _SOON_SECONDS
