"""Changing files in the browser."""

import contextlib
from collections.abc import Callable, Mapping
from typing import Any
from unittest import mock

import pytest
from sqlalchemy import delete
from webtest import TestResponse as Answer
from webtest import Upload

from kallithea.core.access import Level
from kallithea.core.errors import UnavailableError
from kallithea.model.user_session import UserSession
from kallithea.services.pushes import Pushes
from kallithea.services.work import writing
from kallithea.vcs.git.durability import MOVING
from kallithea.vcs.hg.mercurial_setup import error
from kallithea.vcs.opener import VcsOptions, open_repository
from kallithea.vcs.types import EntryKind, Kind, PathNotFoundError
from kallithea.web import multipart
from kallithea.web.csrf import FIELD
from tests.factories.repositories import Executable, HgBuilder, RepositoryBuilder, Submodule, Symlink
from tests.factories.writing import BRANCH, verify
from tests.services.disk import pushed
from tests.web.site import Browser, Site, form_of, get, links

FILES: Mapping[bytes, Any] = {
    b"README": b"Hello\n",
    b"src/a.py": b"one\ntwo\nthree\n",
    b"src/run.sh": Executable(b"#!/bin/sh\n"),
    b"crlf.txt": b"one\r\ntwo\r\n",
    b"latin.txt": b"caf\xe9\n",
    b"link": Symlink(b"README"),
    b"image": b"a\0b",
    b"sub": Submodule("1" * 40),
}

# What browsers say of a form that a page here sends.
FROM_HERE = {"Origin": "http://localhost"}


@pytest.fixture(params=Kind)
def kind(request: pytest.FixtureRequest) -> Kind:
    found: Kind = request.param
    return found


@pytest.fixture
def builder(site: Site, kind: Kind) -> RepositoryBuilder:
    """A repository ``r`` with one commit, to which ada may write and which bob may read."""
    for name in ("ada", "bob"):
        site.user(name)
    builder = site.repository("r", kind)
    site.grant("visitors", Level.READ)
    site.grant("ada", Level.WRITE, "r")
    builder.commit(FILES)
    return builder


@pytest.fixture
def ada(site: Site, builder: RepositoryBuilder) -> Browser:
    """The browser of somebody who may write."""
    return site.browser("ada")


def head(builder: RepositoryBuilder, name: bytes | None = None) -> str:
    with open_repository(builder.kind, builder.path, VcsOptions()) as repository:
        return repository.resolve(name or BRANCH[builder.kind])


def content(builder: RepositoryBuilder, path: bytes, name: bytes | None = None) -> tuple[EntryKind, bytes] | None:
    """What lies at a path of the branch."""
    with open_repository(builder.kind, builder.path, VcsOptions()) as repository:
        try:
            blob = repository.blob(repository.resolve(name or BRANCH[builder.kind]), path, limit=1 << 22)
        except PathNotFoundError:
            return None
        return blob.kind, blob.data


def open_form(browser: Browser, page: str, name: str) -> Any:
    """The form to which the link of this name leads."""
    answer = get(browser, page)
    link = next(link for link in answer.html.select("main a") if link.get_text(strip=True) == name)
    return form_of(get(browser, link["href"]))


def end_sessions(site: Site, _browser: Browser) -> None:
    """Sign everybody out, of which browsers do not know yet."""
    with writing(site.application) as services:
        services.session.execute(delete(UserSession))


def words(answer: Answer) -> str:
    """What an answer says."""
    return " ".join(answer.html.select_one("main").get_text(" ").split())


def problem(answer: Answer) -> str:
    """What an answer says is wrong."""
    return " ".join(" ".join(part.get_text(" ").split()) for part in answer.html.select("[role=alert]"))


def test_an_edit_is_a_commit_on_the_branch(site: Site, builder: RepositoryBuilder, ada: Browser) -> None:
    first = head(builder)
    form = open_form(ada, "/r/files/tip/src/a.py", "Edit")
    assert form["content"].value == "one\ntwo\nthree\n"
    assert form["message"].value == "Edit src/a.py"
    form["content"] = "one\r\n2\r\nthree\r\n"
    form["message"] = "Write <2>\r\n\r\nas a digit"

    answer = form.submit()
    second = head(builder)
    branch = BRANCH[builder.kind].decode()
    assert (answer.status_int, answer.location) == (303, f"/r/files/{second}/src/a.py?at={branch}&saved=1")
    assert content(builder, b"src/a.py") == (EntryKind.FILE, b"one\n2\nthree\n")
    assert "Saved on" in words(get(ada, answer.location))
    with open_repository(builder.kind, builder.path, site.application.vcs_options) as repository:
        commit = repository.commit(second)
    assert commit.parent_ids == (first,)
    assert (commit.author.name, commit.message.rstrip()) == (b"ada", b"Write <2>\n\nas a digit")
    assert [(actor, way) for actor, way, _ in pushed(site.application)] == [("ada", "web")]
    verify(builder.kind, builder.path)


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        ("src/run.sh", (EntryKind.EXECUTABLE, b"#!/bin/sh\n"), (EntryKind.EXECUTABLE, b"x\n#!/bin/sh\n")),
        ("crlf.txt", (EntryKind.FILE, b"one\r\ntwo\r\n"), (EntryKind.FILE, b"x\r\none\r\ntwo\r\n")),
        ("latin.txt", (EntryKind.FILE, b"caf\xe9\n"), (EntryKind.FILE, b"x\ncaf\xe9\n")),
    ],
)
def test_what_is_not_edited_stays(
    builder: RepositoryBuilder, ada: Browser, path: str, before: tuple[EntryKind, bytes], after: tuple[EntryKind, bytes]
) -> None:
    assert content(builder, path.encode()) == before
    form = open_form(ada, f"/r/files/tip/{path}", "Edit")
    form["content"] = "x\r\n" + form["content"].value.replace("\n", "\r\n")
    assert form.submit().status_int == 303
    assert content(builder, path.encode()) == after


