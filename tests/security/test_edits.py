"""Probes with the forms that change files: where they write, and who makes them write."""

import pathlib
from urllib.parse import quote_from_bytes

import pytest
from webtest import TestResponse as Answer

from kallithea.core.access import Level
from kallithea.vcs.opener import VcsOptions, open_repository
from kallithea.vcs.types import Kind
from kallithea.vcs.writing import AddFile, RefusedPathError
from kallithea.web.csrf import FIELD
from tests.factories.repositories import GitBuilder, RepositoryBuilder, Symlink
from tests.factories.writing import BRANCH, request, to_nobody
from tests.web.site import Browser, Site, form_of, get

BAD_PATHS = (
    ".git/config",
    ".GIT/config",
    ".git\\config",
    "git~1/config",
    ".git /config",
    ".git./config",
    ".git::$INDEX_ALLOCATION/config",
    ".g\u200cit/config",
    "src/.git/hooks/post-update",
    ".git/hooks/post-update",
    ".hg/hgrc",
    ".HG/hgrc",
    "src/.hg/hgrc",
    ".hg",
    ".hgsub",
    ".hgsubstate",
    ".gitmodules",
    "../../x",
    "..",
    ".",
    "a/../../b",
    "a/./b",
    "/etc/passwd",
    "a//b",
    "a/",
    "..\\x",
    "a\tb/../c",
    "d/x",
    "d/passwd",
    "x" * 300,
    "",
)

#: What file systems that fold names would take for a link, or for another file, of the repository below.
ALIKE = (
    "D/passwd",
    "D\\passwd",
    "d./passwd",
    "d\u200c/passwd",
    "d:x/passwd",
    "D",
    "readme",
    "README/x",
    "Src/D/hooks/post-checkout",
    "src/D/hooks/post-checkout",
    "R\u00c9SUM\u00c9",
    "re\u0301sume\u0301",
)


@pytest.fixture(params=Kind)
def builder(request: pytest.FixtureRequest, site: Site) -> RepositoryBuilder:
    """A repository ``r`` to which ada may write, with a link that leads out of it."""
    site.user("ada")
    builder = site.repository("r", request.param)
    site.grant("visitors", Level.READ)
    site.grant("ada", Level.WRITE, "r")
    builder.commit(
        {
            b"README": b"Hello\n",
            b"d": Symlink(b"/etc"),
            b"src/d": Symlink(b"../.git"),
            "r\u00e9sum\u00e9".encode(): b"1",
        }
    )
    return builder


@pytest.fixture
def ada(site: Site, builder: RepositoryBuilder) -> Browser:
    return site.browser("ada")


def head(builder: RepositoryBuilder) -> str:
    with open_repository(builder.kind, builder.path, VcsOptions()) as repository:
        return repository.resolve(BRANCH[builder.kind])


def address(builder: RepositoryBuilder, verb: str, path: str = "") -> str:
    return f"/r/{verb}/{head(builder)}/{path}?at={BRANCH[builder.kind].decode()}"


def outside(site: Site) -> list[pathlib.Path]:
    """What lies around the repository."""
    folder = site.application.settings.repository_folder
    found = (path for path in folder.parent.rglob("*") if folder / "r" not in path.parents)
    return sorted(path for path in found if "cache" not in str(path) and not path.name.startswith("kallithea.db"))


@pytest.mark.parametrize("path", BAD_PATHS)
def test_p11_paths_at_which_nothing_is_written(site: Site, builder: RepositoryBuilder, ada: Browser, path: str) -> None:
    first, before = head(builder), outside(site)
    for verb, place in (("add", ""), ("edit", "README")):
        fields = {"path": path, "content": "[hooks]\r\n", "message": "m"}
        answer = site.post(ada, address(builder, verb, place), fields)
        assert answer.status_int == 422, verb
        assert answer.html.select_one(".k-error") is not None
    assert head(builder) == first
    assert outside(site) == before


@pytest.mark.parametrize("path", ALIKE)
def test_p11_paths_that_a_clone_would_take_for_others(
    site: Site, builder: RepositoryBuilder, ada: Browser, path: str
) -> None:
    """A clone must not be led through a link by another spelling of its name (CVE-2021-21300)."""
    first = head(builder)
    answer = site.post(ada, address(builder, "add"), {"path": path, "content": "x\r\n", "message": "m"})
    assert answer.status_int == 422
    assert answer.html.select_one(".k-error") is not None
    assert send(ada, builder, "", path).status_int == 422
    assert head(builder) == first


