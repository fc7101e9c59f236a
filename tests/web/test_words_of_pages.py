"""Words on a page are contents of the site, or can be said in another language."""

import gettext
import re
from html.parser import HTMLParser

import pytest

from kallithea.core.jobs import ImportRepository, Queue
from kallithea.i18n.languages import Language, Languages
from kallithea.model.outbox import OutboxJob, OutboxState
from kallithea.services.job_context import JobContext
from kallithea.services.transfer_progress import TransferTeller
from kallithea.services.work import writing
from kallithea.vcs.remote import Amount, RemoteStep
from kallithea.vcs.types import Kind
from tests.web.harbour import ADDRESSES, Harbour
from tests.web.site import get

_BEGIN, _END = "⟦", "⟧"
_MARKED = re.compile(rf"{_BEGIN}[^{_BEGIN}{_END}]*{_END}")

#: Elements whose text is content, and attributes that people read or hear.
_CONTENT_ELEMENTS = frozenset({"code", "kbd", "pre", "svg", "textarea", "time"})
_READ_ATTRIBUTES = frozenset({"alt", "aria-label", "label", "placeholder", "title"})

#: Names and contents of the repositories, and names that are the same in all languages.
_CONTENTS = re.compile(
    r"(a/b/)?(git|hg)(-own|-fork)?(-[0-9a-f]{12}(-src)?\.[a-z0-9.]+)?\b|\ba/b\b|README\.md|src(/x\.py)?\b|x\.py"
    r"|Ada Lovelace|\bada\b|\broot\b|\bcrew\b|command line"
    r"|a commit|\bmain\b|\bdefault\b|\btip\b|[0-9a-f]{8,40}\b|[0-9]{4}-[0-9]{2}-[0-9]{2}.* UTC"
    r"|(Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Europe|Indian|Pacific|UTC)\b(/[\w/+-]+)?"
    r"|Kallithea|Atom\b|RSS\b|Git\b|Mercurial|HTTP|Markdown|Python|text/x-python|text/markdown|utf-8|UTF-8|"
    + "|".join(re.escape(language.name) for language in Languages().all)
)

#: Names in programs that stand alone: kinds and queues of jobs; and the text that shows what patterns of issues find.
_NAMES = re.compile(rf"^\s*(ForkRepository|{'|'.join(Queue)})\s*$|Fixes HAVEN-42 and PROJECT-7", re.MULTILINE)

#: Pages of errors, each of which is told in other words.
_ERRORS = (
    "/nothing",
    "/a/b/{kind}/changelog?merges=none-of-these",
    "/a/b/{kind}/changelog?since=yesterday",
    "/a/b/{kind}/compare/nothing...tip",
    "/a/b/{kind}/changeset/nothing",
    "/a/b/{kind}-fork/edit/tip/README.md",
)

#: Forms that are refused, each for another reason.
_REFUSED: tuple[tuple[str, dict[str, str]], ...] = (
    ("/_admin/repos", {"repo_name": "a/b/{}", "repo_type": "cvs", "repo_description": "x" * 20_000}),
    ("/_admin/repos", {"repo_name": "a/b/c", "repo_type": "git"}),
    ("/_admin/import_repository", {"clone_uri": "file:///a", "repo_name": "-", "user": "ada", "password": ""}),
    ("/_admin/import_repository", {"clone_uri": "https://127.0.0.1/a", "repo_type": "hg", "password": "1"}),
    ("/a/b/{kind}/settings/remote", {"clone_uri": "https://127.0.0.1:25/a"}),
    ("/_admin/repo_groups", {"group_name": "absent/b"}),
    ("/_admin/repo_groups", {"group_name": "a"}),
    ("/a/b/{kind}/fork", {"repo_name": ".", "repo_group": "a"}),
    ("/a/b/{kind}/fork", {"repo_name": "fork", "repo_group": "absent"}),
    (
        "/a/b/{kind}/settings",
        {"repo_name": "?", "repo_group": "absent", "owner": "nobody", "repo_landing_rev": "absent"},
    ),
    ("/a/b/{kind}/settings/fields", {"new_field_key": "?", "new_field_label": ""}),
    ("/a/b/{kind}/settings/delete", {"path": "else"}),
    ("/a/b/{kind}-own/edit/{tip}/src/x.py?at={branch}", {"path": "../x", "content": "2\n", "message": "m"}),
    ("/a/b/{kind}-own/edit/{tip}/src/x.py?at={branch}", {"path": "src/x.py", "content": "1\n", "message": "m"}),
    ("/a/b/{kind}-own/edit/{tip}/src/x.py?at={branch}", {"path": "src/x.py", "content": "2\n", "message": ""}),
    ("/a/b/{kind}-own/add/{tip}/src?at={branch}", {"path": "src/x.py", "content": "2\n", "message": "m"}),
    ("/a/b/{kind}-own/upload/{tip}/src?at={branch}", {"message": "m"}),
    ("/a/b/{kind}-own/edit/{tip}/src/x.py", {}),
)