@pytest.mark.parametrize("text", ["\n\nbegins with empty lines\n", "no line end", "</textarea><b>&amp;\n", ""])
def test_a_form_holds_a_text_as_it_is(builder: RepositoryBuilder, ada: Browser, text: str) -> None:
    builder.commit({b"f": text.encode()})
    form = open_form(ada, "/r/files/tip/f", "Edit")
    assert form["content"].value == text
    form["message"] = "nothing"
    answer = form.submit(expect_errors=True)
    assert (answer.status_int, "Nothing was changed" in problem(answer)) == (422, True)


def test_a_file_is_renamed_and_edited_at_once(builder: RepositoryBuilder, ada: Browser) -> None:
    form = open_form(ada, "/r/files/tip/src/a.py", "Edit")
    form["path"], form["content"] = "lib/deep/b.py", "one\r\ntwo\r\n3\r\n"
    assert "/lib/deep/b.py?" in form.submit().location
    assert content(builder, b"src/a.py") is None
    assert content(builder, b"lib/deep/b.py") == (EntryKind.FILE, b"one\ntwo\n3\n")
    assert "Rename src/a.py to lib/deep/b.py" in get(ada, "/r/changelog").text


def test_a_rename_keeps_the_bytes_of_the_folder(builder: RepositoryBuilder, ada: Browser) -> None:
    builder.commit({b"caf\xe9/a": b"1\n"})
    form = open_form(ada, "/r/files/tip/caf%E9/a", "Edit")
    assert form["path"].value == "café/a"
    form["path"] = "café/b"
    assert form.submit().status_int == 303
    assert content(builder, b"caf\xe9/b") == (EntryKind.FILE, b"1\n")


@pytest.mark.parametrize("path", ["README", "link", "image"])
def test_a_file_is_deleted(site: Site, builder: RepositoryBuilder, ada: Browser, path: str) -> None:
    answer = open_form(ada, f"/r/files/tip/{path}", "Delete file").submit()
    assert answer.location.startswith(f"/r/files/{head(builder)}?")
    assert get(ada, answer.location).status_int == 200
    assert content(builder, path.encode()) is None
    assert len(pushed(site.application)) == 1


def test_a_folder_goes_with_its_last_file(site: Site, kind: Kind) -> None:
    site.user("ada")
    builder = site.repository("r", kind)
    site.grant("ada", Level.WRITE, "r")
    builder.commit({b"a/b/c": b"1\n"})
    browser = site.browser("ada")
    answer = open_form(browser, "/r/files/tip/a/b/c", "Delete file").submit()
    assert answer.location.startswith(f"/r/files/{head(builder)}?")
    assert get(browser, answer.location).status_int == 200
    assert get(browser, "/r").status_int == 200


def test_a_new_file_is_added_in_its_folder(builder: RepositoryBuilder, ada: Browser) -> None:
    form = open_form(ada, "/r/files/tip/src", "Create a file")
    assert form["path"].value == "src/"
    form["path"], form["content"] = "src/new/ö.txt", "one\r\ntwo"
    assert form.submit().status_int == 303
    assert content(builder, "src/new/ö.txt".encode()) == (EntryKind.FILE, b"one\ntwo")
    assert "Add src/new/ö.txt" in get(ada, "/r/changelog").text


def test_files_are_uploaded_in_one_commit(site: Site, builder: RepositoryBuilder, ada: Browser) -> None:
    form = open_form(ada, "/r/files/tip/src", "Upload files")
    assert form["folder"].value == "src/"
    large = bytes(range(256)) * 1000
    fields = {FIELD: form[FIELD].value, "folder": "src/up", "message": form["message"].value}
    files = [("files", "one.bin", large), ("files", "zwölf.txt", b"a\r\nb\0")]
    answer = ada.post(form.action, fields, upload_files=files)
    assert answer.status_int == 303
    assert content(builder, b"src/up/one.bin") == (EntryKind.FILE, large)
    assert content(builder, "src/up/zwölf.txt".encode()) == (EntryKind.FILE, b"a\r\nb\0")
    assert len(pushed(site.application)) == 1
    assert "Upload 2 files" in get(ada, "/r/changelog").text
    verify(builder.kind, builder.path)


def test_an_upload_replaces_files_if_the_visitor_says_so(builder: RepositoryBuilder, ada: Browser) -> None:
    form = open_form(ada, "/r/files/tip", "Upload files")
    form["message"] = "My message"
    form["files"] = [Upload("image", b"c\0d"), Upload("link", b"no link\n"), Upload("new", b"1\n")]
    answer = form.submit(expect_errors=True)
    assert answer.status_int == 422
    assert "There are 2 files of these names already: image, link." in problem(answer)
    assert content(builder, b"image") == (EntryKind.FILE, b"a\0b")

    form = form_of(answer)
    assert form["message"].value == "My message"
    form["files"] = [Upload("image", b"c\0d"), Upload("link", b"no link\n"), Upload("new", b"1\n")]
    assert answer.html.find("button", string="Replace 2 files") is not None
    assert form.submit("over").status_int == 303
    assert content(builder, b"image") == (EntryKind.FILE, b"c\0d")
    assert content(builder, b"link") == (EntryKind.FILE, b"no link\n")
    assert content(builder, b"new") == (EntryKind.FILE, b"1\n")
    assert content(builder, b"README") == (EntryKind.FILE, b"Hello\n")
    verify(builder.kind, builder.path)


