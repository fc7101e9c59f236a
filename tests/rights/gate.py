"""All that clients of git and hg can ask, and somebody of each kind who asks for it."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from webtest import TestApp as WebTestApp

from kallithea.core.access import Level
from kallithea.core.actor import COMMAND_LINE
from kallithea.services.work import writing
from kallithea.transport.http import WireApplication
from kallithea.vcs.hg.wire_commands import COMMANDS, Access
from kallithea.vcs.types import Kind
from tests.rights.town import PEOPLE, Town
from tests.transport.door import say_404


@dataclass(frozen=True)
class Command:
    """A request of a client, below the path of a repository; it needs READ or WRITE."""

    kind: Kind
    method: str
    tail: str
    level: Level
    content_type: str = "application/mercurial-0.1"


@dataclass(frozen=True)
class Client:
    """Who comes: the account of a token, its scopes, the repository that it is bound to, and what that gives."""

    name: str | None
    level: Level
    scopes: tuple[str, ...] = ("read", "write")
    bound_to: str = ""


def find_commands() -> Iterator[Command]:
    """All that clients can ask."""
    for name, access in COMMANDS.items():
        level = Level.WRITE if access is Access.WRITE else Level.READ
        method = "POST" if access is Access.WRITE else "GET"
        yield Command(Kind.HG, method, f"?cmd={name.decode()}", level)
    for service, level in (("git-upload-pack", Level.READ), ("git-receive-pack", Level.WRITE)):
        yield Command(Kind.GIT, "GET", f"/info/refs?service={service}", level)
        yield Command(Kind.GIT, "POST", f"/{service}", level, f"application/x-{service}-request")
    yield Command(Kind.GIT, "GET", "/info/refs", Level.READ)
    yield Command(Kind.GIT, "GET", "/objects/info/packs", Level.READ)


COMMANDS_OF_CLIENTS = tuple(find_commands())

CLIENTS = {name: Client(person.name, person.repositories) for name, person in PEOPLE.items()} | {
    "token to read of a writer": Client("writer", Level.READ, ("read",)),
    "token to read of root": Client("root", Level.READ, ("read",)),
    "token for feeds of root": Client("root", Level.NONE, ("feed",)),
    "token for another repository": Client("root", Level.NONE, bound_to="a/b/git-own"),
}


@dataclass
class Gate:
    """The wire of a site, and tokens for it."""

    town: Town

    @cached_property
    def wire(self) -> WebTestApp:
        return WebTestApp(WireApplication(self.town.site.application, say_404), {"REMOTE_ADDR": "192.0.2.8"})

    def headers(self, client: Client) -> dict[str, str]:
        """What a client says of itself."""
        if client.name is None:
            return {}
        with writing(self.town.site.application) as services:
            user = services.users.get(client.name)
            bound = None
            if client.bound_to:
                bound = {services.repositories.get(client.bound_to).repository_id: client.bound_to}
            _row, text = services.tokens.create(COMMAND_LINE, user, scopes=client.scopes, repositories=bound)
        return {"Authorization": "Basic " + base64.b64encode(f"{client.name}:{text}".encode()).decode()}

    def ask(self, command: Command, path: str, headers: dict[str, str]) -> tuple[int, bytes, dict[str, str]]:
        """Status, body and headers of the answer to a request without a body."""
        typed = {"CONTENT_TYPE": command.content_type} if command.method == "POST" else {}
        answer = self.wire.request(
            f"/{path}{command.tail}",
            method=command.method,
            headers={**headers, "User-Agent": "git/2.40.0" if command.kind is Kind.GIT else "mercurial/proto-1.0"},
            environ=typed,
            expect_errors=True,
        )
        return answer.status_int, answer.body, {name: text for name, text in answer.headerlist if name != "Date"}