class _Marking(gettext.NullTranslations):
    """A language in which every message stands between two signs."""

    def gettext(self, message: str) -> str:
        return f"{_BEGIN}{message}{_END}"

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        return self.gettext(singular if number == 1 else plural)


class _Page(HTMLParser):
    """Finds what people read on a page."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._pieces: list[str] = []
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._depth += tag in _CONTENT_ELEMENTS
        self.texts += [value for name, value in attrs if name in _READ_ATTRIBUTES and value]

    def handle_endtag(self, tag: str) -> None:
        self._depth -= tag in _CONTENT_ELEMENTS

    def handle_data(self, data: str) -> None:
        self._pieces.append("" if self._depth else data)

    def close(self) -> None:
        super().close()
        self.texts.append("\n".join(self._pieces))


def find_words(page: str) -> set[str]:
    """What is on a page that is no message, no value in a message, and no content."""
    parser = _Page()
    parser.feed(page)
    parser.close()
    return {
        line.strip() for text in parser.texts for line in _unmark(text).splitlines() if re.search("[A-Za-z]{2}", line)
    }


def _unmark(text: str) -> str:
    before = ""
    while text != before:
        before, text = text, _MARKED.sub("", text)
    return _CONTENTS.sub("", _NAMES.sub("", text))


def test_words_that_are_no_messages_are_found() -> None:
    page = f'<a title="Go">{_BEGIN}See <b>{_BEGIN}one{_END}</b> now{_END}</a><p>Left <code>x y</code></p>'
    assert find_words(page) == {"Go", "Left"}


@pytest.fixture
def _marked(monkeypatch: pytest.MonkeyPatch) -> None:
    language = Language("xx", "English", _Marking())
    monkeypatch.setattr("kallithea.web.request.choose_language", lambda *_: language)


@pytest.mark.usefixtures("_marked")
@pytest.mark.parametrize("user", [None, "ada", "root"])
def test_all_words_of_pages_are_messages(harbour: Harbour, user: str | None) -> None:
    browser, found = harbour.site.browser(user), []
    for pattern, kind in (*ADDRESSES, *((error, kind) for error in _ERRORS for kind in Kind)):
        answer = get(browser, harbour.address(pattern, kind))
        if answer.content_type == "text/html":
            found += [f"{pattern} ({kind}): {words}" for words in sorted(find_words(answer.text))]
    assert found == []


@pytest.mark.usefixtures("_marked")
@pytest.mark.parametrize("kind", Kind)
def test_all_words_of_refused_forms_are_messages(harbour: Harbour, kind: Kind) -> None:
    browser, found = harbour.site.browser("ada"), []
    tip = re.findall(r"/edit/([0-9a-f]{40})/", get(browser, f"/a/b/{kind}-own/files/tip/src/x.py").text)[0]
    branch = "main" if kind is Kind.GIT else "default"
    for address, fields in _REFUSED:
        answer = harbour.site.post(browser, address.format(kind=kind, tip=tip, branch=branch), fields)
        assert answer.status_int >= 400, address
        found += [f"{address}: {words}" for words in sorted(find_words(answer.text))]
    assert found == []


@pytest.mark.usefixtures("_marked")
@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("state", [OutboxState.WAITING, OutboxState.DONE, OutboxState.DEAD])
def test_all_words_of_an_import_are_messages(harbour: Harbour, kind: Kind, state: str) -> None:
    site = harbour.site
    with writing(site.application) as services:
        user_id = services.users.get("ada").user_id
        job = ImportRepository(user_id, 7, "https://[2001:db8::1]/1", kind.value, "a/b/git", "", False, "")
        task_id = services.outbox.add_asked(job)
    teller = TransferTeller(JobContext(site.application, task_id))
    for step in RemoteStep:
        teller.begin(step)
        teller.count(Amount("objects", 5_000, 10_000, 5_000_000))
        teller._teller._told = 0.0
        teller.tick()
        answer = get(site.browser("ada"), f"/_tasks/{task_id}")
        assert find_words(answer.text) <= {"https://[2001:db8::1]/1"}
    with writing(site.application) as services:
        services.session.get_one(OutboxJob, task_id).state = state
        services.session.get_one(OutboxJob, task_id).taken_by = "worker"
    assert find_words(get(site.browser("ada"), f"/_tasks/{task_id}").text) <= {"https://[2001:db8::1]/1"}