def test_files_that_changed_after_that_are_not_replaced(builder: RepositoryBuilder, ada: Browser) -> None:
    form = open_form(ada, "/r/files/tip", "Upload files")
    form["files"] = [Upload("README", b"mine\n")]
    form = form_of(form.submit(expect_errors=True))
    builder.commit({b"README": b"theirs\n"})
    form["files"] = [Upload("README", b"mine\n")]
    answer = form.submit("over", expect_errors=True)
    assert (answer.status_int, content(builder, b"README")) == (409, (EntryKind.FILE, b"theirs\n"))


def test_files_are_replaced_on_top_of_a_later_head(builder: RepositoryBuilder, ada: Browser) -> None:
    form = open_form(ada, "/r/files/tip", "Upload files")
    builder.commit({b"src/a.py": b"theirs\n"})
    for button, status in ((None, 409), ("onto", 422), ("over", 303)):
        form["files"] = [Upload("README", b"mine\n")]
        answer = form.submit(button, expect_errors=True)
        assert answer.status_int == status
        form = form_of(answer) if status != 303 else None
    assert content(builder, b"README") == (EntryKind.FILE, b"mine\n")
    assert content(builder, b"src/a.py") == (EntryKind.FILE, b"theirs\n")


def test_an_upload_needs_a_file(builder: RepositoryBuilder, ada: Browser) -> None:
    first = head(builder)
    answer = open_form(ada, "/r/files/tip", "Upload files").submit(expect_errors=True)
    assert (answer.status_int, problem(answer)) == (422, "Choose at least one file.")
    assert head(builder) == first


