"""Who gets in: what each client is told, and that what is hidden is as absent."""

import urllib.parse

import pytest
from sqlalchemy import event

from kallithea.core.access import Level
from kallithea.transport.answers import RefusedError
from kallithea.transport.gate import admit
from kallithea.vcs.types import Kind
from tests.transport.site import PASSWORD, Clients, Response, Server, Site, basic, hg_log, request

ADVERTISEMENTS = [
    "{}/info/refs?service=git-upload-pack",
    "{}/info/refs?service=git-receive-pack",
    "{}?cmd=capabilities",
]


def told(response: Response) -> tuple[object, ...]:
    """Everything in an answer that could tell two repositories apart: time and names are of the request alone."""
    of_request = ("Date", "X-Request-ID")
    headers = sorted((name, value) for name, value in response.headers.items() if name not in of_request)
    return response.status, response.reason, headers, response.body


@pytest.mark.parametrize("address", ADVERTISEMENTS)
@pytest.mark.parametrize(("user", "status"), [(None, 401), ("bob", 404)])
def test_hidden_and_absent_get_the_same_answer(
    site: Site, server: Server, address: str, user: str | None, status: int
) -> None:
    hidden = site.add(Kind.HG if "cmd=" in address else Kind.GIT, private=True)
    answers = [told(request(server, "GET", "/" + address.format(path), user=user)) for path in (hidden, "absent")]
    assert answers[0] == answers[1]
    assert answers[0][0] == status


@pytest.mark.parametrize("user", [None, "bob"])
@pytest.mark.parametrize("by_id", [False, True])
def test_hidden_and_absent_take_the_same_statements(site: Site, user: str | None, by_id: bool) -> None:
    hidden = site.add(Kind.GIT, private=True)
    paths = (f"_{site.repository_id(hidden)}", "_999999") if by_id else (hidden, "absent")
    environ = {"REMOTE_ADDR": "192.0.2.1"} | ({"HTTP_AUTHORIZATION": basic(user, PASSWORD)} if user else {})
    statements: list[list[str]] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        statements[-1].append(statement)

    event.listen(site.application.engine, "before_cursor_execute", note)
    for path in (*paths, *paths):
        statements.append([])
        with pytest.raises(RefusedError):
            admit(site.application, environ, path, Kind.GIT, Level.READ)
    event.remove(site.application.engine, "before_cursor_execute", note)
    assert statements[2] == statements[3]
    assert len(statements[3]) <= 14


def test_visitors_read_what_is_granted_to_them(site: Site, server: Server, clients: Clients) -> None:
    assert clients.git("clone", server.url(site.add(Kind.GIT, visitors=True), None), "git").status == 0
    assert clients.hg("clone", server.url(site.add(Kind.HG, visitors=True), None), "hg").status == 0


def test_visitors_are_asked_to_sign_in_before_they_push(site: Site, server: Server, clients: Clients) -> None:
    git, hg = site.add(Kind.GIT, visitors=True), site.add(Kind.HG, visitors=True)
    refused = clients.git("push", server.url(git, None), "main", cwd=clients.git_repository("git"))
    assert refused.status == 128
    assert "could not read Username" in refused.errors
    refused = clients.hg("push", server.url(hg, None), cwd=clients.hg_repository("hg").path)
    assert refused.status == 255
    assert "http authorization required" in refused.errors
    assert hg_log(site.disk(hg)) == []


def test_clients_sign_in_when_they_push_to_what_everybody_may_read(
    site: Site, server: Server, clients: Clients
) -> None:
    git, hg = site.add(Kind.GIT, visitors=True), site.add(Kind.HG, visitors=True)
    pushed = clients.git("push", server.url(git), "main", cwd=clients.git_repository("git"))
    assert pushed.status == 0, pushed.words
    work = clients.hg_repository("hg")
    pushed = clients.hg("push", server.url(hg), cwd=work.path)
    assert pushed.status == 0, pushed.words
    assert len(hg_log(site.disk(hg))) == len(hg_log(work.path)) > 0
    work.commit({b"more.txt": b"more\n"})
    refused = clients.hg("push", server.url(hg, "bob"), cwd=work.path)
    assert "You may read this repository, but not push to it." in refused.errors


