"""Who may use which command of git and hg: every command, by everybody, with a token as the password."""

import pytest

from kallithea.core.access import Level
from kallithea.services.work import reading
from kallithea.vcs.types import Kind
from tests.rights.gate import CLIENTS, COMMANDS_OF_CLIENTS, Client, Command, Gate
from tests.statements import counted


@pytest.mark.parametrize("who", CLIENTS)
def test_commands_are_for_whom_they_should_be(gate: Gate, who: str) -> None:
    client, found = CLIENTS[who], []
    headers = gate.headers(client)
    for command in COMMANDS_OF_CLIENTS:
        status, body, _headers = gate.ask(command, f"a/b/{command.kind}", headers)
        if not _right(client, command, status, body):
            found.append((command, status))
    assert found == []


@pytest.mark.parametrize(
    "who", ["anonymous", "nobody", "disabled", "from another network", "token for another repository"]
)
def test_hidden_and_absent_are_the_same(gate: Gate, who: str) -> None:
    headers, differing = gate.headers(CLIENTS[who]), []
    for command in COMMANDS_OF_CLIENTS:
        told = []
        for path in (f"a/b/{command.kind}", "a/b/zzz"):
            with counted(gate.town.site.application.engine) as statements:
                answer = gate.ask(command, path, headers)
            told.append((answer, statements))
        if told[0] != told[1]:
            differing.append(command)
    assert differing == []


@pytest.mark.parametrize(("who", "again"), [("anonymous", 1), ("nobody", 0)])
def test_how_often_it_was_asked_tells_nothing_of_what_is_hidden(gate: Gate, who: str, again: int) -> None:
    """Members find out again without a statement what they have asked for, whatever is there; strangers do not."""
    command, headers = COMMANDS_OF_CLIENTS[0], gate.headers(CLIENTS[who])
    with counted(gate.town.site.application.engine):
        gate.ask(command, "a/b/yyy", headers)
    asked = []
    for path in ("a/b/zzz", f"a/b/{command.kind}", "a/b/xxx"):
        for _ in range(2):
            with counted(gate.town.site.application.engine, anew=False) as statements:
                gate.ask(command, path, headers)
            asked.append(len(statements))
    assert asked == [1, again] * 3


def test_nobody_has_pushed(gate: Gate) -> None:
    """Requests without a body change nothing, whoever sends them."""
    with reading(gate.town.site.application) as services:
        for kind in Kind:
            repository = services.repositories.get(f"a/b/{kind}")
            with services.repositories.open(repository) as opened:
                assert len(opened.refs().branches) == 1


def _right(client: Client, command: Command, status: int, body: bytes) -> bool:
    if client.level < Level.READ:
        return status == (401 if client.name in (None, "disabled", "elsewhere") else 404)
    if client.level < command.level:
        return status == 403 and _names_a_right(body)
    return status not in (401, 404) and not _names_a_right(body)


def _names_a_right(body: bytes) -> bool:
    return b"but not push" in body or b"This token may" in body