def test_an_upload_has_a_limit(builder: RepositoryBuilder, ada: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(multipart, "UPLOAD_LIMIT", 1 << 20)
    form = open_form(ada, "/r/files/tip", "Upload files")
    form["files"] = [Upload("big", b"1" * (1 << 20))]
    answer = form.submit(expect_errors=True)
    assert (answer.status_int, "at most 1 MiB" in answer.text) == (400, True)
    assert content(builder, b"big") is None


@pytest.mark.parametrize("verb", ["Create a file", "Upload files"])
def test_an_empty_repository_gets_its_first_commit(site: Site, kind: Kind, verb: str) -> None:
    site.user("ada")
    builder = site.repository("r", kind)
    site.grant("ada", Level.WRITE, "r")
    browser = site.browser("ada")
    form = open_form(browser, "/r", verb)
    if verb == "Create a file":
        form["path"], form["content"] = "README.md", "# Hello\r\n"
    else:
        form["files"] = [Upload("README.md", b"# Hello\n")]
    answer = form.submit()
    assert answer.status_int == 303
    assert content(builder, b"README.md") == (EntryKind.FILE, b"# Hello\n")
    assert "Hello" in words(get(browser, "/r"))
    assert form.submit(expect_errors=True).status_int == 409
    verify(kind, builder.path)


def test_an_empty_upload_makes_no_first_commit(site: Site, kind: Kind) -> None:
    site.user("ada")
    site.repository("r", kind)
    site.grant("ada", Level.WRITE, "r")
    browser = site.browser("ada")
    assert open_form(browser, "/r", "Upload files").submit(expect_errors=True).status_int == 422
    assert "is empty" in words(get(browser, "/r"))


def test_a_push_meanwhile_is_told_and_the_text_kept(site: Site, builder: RepositoryBuilder, ada: Browser) -> None:
    first = head(builder)
    form = open_form(ada, "/r/files/tip/src/a.py", "Edit")
    form["content"], form["message"] = "mine\r\n", "My message"
    second = builder.commit({b"src/a.py": b"theirs\n"}, message=b"Their <message>")

    answer = form.submit(expect_errors=True)
    assert answer.status_int == 409
    assert "has changed while you wrote, so nothing was saved" in problem(answer)
    assert "Ada Lovelace" in problem(answer)
    assert "Their <message>" in problem(answer)
    assert head(builder) == second
    again = form_of(answer)
    assert (again["content"].value, again["message"].value) == ("mine\n", "My message")
    assert answer.html.select("form button[type=submit].btn-primary:not([disabled])") == []
    branch = BRANCH[builder.kind].decode()
    for address in (
        f"/r/changeset/{second}",
        f"/r/compare/{first}..{second}",
        f"/r/compare-file/{first}..{second}/src/a.py",
        f"/r/files/{second}/src/a.py?at={branch}",
    ):
        assert address in links(answer)
        assert get(ada, address).status_int == 200


@pytest.mark.parametrize("verb", ["Edit", "Delete file", "Create a file", "Upload files"])
def test_what_somebody_else_saved_stays_however_often_a_form_is_sent(
    builder: RepositoryBuilder, ada: Browser, verb: str
) -> None:
    """Enter in a field and scripts send a form as well as buttons do."""
    form = open_form(ada, f"/r/files/tip{'/README' if verb in ('Edit', 'Delete file') else ''}", verb)
    if verb == "Upload files":
        form["files"] = [Upload("README", b"mine\n")]
    elif verb != "Delete file":
        form["path"], form["content"] = "README", "mine\r\n"
    builder.commit({b"README": b"theirs\n"})
    for _time in range(3):
        answer = form.submit(expect_errors=True)
        assert (answer.status_int, content(builder, b"README")) == (409, (EntryKind.FILE, b"theirs\n"))
        form = form_of(answer)
        assert answer.html.select_one("main form [type=submit]").has_attr("disabled")
        if verb == "Upload files":
            form["files"] = [Upload("README", b"mine\n")]


def test_a_push_after_the_choice_is_a_conflict_again(builder: RepositoryBuilder, ada: Browser) -> None:
    form = open_form(ada, "/r/files/tip/README", "Edit")
    form["content"] = "mine\r\n"
    builder.commit({b"src/a.py": b"theirs\n"})
    form = form_of(form.submit(expect_errors=True))
    builder.commit({b"README": b"theirs\n"})
    answer = form.submit("onto", expect_errors=True)
    assert (answer.status_int, content(builder, b"README")) == (409, (EntryKind.FILE, b"theirs\n"))
    assert form_of(answer)["content"].value == "mine\n"


@pytest.mark.parametrize("verb", ["Edit", "Delete file", "Create a file", "Upload files"])
def test_a_button_writes_over_what_somebody_else_saved(builder: RepositoryBuilder, ada: Browser, verb: str) -> None:
    form = open_form(ada, f"/r/files/tip{'/README' if verb in ('Edit', 'Delete file') else ''}", verb)
    mine = [Upload("new" if verb == "Upload files" else "README", b"mine\n")]
    name = "README" if verb in ("Edit", "Delete file") else "new"
    if verb == "Upload files":
        form["files"] = mine
    elif verb != "Delete file":
        form["path"], form["content"] = name, "mine\r\n"
    builder.commit({name.encode(): b"theirs\n"})
    form = form_of(form.submit(expect_errors=True))
    if verb == "Upload files":
        form["files"] = mine
    assert form.submit("over").status_int == 303
    expected = None if verb == "Delete file" else (EntryKind.FILE, b"mine\n")
    assert content(builder, name.encode()) == expected
    verify(builder.kind, builder.path)


@pytest.mark.parametrize("verb", ["Edit", "Create a file"])
def test_a_push_after_that_choice_is_a_conflict_again(builder: RepositoryBuilder, ada: Browser, verb: str) -> None:
    form = open_form(ada, f"/r/files/tip{'/README' if verb == 'Edit' else ''}", verb)
    form["path"], form["content"] = "README", "mine\r\n"
    builder.commit({b"README": b"theirs\n"})
    form = form_of(form.submit(expect_errors=True))
    builder.commit({b"README": b"theirs, later\n"})
    answer = form.submit("over", expect_errors=True)
    assert (answer.status_int, content(builder, b"README")) == (409, (EntryKind.FILE, b"theirs, later\n"))
    assert form_of(answer)["content"].value == "mine\n"


def test_what_somebody_else_saved_stands_beside_the_text(builder: RepositoryBuilder, ada: Browser) -> None:
    form = open_form(ada, "/r/files/tip/latin.txt", "Edit")
    form["content"] = "mine\r\n"
    builder.commit({b"latin.txt": b"th\xe9irs</textarea>\n"})
    answer = form.submit(expect_errors=True)
    label = answer.html.find("label", string="The file as it is now")
    assert answer.html.find(id=label["for"]).get_text() == "\nthéirs</textarea>\n"
    assert form_of(answer)["content"].value == "mine\n"


@pytest.mark.parametrize("now", [Symlink(b"src/a.py"), b"a\0b", None], ids=["symlink", "binary", "gone"])
def test_a_file_that_is_no_text_any_more_is_written_over(builder: RepositoryBuilder, ada: Browser, now: Any) -> None:
    form = open_form(ada, "/r/files/tip/README", "Edit")
    form["content"] = "mine\r\n"
    builder.commit({b"README": now})
    answer = form.submit(expect_errors=True)
    assert answer.html.find("label", string="The file as it is now") is None
    assert form_of(answer).submit("over").status_int == 303
    assert content(builder, b"README") == (EntryKind.FILE, b"mine\n")
    assert content(builder, b"src/a.py") == (EntryKind.FILE, b"one\ntwo\nthree\n")


def test_only_the_file_that_was_shown_is_written_over(builder: RepositoryBuilder, ada: Browser) -> None:
    form = open_form(ada, "/r/files/tip", "Create a file")
    form["path"], form["content"] = "new", "mine\r\n"
    builder.commit({b"new": b"theirs\n"})
    form = form_of(form.submit(expect_errors=True))
    form["path"] = "README"
    answer = form.submit("over", expect_errors=True)
    assert (answer.status_int, content(builder, b"README")) == (422, (EntryKind.FILE, b"Hello\n"))


@pytest.mark.parametrize("verb", ["Create a file", "Upload files"])
def test_going_on_from_a_later_head_replaces_nothing(builder: RepositoryBuilder, ada: Browser, verb: str) -> None:
    form = open_form(ada, "/r/files/tip", verb)
    mine = [Upload("README", b"mine\n")]
    if verb == "Upload files":
        form["files"] = mine
    else:
        form["path"], form["content"] = "README", "mine\r\n"
    builder.commit({b"src/a.py": b"theirs\n"})
    form = form_of(form.submit(expect_errors=True))
    if verb == "Upload files":
        form["files"] = mine
    answer = form.submit("onto", expect_errors=True)
    assert (answer.status_int, content(builder, b"README")) == (422, (EntryKind.FILE, b"Hello\n"))


def test_the_choice_is_a_commit(site: Site, builder: RepositoryBuilder, ada: Browser) -> None:
    address = f"/r/edit/{head(builder)}/README?at={BRANCH[builder.kind].decode()}"
    for chosen, status in (("x", 400), ("1" * 40, 409)):
        answer = site.post(ada, address, {"content": "mine", "message": "m", "over": chosen})
        assert (answer.status_int, content(builder, b"README")) == (status, (EntryKind.FILE, b"Hello\n"))


def test_where_the_file_itself_did_not_change_it_is_saved_on_top(builder: RepositoryBuilder, ada: Browser) -> None:
    form = open_form(ada, "/r/files/tip/src/a.py", "Edit")
    form["content"] = "mine\r\n"
    second = builder.commit({b"README": b"theirs\n"})
    answer = form.submit(expect_errors=True)
    assert answer.status_int == 409
    assert "You can save on top of it" in problem(answer)
    assert form_of(answer).submit("onto").status_int == 303
    assert content(builder, b"src/a.py") == (EntryKind.FILE, b"mine\n")
    assert content(builder, b"README") == (EntryKind.FILE, b"theirs\n")
    with open_repository(builder.kind, builder.path, VcsOptions()) as repository:
        assert repository.commit(head(builder)).parent_ids == (second,)


def test_a_file_that_was_deleted_meanwhile(builder: RepositoryBuilder, ada: Browser) -> None:
    form = open_form(ada, "/r/files/tip/src/a.py", "Edit")
    form["content"] = "mine\r\n"
    builder.commit({b"src/a.py": None})
    answer = form.submit(expect_errors=True)
    assert answer.status_int == 409
    assert form_of(answer)["content"].value == "mine\n"
    assert "the file as it is now" not in problem(answer)
    for words_of_link in ("what changed in it", "Cancel"):
        assert get(ada, answer.html.find("a", string=words_of_link)["href"]).status_int == 200


def test_a_head_that_was_replaced_meanwhile(site: Site) -> None:
    site.user("ada")
    builder = site.repository("r", Kind.HG)
    site.grant("ada", Level.WRITE, "r")
    assert isinstance(builder, HgBuilder)
    first = builder.commit({b"f": b"1\n"})
    old = builder.commit({b"f": b"2\n"}, parents=(first,))
    form = open_form(site.browser("ada"), "/r/files/tip/f", "Edit")
    form["content"] = "mine\r\n"
    new = builder.commit({b"f": b"3\n"}, parents=(first,))
    builder.obsolete(old, new)
    answer = form.submit(expect_errors=True)
    assert answer.status_int == 409
    assert new[:12] in problem(answer)
    assert form_of(answer)["content"].value == "mine\n"


@pytest.mark.parametrize("changed", [True, False])
def test_a_deletion_that_comes_too_late(builder: RepositoryBuilder, ada: Browser, changed: bool) -> None:
    form = open_form(ada, "/r/files/tip/README", "Delete file")
    builder.commit({b"README" if changed else b"src/a.py": b"theirs\n"})
    answer = form.submit(expect_errors=True)
    assert answer.status_int == 409
    assert content(builder, b"README") is not None
    if changed:
        assert answer.html.select_one("main form [type=submit]").has_attr("disabled")
    else:
        assert form_of(answer).submit("onto").status_int == 303
        assert content(builder, b"README") is None


@pytest.mark.parametrize("taken", [True, False])
def test_a_new_file_that_comes_too_late(builder: RepositoryBuilder, ada: Browser, taken: bool) -> None:
    form = open_form(ada, "/r/files/tip", "Create a file")
    form["path"], form["content"] = "new", "mine\r\n"
    builder.commit({b"new" if taken else b"other": b"theirs\n"})
    answer = form.submit(expect_errors=True)
    assert answer.status_int == 409
    assert form_of(answer)["content"].value == "mine\n"
    if taken:
        assert answer.html.select("form button.btn-primary:not([disabled])") == []
    else:
        assert form_of(answer).submit("onto").status_int == 303
        assert content(builder, b"new") == (EntryKind.FILE, b"mine\n")


def test_a_branch_that_is_gone_is_told_and_the_text_kept(site: Site, builder: RepositoryBuilder, ada: Browser) -> None:
    builder.bookmark(b"topic", head(builder))
    form = open_form(ada, "/r/files/tip/README?at=topic", "Edit")
    form["content"] = "mine\r\n"
    if isinstance(builder, HgBuilder):
        repository = builder.open()
        with repository.wlock(), repository.lock(), repository.transaction(b"bookmark") as transaction:
            repository._bookmarks.applychanges(repository, transaction, [(b"topic", None)])
    else:
        (builder.path / "refs/heads/topic").unlink()
    answer = form.submit(expect_errors=True)
    assert (answer.status_int, "does not exist any more" in problem(answer)) == (409, True)
    assert form_of(answer)["content"].value == "mine\n"


def test_an_edit_while_the_database_is_away_keeps_the_text(builder: RepositoryBuilder, ada: Browser) -> None:
    form = open_form(ada, "/r/files/tip/README", "Edit")
    form["content"] = "mine\r\n"
    with mock.patch.object(Pushes, "announce", side_effect=UnavailableError("busy")):
        answer = form.submit(expect_errors=True)
    assert (answer.status_int, "Nothing was changed" in problem(answer)) == (503, True)
    assert form_of(answer)["content"].value == "mine\n"
    assert form_of(answer).submit().status_int == 303


def test_an_edit_while_somebody_holds_the_repository_keeps_the_text(
    builder: RepositoryBuilder, ada: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(MOVING, "core.filesRefLockTimeout", "50")
    form = open_form(ada, "/r/files/tip/README", "Edit")
    form["content"] = "mine\r\n"
    with contextlib.ExitStack() as stack:
        if isinstance(builder, HgBuilder):
            busy = error.LockHeld(0, b"lock", b"desc", b"other")
            stack.enter_context(mock.patch("mercurial.localrepo.localrepository.lock", side_effect=busy))
        else:
            lock = builder.path / "refs/heads/main.lock"
            lock.touch()
            stack.callback(lock.unlink)
        answer = form.submit(expect_errors=True)
    assert (answer.status_int, "Somebody else is changing the repository" in problem(answer)) == (503, True)
    assert "Retry-After" in answer.headers
    assert form_of(answer)["content"].value == "mine\n"
    assert form_of(answer).submit().status_int == 303


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("message", "  ", "A commit needs a message."),
        ("path", "  ", "A path must not be empty, begin or end with a slash, or have two slashes in a row."),
        ("path", "README", "there is a file of this name already"),
        ("path", "README/x", "README is a file, not a folder"),
        ("path", "link/x", "link is a symbolic link, not a folder"),
        ("path", "src", "there is a folder of this name already"),
        ("content", "→", None),
    ],
)
def test_what_cannot_be_saved_is_said_beside_the_text(
    builder: RepositoryBuilder, ada: Browser, field: str, value: str, said: str | None
) -> None:
    first = head(builder)
    form = open_form(ada, "/r/files/tip/latin.txt", "Edit")
    form["content"] = "kept\r\n"
    form[field] = value
    answer = form.submit(expect_errors=True)
    assert answer.status_int == 422
    assert (said or "latin-1, which has no “→” (U+2192)") in problem(answer)
    assert form_of(answer)["content"].value == ("→" if field == "content" else "kept\n")
    assert head(builder) == first


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("/r/files/tip/image", "Binary files are not edited here."),
        ("/r/files/tip/link", "Symbolic links are not edited here."),
        ("/r/files/tip/.gitmodules", "is not edited here: what pins other repositories"),
        ("/r/files/tip/.hgsub", "is not edited here: what pins other repositories"),
        ("/r/files/tip/a%01b", "is not edited here: a path must not contain control characters."),
        ("/r/files/tip/git~1/config", "is not edited here: Git or Mercurial would take this name for its own folder."),
    ],
)
def test_a_button_that_does_nothing_says_why(builder: RepositoryBuilder, ada: Browser, page: str, said: str) -> None:
    builder.commit({b".gitmodules": b"", b".hgsub": b"", b"a\x01b": b"1", b"git~1/config": b"1"})
    answer = get(ada, page)
    button = answer.html.select_one("button[disabled]")
    assert button.get_text(strip=True) == "Edit"
    assert said in answer.html.find(id=button["aria-describedby"]).get_text()
    refused = get(ada, page.replace("/files/", "/edit/"))
    assert (refused.status_int, said in words(refused)) == (422, True)


