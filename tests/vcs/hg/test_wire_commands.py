"""Every wire command is known as reading or writing; all others are refused."""

import pytest

from kallithea.vcs.hg.mercurial_setup import HAS_EVOLVE
from kallithea.vcs.hg.wire_commands import BATCHED, COMMANDS, LARGE_FILES, OUTDATED, Access, find_access

# isort: split
# Only after the modules above have prepared Mercurial.
from mercurial import wireprotov1server


def test_reading_command_of_evolve_is_there_where_evolve_is() -> None:
    assert (b"evoext_obshashrange_v1" in wireprotov1server.commands) is HAS_EVOLVE


def test_every_command_that_mercurial_has_is_classed() -> None:
    known = COMMANDS.keys() | LARGE_FILES | OUTDATED
    assert set(wireprotov1server.commands) - known == set()


def test_reading_and_writing_agree_with_mercurial() -> None:
    for name, entry in wireprotov1server.commands.items():
        if name in COMMANDS:
            assert (COMMANDS[name] is Access.WRITE) == (entry.permission == b"push"), name


def test_batched_commands_are_known() -> None:
    assert BATCHED - COMMANDS.keys() == set()


@pytest.mark.parametrize(
    ("command", "cmds", "access"),
    [
        (b"heads", b"", Access.READ),
        (b"unbundle", b"", Access.WRITE),
        (b"pushkey", b"", Access.WRITE),
        (b"nonsense", b"", None),
        (b"", b"", None),
        (b"putlfile", b"", None),
        (b"changegroup", b"", None),
        (b"batch", b"heads ;known nodes=", Access.READ),
        (b"batch", b"heads ;pushkey namespace=phases", Access.WRITE),
        (b"batch", b"heads", Access.READ),
        (b"batch", b"heads ;unbundle heads=", None),
        (b"batch", b"batch cmds=heads ", None),
        (b"batch", b"heads ;", None),
        (b"batch", b"", None),
        (b"batch", b"heads ;nonsense ", None),
        (b"batch", b";".join([b"lookup key=tip"] * 1000), Access.READ),
        (b"batch", b";".join([b"lookup key=tip"] * 1001), None),
        (b"batch", b";".join([b"capabilities "] * 21), None),
        (b"evoext_obshashrange_v1", b"", Access.READ),
    ],
)
def test_access(command: bytes, cmds: bytes, access: Access | None) -> None:
    assert find_access(command, {b"cmds": cmds}) is access