def test_p11_two_files_of_a_form_that_a_clone_would_take_for_one(builder: RepositoryBuilder) -> None:
    first = head(builder)
    with open_repository(builder.kind, builder.path, VcsOptions()) as repository:
        for paths in ((b"new", b"NEW"), (b"new", b"NEW/x")):
            order = request(builder.kind, first, *(AddFile(path, b"x") for path in paths))
            with pytest.raises(RefusedPathError, match="would be"):
                repository.commit_files(order, to_nobody)
    assert head(builder) == first


def test_p11_case_of_a_name_can_be_changed(site: Site, builder: RepositoryBuilder, ada: Browser) -> None:
    form = form_of(get(ada, address(builder, "edit", "README")))
    form["path"] = "Readme"
    assert form.submit().status_int == 303
    # a folder in another spelling is one folder of a clone, and takes nothing away
    fields = {"path": "Src/y", "content": "x\r\n", "message": "m"}
    assert site.post(ada, address(builder, "add"), fields).status_int == 303


@pytest.mark.parametrize("name", [path for path in BAD_PATHS if path not in ("", "d/x", "d/passwd", "a/")])
def test_p07_names_of_uploads_at_which_nothing_is_written(
    site: Site, builder: RepositoryBuilder, ada: Browser, name: str
) -> None:
    first, before = head(builder), outside(site)
    for folder in ("", "src"):
        assert send(ada, builder, folder, name).status_int == 422, folder
    assert head(builder) == first
    assert outside(site) == before


@pytest.mark.parametrize("folder", ["..", "../..", ".git", ".hg/", "d", "d/", "/etc", "a//b", "src/../.."])
def test_p07_folders_in_which_nothing_is_written(
    site: Site, builder: RepositoryBuilder, ada: Browser, folder: str
) -> None:
    first, before = head(builder), outside(site)
    assert send(ada, builder, folder, "x").status_int == 422
    assert head(builder) == first
    assert outside(site) == before


def test_p07_p11_good_names_are_written(site: Site, builder: RepositoryBuilder, ada: Browser) -> None:
    first, before = head(builder), outside(site)
    assert send(ada, builder, "src", "x").status_int == 303
    second = head(builder)
    fields = {"path": "src/y", "content": "[hooks]\r\n", "message": "m"}
    assert site.post(ada, address(builder, "add"), fields).status_int == 303
    assert len({first, second, head(builder)}) == 3
    assert outside(site) == before


def send(browser: Browser, builder: RepositoryBuilder, folder: str, name: str) -> Answer:
    """Upload a file, its name as it is: WebTest would cut it."""
    page = form_of(get(browser, address(builder, "upload")))
    head_line = f'Content-Disposition: form-data; name="files"; filename="{name}"'
    parts = [f'Content-Disposition: form-data; name="{FIELD}"\r\n\r\n{page[FIELD].value}']
    parts += [f'Content-Disposition: form-data; name="folder"\r\n\r\n{folder}']
    parts += ['Content-Disposition: form-data; name="message"\r\n\r\nm', f"{head_line}\r\n\r\nx"]
    body = "".join(f"--b\r\n{part}\r\n" for part in parts) + "--b--\r\n"
    kind = "multipart/form-data; boundary=b"
    return browser.post(address(builder, "upload"), body.encode(), headers={"Content-Type": kind}, expect_errors=True)


@pytest.mark.parametrize("verb", ["edit", "add", "delete", "upload"])
def test_p42_a_get_request_changes_nothing(site: Site, builder: RepositoryBuilder, ada: Browser, verb: str) -> None:
    first = head(builder)
    fields = {FIELD: site.token(ada), "path": "new", "content": "x", "message": "m", "_method": "POST"}
    place = address(builder, verb, "README" if verb in ("edit", "delete") else "")
    assert ada.get(place, fields, headers={"X-HTTP-Method-Override": "POST"}).status_int == 200
    assert head(builder) == first