@pytest.mark.parametrize("page", ["/r", "/r/files/tip"])
def test_a_readme_is_edited_from_where_it_is_shown(builder: RepositoryBuilder, ada: Browser, page: str) -> None:
    assert open_form(ada, page, "Edit")["content"].value == "Hello\n"


def test_old_commits_lead_to_the_heads_of_branches(builder: RepositoryBuilder, ada: Browser) -> None:
    old = head(builder)
    new = builder.commit({b"README": b"2\n"})
    assert "Changes begin at the head of a branch." in words(get(ada, f"/r/files/{old}/README"))
    assert "Changes begin at the head of a branch." in words(get(ada, f"/r/files/{old}"))
    answer = get(ada, f"/r/edit/{old}/README")
    assert (answer.status_int, "at the head of a branch only" in words(answer)) == (422, True)
    address = f"/r/edit/{new}/README?at={BRANCH[builder.kind].decode()}"
    assert address in links(answer)
    assert form_of(get(ada, address))["content"].value == "2\n"


@pytest.mark.parametrize("verb", ["edit", "add", "upload", "delete"])
@pytest.mark.parametrize("shared", [True, False])
def test_a_branch_that_moved_on_is_named_with_its_head(
    builder: RepositoryBuilder, ada: Browser, verb: str, shared: bool
) -> None:
    """Another branch at the old commit is not the one of the address."""
    old, branch = head(builder), BRANCH[builder.kind].decode()
    if shared:
        builder.bookmark(b"topic", old)
    new = builder.commit({b"README": b"2\n"})
    path = "README" if verb in ("edit", "delete") else "src"
    answer = get(ada, f"/r/{verb}/{old}/{path}?at={branch}")
    assert (answer.status_int, f"{branch} has moved on" in words(answer), new[:8] in words(answer)) == (422, True, True)
    first = answer.html.select_one("main .k-list a")["href"]
    assert first == f"/r/{verb}/{new}/{path}?at={branch}"
    assert get(ada, first).status_int == 200


