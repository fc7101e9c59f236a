"""Pushes take turns, and rights are looked at again when everything has arrived."""

import concurrent.futures
from collections.abc import Iterator

import pytest

from kallithea.cache.slots import Claim
from kallithea.core.access import Level, Subject, SubjectKind
from kallithea.core.actor import COMMAND_LINE
from kallithea.services.work import writing
from kallithea.vcs.git.pkt_line import FLUSH, packet
from kallithea.vcs.types import Kind
from tests.transport.site import Clients, Done, Server, Site, hg_log, request, serve
from tests.transport.test_capacity import queue, taken, wait_for_queue
from tests.transport.test_lost_clients import push_body

pytestmark = pytest.mark.slow

BUSY = "Too many pushes are being worked on. Nothing was changed: try again in a moment."
LOST = "You may not push to this repository any more."
MACHINE = Claim("push-machine", "", 1)


@pytest.fixture(scope="module")
def server(site: Site) -> Iterator[Server]:
    with serve(site.folder, settings="wire_pushes=1 wire_pushes_each=1 wire_wait_limit=3") as server:
        yield server


@pytest.fixture(params=list(Kind))
def kind(request: pytest.FixtureRequest) -> Kind:
    found: Kind = request.param
    return found


def push(clients: Clients, url: str, kind: Kind) -> Done:
    if kind is Kind.HG:
        return clients.hg("push", url, cwd=clients.hg_repository().path)
    return clients.git("push", url, "main", cwd=clients.git_repository())


def commits(clients: Clients, site: Site, path: str, kind: Kind) -> int:
    if kind is Kind.HG:
        return len(hg_log(site.disk(path)))
    return int(clients.git("rev-list", "--all", "--count", cwd=site.disk(path)).output)


def test_push_to_what_cannot_be_opened_gives_its_slots_back(site: Site, server: Server, clients: Clients) -> None:
    broken, sound = site.add(Kind.HG), site.add(Kind.HG)
    with (site.disk(broken) / ".hg" / "requires").open("a") as file:
        file.write("what-nobody-knows\n")
    headers = {"Content-Type": "application/mercurial-0.1"}
    answer = request(server, "POST", f"/{broken}?cmd=unbundle&heads=666f726365", b"", user="ada", headers=headers)
    assert answer.status == 500
    assert push(clients, server.url(sound), Kind.HG).status == 0


@pytest.mark.parametrize("name", ["push-machine", "push-repository", "push-user", "push-network"])
def test_push_that_waits_in_vain_is_refused_in_words(
    site: Site, server: Server, clients: Clients, kind: Kind, name: str
) -> None:
    path = site.add(kind)
    with writing(site.application) as services:
        user_id = services.users.get("ada").user_id
    names = {
        "push-machine": "",
        "push-repository": str(site.repository_id(path)),
        "push-user": str(user_id),
        "push-network": "127.0.0.1",
    }
    with taken(site, Claim(name, names[name], 1)):
        refused = push(clients, server.url(path), kind)
    assert refused.status != 0
    assert BUSY in refused.words
    assert commits(clients, site, path, kind) == 0
    assert queue(site) == []


def test_push_waits_for_its_turn(site: Site, server: Server, clients: Clients, kind: Kind) -> None:
    path = site.add(kind)
    with concurrent.futures.ThreadPoolExecutor() as threads, taken(site, MACHINE) as give_back:
        pushed = threads.submit(push, clients, server.url(path), kind)
        wait_for_queue(site, 1)
        give_back()
    assert pushed.result().status == 0, pushed.result().words
    assert commits(clients, site, path, kind) == 1


@pytest.mark.parametrize("password", [True, False])
def test_right_that_is_lost_while_a_push_is_sent_counts_no_more(
    site: Site, clients: Clients, kind: Kind, password: bool
) -> None:
    path = site.add(kind)
    with serve(site.folder, settings="wire_pushes=1") as server:
        secret = {} if password else {"password": site.token("ada", "read", "write")}
        with concurrent.futures.ThreadPoolExecutor() as threads, taken(site, MACHINE) as give_back:
            pushed = threads.submit(push, clients, server.url(path, **secret), kind)
            wait_for_queue(site, 1)
            with writing(site.application) as services:
                ada = Subject(SubjectKind.USER, services.users.get("ada").user_id)
                services.permissions.set_(COMMAND_LINE, services.repositories.get(path), ada, Level.READ)
            give_back()
    assert pushed.result().status != 0
    assert LOST in pushed.result().words
    assert commits(clients, site, path, kind) == 0
    assert site.outcomes(path) in (["nothing"], [])


def test_token_that_is_taken_back_while_a_push_is_sent_counts_no_more(site: Site, clients: Clients, kind: Kind) -> None:
    path = site.add(kind)
    with serve(site.folder, settings="wire_pushes=1") as server:
        token = site.token("ada", "read", "write")
        with concurrent.futures.ThreadPoolExecutor() as threads, taken(site, MACHINE) as give_back:
            pushed = threads.submit(push, clients, server.url(path, password=token), kind)
            wait_for_queue(site, 1)
            with writing(site.application) as services:
                for row in services.tokens.list_(services.users.get("ada")):
                    services.tokens.revoke(COMMAND_LINE, row)
            give_back()
    assert LOST in pushed.result().words
    assert commits(clients, site, path, kind) == 0


def test_many_long_names_are_refused_one_by_one(site: Site, server: Server, clients: Clients) -> None:
    path, work = site.add(Kind.GIT), clients.git_repository()
    body = push_body(clients, work)
    length = int(body[:4], 16)
    tip = body[4 + 41 : 4 + 81]
    names = [b"refs/heads/-%02d" % number + b"x" * 60_000 for number in range(90)]
    commands = b"".join(packet(b"0" * 40 + b" " + tip + b" " + name) for name in names)
    headers = {"Content-Type": "application/x-git-receive-pack-request"}
    sent = body[:length] + commands + body[length:]
    assert body[length : length + 4] == FLUSH
    answer = request(server, "POST", f"/{path}/git-receive-pack", sent, user="ada", headers=headers)
    assert (answer.status, answer.body.count(b"ng refs/heads/-")) == (200, 90)
    assert b"ok refs/heads/main" in answer.body
    assert commits(clients, site, path, Kind.GIT) == 1