def test_every_answer_binds_a_browser_that_is_led_there(site: Site, server: Server) -> None:
    path = site.add(Kind.HG, visitors=True)
    for address in (f"/{path}?cmd=heads", f"/{path}?cmd=unknown", "/absent?cmd=heads"):
        headers = request(server, "GET", address).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in headers["Content-Security-Policy"]


def test_reader_is_told_that_they_may_not_push(site: Site, server: Server, clients: Clients) -> None:
    git, hg = site.add(Kind.GIT), site.add(Kind.HG)
    words = "You may read this repository, but not push to it."
    refused = clients.git("push", server.url(git, "bob"), "main", cwd=clients.git_repository("git"))
    assert refused.status == 128
    assert f"remote: {words}" in refused.errors
    assert "403" in refused.errors
    refused = clients.hg("push", server.url(hg, "bob"), cwd=clients.hg_repository("hg").path)
    assert refused.status == 255
    assert f"abort: HTTP Error 403: {words}" in refused.errors
    assert hg_log(site.disk(hg)) == []
    assert site.outcomes(git) == site.outcomes(hg) == []


def test_clients_say_that_there_is_no_such_repository(server: Server, clients: Clients) -> None:
    git = clients.git("clone", server.url("absent"), "git")
    assert git.status == 128
    assert "remote: There is no such repository, or you may not see it." in git.errors
    hg = clients.hg("clone", server.url("absent"), "hg")
    assert hg.status == 255
    assert "HTTP Error 404: There is no such repository, or you may not see it." in hg.errors


def test_client_of_the_other_kind_is_told_which_to_use(site: Site, server: Server, clients: Clients) -> None:
    git = clients.git("clone", server.url(site.add(Kind.HG)), "git")
    assert "remote: This is a Mercurial repository: use hg, not git." in git.errors
    hg = clients.hg("clone", server.url(site.add(Kind.GIT)), "hg")
    assert "This is a git repository: use git, not hg." in hg.errors


def test_wrong_password_is_refused_in_either_client(site: Site, server: Server, clients: Clients) -> None:
    git = clients.git("clone", server.url(site.add(Kind.GIT), "eve", "wrong"), "git")
    assert git.status == 128
    assert "Authentication failed" in git.errors
    hg = clients.hg("clone", server.url(site.add(Kind.HG), "eve", "wrong"), "hg")
    assert hg.status == 255
    assert "authorization failed" in hg.errors


@pytest.mark.parametrize("place", ["password", "name", "bearer"])
def test_token_signs_in(site: Site, server: Server, place: str) -> None:
    token = site.token("bob", "read")
    header = {"password": basic("anybody", token), "name": basic(token, ""), "bearer": f"Bearer {token}"}[place]
    address = f"/{site.add(Kind.GIT)}/info/refs?service=git-upload-pack"
    assert request(server, "GET", address, headers={"Authorization": header}).status == 200


def test_token_with_the_scope_to_read_gives_no_more(site: Site, server: Server, clients: Clients) -> None:
    path = site.add(Kind.GIT)
    url = server.url(path, "ada", site.token("ada", "read"))
    assert clients.git("ls-remote", url).status == 0
    refused = clients.git("push", url, "main", cwd=clients.git_repository())
    assert refused.status == 128
    assert "remote: This token may read, no more: make one with the scope to write." in refused.errors
    assert (
        clients.git(
            "push", server.url(path, "x", site.token("ada", "write")), "main", cwd=clients.folder / "work"
        ).status
        == 0
    )


def test_many_wrong_passwords_are_throttled(site: Site, server: Server) -> None:
    address = f"/{site.add(Kind.GIT)}/info/refs?service=git-upload-pack"
    headers = {"Authorization": basic("mallory", "guess")}
    answers = [request(server, "GET", address, headers=headers) for _ in range(12)]
    assert answers[0].status == 401
    assert answers[-1].status == 429
    assert int(answers[-1].headers["Retry-After"]) > 0


def test_realm_is_that_of_the_settings(server: Server) -> None:
    response = request(server, "GET", "/absent/info/refs?service=git-upload-pack")
    assert response.headers["WWW-Authenticate"] == 'Basic realm="Kallithea", charset="UTF-8"'


def test_names_that_are_not_utf8_or_too_long_are_absent(server: Server) -> None:
    for name in ("%ff%fe", "a%00b", "x" * 1000, urllib.parse.quote("../../etc"), "."):
        assert request(server, "GET", f"/{name}/info/refs?service=git-upload-pack", user="bob").status == 404