def test_a_file_of_a_branch_that_moved_on_is_not_changed_on_another(builder: RepositoryBuilder, ada: Browser) -> None:
    old, branch = head(builder), BRANCH[builder.kind].decode()
    builder.bookmark(b"topic", old)
    builder.commit({b"README": b"2\n"})
    assert "Changes begin at the head of a branch." in words(get(ada, f"/r/files/{old}/README?at={branch}"))
    assert f"/r/edit/{old}/README?at=topic" in links(get(ada, f"/r/files/{old}/README"))


def test_a_branch_that_is_gone_is_named(builder: RepositoryBuilder, ada: Browser) -> None:
    answer = get(ada, f"/r/edit/{head(builder)}/README?at=gone")
    assert (answer.status_int, "There is no branch gone any more." in words(answer)) == (422, True)
    assert f"/r/edit/{head(builder)}/README?at={BRANCH[builder.kind].decode()}" in links(answer)


def test_the_id_of_a_head_means_its_branch(builder: RepositoryBuilder, ada: Browser) -> None:
    other = builder.commit({b"README": b"other\n"}, branch=b"topic", parents=(head(builder),))
    answer = get(ada, f"/r/edit/{other}/README")
    assert answer.html.select_one("main .k-ref").get_text(strip=True) == "topic"
    form = form_of(answer)
    form["content"] = "mine\r\n"
    first = head(builder)
    assert form.submit().status_int == 303
    assert content(builder, b"README", b"topic") == (EntryKind.FILE, b"mine\n")
    assert head(builder) == first


