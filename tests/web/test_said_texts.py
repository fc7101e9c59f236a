"""What lower layers say reaches pages as texts: said in brackets here, values inside their sentence."""

import datetime
import gettext

import pytest
from webtest import TestResponse as Answer

from kallithea.core.access import Level
from kallithea.core.errors import KallitheaError
from kallithea.core.jobs import ForkRepository
from kallithea.core.words import _
from kallithea.i18n.languages import Language, Languages
from kallithea.services.application import Application
from kallithea.services.work import writing
from kallithea.services.worker import describe
from kallithea.vcs.types import Kind
from tests.web.site import Browser, Site, form_of, get


class Brackets(gettext.NullTranslations):
    """English in which each message is in brackets."""

    def gettext(self, message: str) -> str:
        return f"[{message}]"

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        return f"[{singular if number == 1 else plural}]"


class InBrackets(Languages):
    """All languages are this one."""

    def find(self, tag: str) -> Language:
        return Language("x-brackets", "Brackets", Brackets())


@pytest.fixture
def site(application: Application, monkeypatch: pytest.MonkeyPatch) -> Site:
    """A site in brackets, with a repository that ada may change."""
    monkeypatch.setattr("kallithea.web.app.Languages", InBrackets)
    site = Site(application)
    site.user("ada")
    site.repository("r").commit({b"README": b"1\n", b"src/a": b"1\n"})
    site.grant("visitors", Level.READ)
    site.grant("ada", Level.ADMIN)
    return site


@pytest.fixture
def ada(site: Site) -> Browser:
    """Ada's browser."""
    return site.browser("ada")


def main_of(answer: Answer) -> str:
    """The words of a page, blanks joined."""
    return " ".join(answer.html.select_one("main").text.split())


def test_path_that_is_not_there(ada: Browser) -> None:
    assert "[There is nothing at this path.]" in main_of(get(ada, "/r/files/tip/nothing"))


def test_archive_of_a_file(ada: Browser) -> None:
    assert "[This is not a folder.]" in main_of(get(ada, "/r/archive/tip.zip?path=README"))


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"repo_name": "-x", "repo_type": "git"}, "[a name must not begin with '-' or '.']"),
        ({"repo_name": "x" * 101, "repo_type": "git"}, "[a name must not be longer than 100 characters]"),
        ({"repo_name": "R", "repo_type": "git"}, "['R' exists already, as a repository or as a group.]"),
        ({"repo_name": "g/x", "repo_type": "git"}, "[there is no repository group 'g'; create it first]"),
    ],
)
def test_repository_that_cannot_be_made(site: Site, ada: Browser, fields: dict[str, str], said: str) -> None:
    assert said in main_of(site.post(ada, "/_admin/repos", fields))


def test_right_that_is_missing(site: Site) -> None:
    site.user("bob")
    site.group("g")
    site.grant("bob", Level.READ, "g")
    fields = {"repo_name": "g/x", "repo_type": "git"}
    said = "[This needs the right to [admin] here; yours is [read].]"
    assert said in main_of(site.post(site.browser("bob"), "/_admin/repos", fields))


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("message", " ", "[A commit needs a message.]"),
        ("path", "src", "[src: [there is a folder of this name already].]"),
        ("path", "README/x", "[README/x: [README is a file, not a folder].]"),
        (
            "path",
            "a//b",
            "[a//b: [a path must not be empty, begin or end with a slash, or have two slashes in a row].]",
        ),
    ],
)
def test_edit_that_is_refused(ada: Browser, field: str, value: str, said: str) -> None:
    links = get(ada, "/r/files/tip/src/a").html.select("main a")
    form = form_of(get(ada, next(link["href"] for link in links if "[Edit]" in link.text)))
    form["content"] = "2\n"
    form[field] = value
    assert said in main_of(form.submit(expect_errors=True))


def test_task_says_its_step_and_its_problem(site: Site, ada: Browser) -> None:
    with writing(site.application) as services:
        job = ForkRepository(services.users.get("ada").user_id, 1, "x", "", False, "")
        task_id = services.outbox.add_asked(job)
        taken = services.taken_jobs.take("worker", [ForkRepository.queue])
        assert taken is not None
        services.progress.set_(task_id, 10, _("Copying %(name)s", name=_("files")))
    assert "[Copying [files]]" in main_of(get(ada, f"/_tasks/{task_id}"))
    problem = describe(KallitheaError(_("There is no %(name)s.", name="room")))
    with writing(site.application) as services:
        services.taken_jobs.fail(taken, problem, datetime.timedelta(0))
    assert "[[There is no room.] [Nothing was made.]]" in main_of(get(ada, f"/_tasks/{task_id}"))


def test_kinds_of_repositories_say_the_same(site: Site, ada: Browser) -> None:
    site.repository("h", Kind.HG).commit({b"a": b"1"})
    assert "[There is nothing at this path.]" in main_of(get(ada, "/h/files/tip/nothing"))