@pytest.mark.parametrize("verb", ["edit", "add", "delete", "upload"])
@pytest.mark.parametrize("multipart", [True, False])
def test_p43_forms_of_others_are_refused(
    site: Site, builder: RepositoryBuilder, ada: Browser, verb: str, multipart: bool
) -> None:
    first = head(builder)
    site.user("eve")
    fields = {"path": "new", "content": "x", "message": "m", "folder": ""}
    files = [("files", "name", b"x")] if multipart else None
    place = address(builder, verb, "README" if verb in ("edit", "delete") else "")
    for token, headers in (
        ({}, {}),
        ({FIELD: site.token(site.browser("eve"))}, {}),
        ({FIELD: site.token(ada)}, {"Origin": "https://evil.example"}),
    ):
        answer = ada.post(place, fields | token, headers=headers, upload_files=files, expect_errors=True)
        assert answer.status_int == 403
    assert head(builder) == first


def test_p43_files_of_strangers_are_not_read(site: Site, builder: RepositoryBuilder) -> None:
    answer = site.browser().post(
        address(builder, "upload"), {"message": "m"}, upload_files=[("files", "x", b"x")], expect_errors=True
    )
    assert answer.status_int == 403


TEXTS = ("${7919*7907}", "<script>alert(1)</script>", '"><svg/onload=alert(1)>', "</textarea><script>alert(1)</script>")


@pytest.mark.parametrize("text", TEXTS)
def test_p20_p30_what_is_written_is_text(site: Site, builder: RepositoryBuilder, ada: Browser, text: str) -> None:
    fields = {"path": f"{text}/../x", "content": text, "message": text, "folder": text}
    for verb, place in (("add", ""), ("edit", "README"), ("delete", "nothing"), ("upload", "")):
        answer = site.post(ada, address(builder, verb, place), fields)
        assert answer.status_int == 422, verb
        assert not answer.html.select("script:not([src]), svg[onload]")
        assert "62615533" not in answer.text
        assert form_of(answer)["message"].value == text


@pytest.mark.parametrize("text", TEXTS)
def test_p30_files_and_branches_with_such_names_have_forms(
    site: Site, builder: RepositoryBuilder, ada: Browser, text: str
) -> None:
    path = text.replace("/", "_").encode() + b"\xe9"
    builder.commit({path: text.encode() + b"\n"})
    form = form_of(follow(ada, get(ada, f"/r/files/tip/{quote_from_bytes(path)}"), "Edit"))
    form["content"] = "x\r\n"
    assert form.submit().status_int == 303
    page = follow(ada, get(ada, f"/r/files/{head(builder)}"), form["path"].value)
    assert form_of(follow(ada, page, "Delete file")).submit().status_int == 303


@pytest.mark.parametrize("name", [b"--output=x", b"-x", b"$(id)", b"--upload-pack=id", b"'\"<b>", b"caf\xc3\xa9/x"])
def test_p13_p31_branches_with_such_names_move(
    site: Site, builder: RepositoryBuilder, ada: Browser, name: bytes
) -> None:
    commit_id, before = head(builder), outside(site)
    if isinstance(builder, GitBuilder):
        reference = builder.path / "refs/heads" / name.decode()
        reference.parent.mkdir(exist_ok=True)
        reference.write_text(f"{commit_id}\n")
    else:
        builder.bookmark(name, commit_id)
    form = form_of(get(ada, f"/r/edit/{commit_id}/README?at={quote_from_bytes(name)}"))
    form["content"] = "mine\r\n"
    answer = form.submit()
    assert answer.status_int == 303
    page = get(ada, answer.location)
    assert page.html.select_one("main .k-notice.ok").get_text().strip().startswith(f"Saved on {name.decode()}:")
    with open_repository(builder.kind, builder.path, VcsOptions()) as repository:
        found = repository.find_ref(name)
        assert found is not None
        assert repository.blob(found.commit_id, b"README", limit=100).data == b"mine\n"
        assert repository.commit(found.commit_id).parent_ids == (commit_id,)
    assert outside(site) == before


def follow(browser: Browser, answer: Answer, words: str) -> Answer:
    """The page to which the link with these words leads."""
    return get(browser, next(a["href"] for a in answer.html.select("main a") if a.get_text().strip() == words))