def test_of_branches_at_the_same_commit_one_moves(builder: RepositoryBuilder, ada: Browser) -> None:
    first = head(builder)
    builder.bookmark(b"topic", first)
    answer = get(ada, f"/r/edit/{first}/README")
    other = answer.html.find("a", string="topic")["href"]
    form = form_of(get(ada, other))
    form["content"] = "mine\r\n"
    assert form.submit().status_int == 303
    assert content(builder, b"README", b"topic") == (EntryKind.FILE, b"mine\n")
    if builder.kind is Kind.GIT:
        assert head(builder) == first


def test_every_head_of_a_named_branch_can_be_continued(site: Site) -> None:
    site.user("ada")
    builder = site.repository("r", Kind.HG)
    site.grant("ada", Level.WRITE, "r")
    first = builder.commit({b"f": b"1\n"})
    one = builder.commit({b"f": b"2\n"}, parents=(first,))
    builder.commit({b"f": b"3\n"}, parents=(first,))
    browser = site.browser("ada")
    form = form_of(get(browser, f"/r/edit/{one}/f"))
    form["content"] = "4\r\n"
    answer = form.submit()
    made = answer.location.split("/")[3]
    with open_repository(Kind.HG, builder.path, site.application.vcs_options) as repository:
        assert repository.commit(made).parent_ids == (one,)
    assert get(browser, answer.location).status_int == 200


def test_a_head_of_a_named_branch_with_a_bookmark_can_be_continued_as_the_branch(site: Site) -> None:
    site.user("ada")
    builder = site.repository("r", Kind.HG)
    site.grant("ada", Level.WRITE, "r")
    first = builder.commit({b"f": b"1\n"})
    one = builder.commit({b"f": b"2\n"}, parents=(first,))
    builder.commit({b"f": b"3\n"}, parents=(first,))
    builder.bookmark(b"topic", one)
    answer = get(site.browser("ada"), f"/r/edit/{one}/f?at=default")
    assert answer.html.select_one("main .k-ref").get_text(strip=True) == "default"


def test_who_may_only_read_is_told_so(site: Site, builder: RepositoryBuilder) -> None:
    bob = site.browser("bob")
    assert "You may not write here." in words(get(bob, "/r/files/tip/README"))
    assert "You may not write here." in words(get(bob, "/r"))
    first = head(builder)
    for verb in ("edit", "add", "upload", "delete"):
        address = f"/r/{verb}/{first}/README?at={BRANCH[builder.kind].decode()}"
        assert get(bob, address).status_int == 403
        fields = {"path": "README", "content": "x", "message": "m", "folder": ""}
        assert site.post(bob, address, fields).status_int == 403
        answer = site.post(bob, address, fields, upload_files=[("files", "name", b"x")])
        assert (answer.status_int, "right to write" in words(answer)) == (403, True)
    assert head(builder) == first


def test_strangers_see_no_buttons_and_are_asked_who_they_are(site: Site, builder: RepositoryBuilder) -> None:
    stranger = site.browser()
    for page in ("/r", "/r/files/tip", "/r/files/tip/README"):
        answer = get(stranger, page)
        assert "Edit" not in words(answer)
        assert "Add file" not in words(answer)
    answer = get(stranger, f"/r/edit/{head(builder)}/README?at=topic%2Fx")
    assert answer.status_int == 303
    form = form_of(get(stranger, answer.location))
    assert form["came_from"].value == f"/r/edit/{head(builder)}/README?at=topic%2Fx"


