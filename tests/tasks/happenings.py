"""Pushes by the real clients, and registrations, and what has to have come of each in the end."""

import contextlib
import pathlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import quote

from sqlalchemy import select

from kallithea.auth.passwords import hash_password
from kallithea.core.access import Level, Subject, SubjectKind
from kallithea.core.actor import COMMAND_LINE, Way
from kallithea.core.jobs import DescribePush, IndexRepository, MailNotification, SendLink
from kallithea.core.watching import Watch
from kallithea.model.journal import JournalEntry
from kallithea.search.documents import DocumentKind
from kallithea.services.journal_details import parse_push
from kallithea.services.mail_links import Asker
from kallithea.services.registrations import Wish, register
from kallithea.services.repository_creation import create_repository
from kallithea.services.work import reading, writing
from kallithea.transport.http import WireApplication
from kallithea.vcs.types import Kind
from tests.factories.repositories import RepositoryBuilder, make_builder
from tests.flows.serving import serving_application
from tests.search.samples import ask
from tests.tasks.conftest import JobSite
from tests.transport.door import say_404
from tests.transport.site import PASSWORD, Clients

#: What pushes and registrations ask for, but for what only looks after repositories.
JOBS = (DescribePush, MailNotification, IndexRepository, SendLink)


@dataclass
class Happenings:
    """``ada`` pushes to repositories that ``bob`` follows, and strangers register; each time something else."""

    site: JobSite
    address: str
    clients: Clients
    builders: dict[int, RepositoryBuilder] = field(default_factory=dict)
    count: int = 0

    def happen(self, until: int) -> None:
        """Push and register until there were so many of each."""
        for number in range(self.count, until):
            self._push(number)
            wish = Wish(f"stranger{number}", f"stranger{number}@example.org", "", "")
            register(self.site.application, wish, PASSWORD, Asker(f"10.0.{number}.1", "en"))
            self.count += 1

    def wait(self) -> None:
        """Wait until all jobs that came of it are done."""
        self.site.wait_until_done(*JOBS)

    def assert_each_once(self, *, kills: int = 0) -> None:
        """One entry in the journal, one file and one commit in the index, and two mails for each push and registration.

        A mail may arrive once more for each time that the workers were killed.
        """
        each = range(self.count)
        assert sorted(self._messages()) == sorted(f"message{number}" for number in each)
        assert [self._found(f"word{number}", DocumentKind.CODE) for number in each] == [1] * self.count
        assert [self._found(f"message{number}", DocumentKind.COMMIT) for number in each] == [1] * self.count
        received = self.site.post.received
        for beginning in ("link", "event"):
            assert sum(f"<{beginning}-" in name for name in received) == self.count, received
        assert max(received.values()) <= 1 + kills
        assert received.total() <= len(received) + kills

    def _push(self, number: int) -> None:
        repository_id, builder = list(self.builders.items())[number % len(self.builders)]
        builder.commit({b"f%d.txt" % number: b"word%d\n" % number}, message=b"message%d" % number)
        url = f"{self.address}/_{repository_id}".replace("//", f"//ada:{quote(PASSWORD)}@")
        if builder.kind is Kind.GIT:
            done = self.clients.git("push", "-q", url, "main", cwd=builder.path)
        else:
            done = self.clients.hg("push", "-q", url, cwd=builder.path)
        assert done.status == 0, done.words

    def _messages(self) -> list[str]:
        """The subjects of the commits that entries of the journal tell of, each of one."""
        pushed = select(JournalEntry.details).where(
            JournalEntry.way == Way.HTTP.value,
            JournalEntry.action == "push",
            JournalEntry.repository_id.in_(self.builders),
        )
        with reading(self.site.application) as services:
            pushes = [parse_push(details) for details in services.session.scalars(pushed)]
        assert {push.count for push in pushes} == {1}
        return [commit.subject for push in pushes for commit in push.commits]

    def _found(self, word: str, kind: DocumentKind) -> int:
        assert self.site.application.search is not None
        with self.site.application.search.open() as index:
            return ask(index, word, tuple(self.builders), kind).total


@contextlib.contextmanager
def happenings(site: JobSite, folder: pathlib.Path) -> Iterator[Happenings]:
    """A server, a repository of each kind, and two people, until the block ends."""
    application = site.application
    hashed = hash_password(PASSWORD)
    with writing(application) as services:
        services.settings.set_(COMMAND_LINE, "registration", "automatic")
        ada = services.users.create(COMMAND_LINE, name="ada", password_hash=hashed)
        bob = services.users.create(COMMAND_LINE, name="bob", password_hash=hashed, email="bob@example.org")
        for user, level in ((ada, Level.WRITE), (bob, Level.READ)):
            services.permissions.set_(COMMAND_LINE, None, Subject(SubjectKind.USER, user.user_id), level)
        bob_id = bob.user_id
    with serving_application(WireApplication(application, say_404)) as address:
        made = Happenings(site, address, Clients(folder))
        for kind in Kind:
            repository_id = create_repository(application, COMMAND_LINE, None, kind=kind, path=kind.value)
            made.builders[repository_id] = make_builder(kind, folder / f"work-{kind}")
            with writing(application) as services:
                services.followers.ensure(bob_id, repository_id)
                services.followers.set_level(bob_id, repository_id, Watch.ALL)
        yield made