def test_what_is_not_there_has_no_form(builder: RepositoryBuilder, ada: Browser) -> None:
    for page in ("edit/tip/nothing", "delete/tip/nothing", "add/tip/README", "upload/tip/nothing", "edit/tip/src"):
        assert get(ada, f"/r/{page}").status_int == 404, page
    assert get(ada, "/r/delete/tip/src").status_int == 422
    assert get(ada, "/r/edit/nothing/README").status_int == 404


@pytest.mark.parametrize("address", ["/r/edit", "/r/edit/tip/README", "/r/delete", "/r/edit/{head}/README"])
def test_forms_are_sent_to_a_commit_and_a_branch(
    site: Site, builder: RepositoryBuilder, ada: Browser, address: str
) -> None:
    answer = site.post(ada, address.format(head=head(builder)), {"content": "x", "message": "m"})
    assert answer.status_int in (400, 404)


def test_a_form_needs_its_token(builder: RepositoryBuilder, ada: Browser) -> None:
    form = open_form(ada, "/r/files/tip/README", "Edit")
    form["content"] = "mine\r\n"
    form[FIELD] = "0" * 64
    assert form.submit(expect_errors=True).status_int == 403
    assert content(builder, b"README") == (EntryKind.FILE, b"Hello\n")


def sign_out(site: Site, browser: Browser) -> None:
    """As in another tab of the same browser, which forgets the cookie."""
    assert site.post(browser, "/_admin/logout", {}).status_int == 303
    browser.reset()


@pytest.mark.parametrize("end", [end_sessions, sign_out])
@pytest.mark.parametrize("private", [False, True])
def test_a_text_outlives_the_session(
    site: Site, builder: RepositoryBuilder, ada: Browser, private: bool, end: Callable[[Site, Browser], None]
) -> None:
    """Whoever was signed out meanwhile signs in in another tab and sends the text again, seen or hidden till then."""
    if private:
        site.grant("visitors", Level.NONE)
    form = open_form(ada, "/r/files/tip/README", "Edit")
    form["content"] = "</textarea>mine\r\n"
    end(site, ada)
    lost = form.submit(headers=FROM_HERE, expect_errors=True)
    assert lost.status_int == (404 if private else 403)
    assert "sign in in another tab" in words(lost)
    site.sign_in("ada", browser=ada)
    kept = form_of(lost).submit(headers=FROM_HERE, expect_errors=True)
    assert (kept.status_int, "older than your session" in words(kept)) == (403, True)
    assert form_of(kept).submit(headers=FROM_HERE).status_int == 303
    assert content(builder, b"README") == (EntryKind.FILE, b"</textarea>mine\n")


def test_a_text_is_kept_where_the_right_is_gone(site: Site, builder: RepositoryBuilder, ada: Browser) -> None:
    form = open_form(ada, "/r/files/tip/README", "Edit")
    form["content"] = "mine"
    site.grant("ada", Level.READ, "r")
    answer = form.submit(headers=FROM_HERE, expect_errors=True)
    assert (answer.status_int, form_of(answer)["content"].value) == (403, "mine")


@pytest.mark.parametrize("headers", [{}, {"Origin": "https://other.example"}, {"Origin": "null"}])
def test_words_of_another_site_are_not_kept(
    site: Site, builder: RepositoryBuilder, ada: Browser, headers: dict[str, str]
) -> None:
    """Beside them there would be a button that sends them in the visitor's name."""
    address = f"/r/edit/{head(builder)}/README?at={BRANCH[builder.kind].decode()}"
    answer = ada.post(address, {"content": "theirs", "message": "m"}, headers=headers, expect_errors=True)
    assert (answer.status_int, "theirs" in answer.text) == (403, False)


def test_an_upload_is_not_read_before_the_right_is_asked(
    site: Site, builder: RepositoryBuilder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kallithea.web.request.read_multipart", mock.Mock(side_effect=AssertionError))
    bob = site.browser("bob")
    address = f"/r/upload/{head(builder)}/?at={BRANCH[builder.kind].decode()}"
    answer = site.post(bob, address, {"message": "m"}, upload_files=[("files", "name", b"x")])
    assert (answer.status_int, "right to write" in words(answer)) == (403, True)


def test_a_tag_is_no_branch(builder: RepositoryBuilder, ada: Browser) -> None:
    first = head(builder)
    builder.commit({b"README": b"2\n"})
    builder.tag(b"v1", first)
    answer = get(ada, f"/r/edit/{first}/README?at=v1")
    assert (answer.status_int, "at the head of a branch only" in words(answer)) == (422, True)


def test_large_files_are_refused_with_the_limit(builder: RepositoryBuilder, ada: Browser) -> None:
    builder.commit({b"big": b"1\n" * (1 << 19) + b"2"})
    assert "Files of more than 1 MiB are not edited here." in words(get(ada, "/r/files/tip/big"))
    assert get(ada, "/r/edit/tip/big").status_int == 422


def test_a_closed_branch_is_not_offered(site: Site) -> None:
    site.user("ada")
    builder = site.repository("r", Kind.HG)
    site.grant("ada", Level.WRITE, "r")
    builder.commit({b"f": b"1\n"})
    assert isinstance(builder, HgBuilder)
    closed = builder.close_branch(b"default", head(builder))
    browser = site.browser("ada")
    assert "Changes begin at the head of a branch." in words(get(browser, "/r/files/tip/f"))
    assert get(browser, f"/r/edit/{closed}/f").status_int == 422
