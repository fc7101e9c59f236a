"""A site with something on each of its pages, and an address of each page."""

from dataclasses import dataclass

from pyramid.config import Configurator
from sqlalchemy import select

from kallithea.core.access import Level
from kallithea.core.actor import COMMAND_LINE
from kallithea.core.allowances import Allowance
from kallithea.core.jobs import ForkRepository
from kallithea.model.outbox import OutboxJob
from kallithea.services.counting import bring_up
from kallithea.services.mail_choices import Unsubscription, make_link_text
from kallithea.services.settling import settle
from kallithea.services.work import reading, writing
from kallithea.vcs.types import Kind
from kallithea.web.app import add_features
from kallithea.web.context import GroupContext, RepositoryContext, SiteContext
from tests.web.site import Site


@dataclass
class Harbour:
    """A site with repositories two groups deep, readable for ada, who has asked for a task; root administers it.

    ``first`` is the id of the first of two commits of the repository of each kind.
    """

    site: Site
    task_id: int
    first: dict[Kind, str]

    def address(self, pattern: str, kind: Kind) -> str:
        """One of ``PAGES`` for the repository of this kind."""
        return pattern.format(
            kind=kind, task=self.task_id, first=self.first[kind], unsubscribe=unsubscribe_text(self.site)
        )


def unsubscribe_text(site: Site) -> str:
    """A link of ada's, whose account is the first, that ends mails about the first repository."""
    return make_link_text(site.application.settings.session_secret, Unsubscription(1, 1))


def make_harbour(site: Site) -> Harbour:
    """Make everything that the pages lead to."""
    user_id = site.user("ada")
    site.user("root", administrator=True)
    with writing(site.application) as services:
        ada = services.users.get("ada")
        crew = services.user_groups.create(COMMAND_LINE, None, name="crew", owner=ada)
        services.user_groups.add(COMMAND_LINE, crew, ada)
    site.allow("ada", Allowance.CREATE_USER_GROUPS)
    site.group("a")
    site.group("a/b")
    first = {}
    for kind in Kind:
        builder = site.repository(f"a/b/{kind}", kind)
        first[kind] = builder.commit({b"README.md": b"# 1\n"})
        builder.commit({b"src/x.py": b"1\n"})
        site.repository(f"a/b/{kind}-own", kind).commit({b"src/x.py": b"1\n"})
        site.grant("ada", Level.WRITE, f"a/b/{kind}-own")
        site.repository(f"a/b/{kind}-fork", kind, fork_of=f"a/b/{kind}").commit({b"README.md": b"# 2\n"})
        site.grant("ada", Level.ADMIN, f"a/b/{kind}")
    site.grant("ada", Level.READ, "a")
    with reading(site.application) as services:
        ids = [services.repositories.get(f"a/b/{kind}").repository_id for kind in Kind]
    for repository_id in ids:
        settle(site.application, repository_id)
        bring_up(site.application, repository_id)
    with writing(site.application) as services:
        services.outbox.add(ForkRepository(user_id, ids[0], "a/absent", "", False, ""))
        task_id = services.session.scalar(select(OutboxJob.outbox_id).where(OutboxJob.kind == "ForkRepository"))
    return Harbour(site, task_id or 0, first)


#: Each page with addresses that lead to it, and how many statements the answer may take.
PAGES: tuple[tuple[type, str, str, int], ...] = (
    (SiteContext, "", "/", 6),
    (SiteContext, "", "/?f=r&kind=git&sort=name", 6),
    (SiteContext, "", "/?show=followed&visibility=internal&sort=-owner", 6),
    (SiteContext, "_groups", "/_groups", 6),
    (SiteContext, "about", "/about", 2),
    (SiteContext, "favicon.ico", "/favicon.ico", 0),
    (SiteContext, "robots.txt", "/robots.txt", 0),
    (SiteContext, "_avatar", "/_avatar/0001", 0),
    (SiteContext, "_healthz", "/_healthz", 0),
    (SiteContext, "_metrics", "/_metrics", 4),
    (SiteContext, "_readyz", "/_readyz", 4),
    (SiteContext, "_tasks", "/_tasks/{task}", 4),
    (SiteContext, "_admin/login", "/_admin/login", 2),
    (SiteContext, "_admin/register", "/_admin/register", 2),
    (SiteContext, "_admin/register_confirmation", "/_admin/register_confirmation?token=1-0", 2),
    (SiteContext, "_admin/password_reset_confirmation", "/_admin/password_reset_confirmation?token=1-0", 3),
    (SiteContext, "_admin/password_reset", "/_admin/password_reset", 2),
    (SiteContext, "_admin/my_account", "/_admin/my_account", 3),
    (SiteContext, "_admin/my_account/appearance", "/_admin/my_account/appearance", 3),
    (SiteContext, "_admin/my_account/password", "/_admin/my_account/password", 3),
    (SiteContext, "_admin/my_account/emails", "/_admin/my_account/emails", 5),
    (SiteContext, "_admin/my_account/emails/confirm", "/_admin/my_account/emails/confirm?token=1-0", 3),
    (SiteContext, "_admin/my_account/watched", "/_admin/my_account/watched", 6),
    (SiteContext, "_admin/notifications", "/_admin/notifications?show=unread", 4),
    (SiteContext, "_admin/my_account/notifications", "/_admin/my_account/notifications", 3),
    (SiteContext, "_unsubscribe", "/_unsubscribe/{unsubscribe}", 2),
    (SiteContext, "_admin/my_account/perms", "/_admin/my_account/perms?page=1", 7),
    (SiteContext, "_admin/my_account/repos", "/_admin/my_account/repos", 3),
    (SiteContext, "_admin/my_account/api_keys", "/_admin/my_account/api_keys", 4),
    (SiteContext, "_admin/my_account/sessions", "/_admin/my_account/sessions", 4),
    (SiteContext, "_admin/my_account/language", "/_admin/my_account/language", 2),
    (SiteContext, "_admin/my_account/tasks", "/_admin/my_account/tasks", 3),
    (SiteContext, "_admin/repositories", "/_admin/repositories?f=a&kind=git&group=a", 4),
    (SiteContext, "_admin/repositories.csv", "/_admin/repositories.csv", 3),
    (SiteContext, "_admin/deleted_repositories", "/_admin/deleted_repositories", 3),
    (SiteContext, "_admin", "/_admin", 3),
    (SiteContext, "_admin/journal", "/_admin/journal?user=ada&action=push", 4),
    (SiteContext, "_admin/public_journal", "/_admin/public_journal", 4),
    *((SiteContext, f"_admin/journal/{form}", f"/_admin/journal/{form}", 4) for form in ("atom", "rss")),
    *(
        (SiteContext, f"_admin/public_journal{tail}", f"/_admin/public_journal{tail}", 4)
        for tail in ("/atom", "/rss", "_atom", "_rss")
    ),
    (SiteContext, "_admin/site_journal", "/_admin/site_journal", 2),
    (SiteContext, "_admin/audit.csv", "/_admin/audit.csv?kind=user", 3),
    (SiteContext, "_admin/users", "/_admin/users?f=a&state=active", 5),
    (SiteContext, "_admin/users/new", "/_admin/users/new", 2),
    (SiteContext, "_admin/users/edit", "/_admin/users/edit/1", 3),
    (SiteContext, "_admin/users/belongings", "/_admin/users/belongings/1", 21),
    (SiteContext, "_admin/users/ips", "/_admin/users/ips/1", 4),
    (SiteContext, "_admin/permissions", "/_admin/permissions", 9),
    (SiteContext, "_admin/permissions/access.csv", "/_admin/permissions/access.csv", 19),
    (SiteContext, "_admin/users/allowances", "/_admin/users/allowances/1", 9),
    (SiteContext, "_admin/user_groups/allowances", "/_admin/user_groups/allowances/1", 9),
    (SiteContext, "_admin/settings", "/_admin/settings", 3),
    (SiteContext, "_admin/settings/issues", "/_admin/settings/issues", 3),
    (SiteContext, "_admin/settings/hooks", "/_admin/settings/hooks", 2),
    (SiteContext, "_admin/defaults", "/_admin/defaults", 3),
    (SiteContext, "_admin/users/delete", "/_admin/users/delete/1", 13),
    (SiteContext, "_admin/user_groups", "/_admin/user_groups?f=a", 5),
    (SiteContext, "_admin/user_groups/new", "/_admin/user_groups/new", 3),
    (SiteContext, "_admin/user_groups/members", "/_admin/user_groups/members/1", 5),
    (SiteContext, "_admin/user_groups/edit", "/_admin/user_groups/edit/1", 4),
    (SiteContext, "_admin/user_groups/delete", "/_admin/user_groups/delete/1", 5),
    (SiteContext, "_admin/user_groups/permissions", "/_admin/user_groups/permissions/1", 12),
    (SiteContext, "_admin/user_groups/permissions/check", "/_admin/user_groups/permissions/check/1?user=ada", 8),
    (SiteContext, "_admin/user_groups/permissions/names", "/_admin/user_groups/permissions/names/1?q=a", 6),
    (SiteContext, "_admin/system", "/_admin/system", 12),
    (SiteContext, "_admin/system.txt", "/_admin/system.txt", 9),
    (SiteContext, "_admin/jobs", "/_admin/jobs?state=waiting&queue=import", 5),
    (SiteContext, "_admin/create_repository", "/_admin/create_repository", 3),
    (SiteContext, "_admin/import_repository", "/_admin/import_repository", 3),
    (SiteContext, "_admin/repo_groups/new", "/_admin/repo_groups/new", 2),
    (GroupContext, "", "/a", 10),
    (GroupContext, "", "/a/b?f=r&kind=git&sort=name", 11),
    (RepositoryContext, "", "/a/b/{kind}", 8),
    (RepositoryContext, "", "/a/b/{kind}-fork", 8),
    (RepositoryContext, "summary", "/a/b/{kind}/summary", 8),
    (RepositoryContext, "summary-facts", "/a/b/{kind}/summary-facts/tip", 3),
    (RepositoryContext, "summary-with-facts", "/a/b/{kind}/summary-with-facts", 3),
    (RepositoryContext, "files", "/a/b/{kind}/files/tip/src/x.py", 6),
    (RepositoryContext, "files", "/a/b/{kind}/files/tip/README.md", 6),
    (RepositoryContext, "files", "/a/b/{kind}-own/files/tip/src/x.py", 3),
    (RepositoryContext, "files-changes", "/a/b/{kind}/files-changes/tip/src", 3),
    (RepositoryContext, "files-with-changes", "/a/b/{kind}/files-with-changes/tip/src", 6),
    (RepositoryContext, "files-find", "/a/b/{kind}/files-find/tip?q=x", 6),
    (RepositoryContext, "files-search", "/a/b/{kind}/files-search/tip?q=x", 6),
    (RepositoryContext, "files-names", "/a/b/{kind}/files-names/tip", 3),
    (RepositoryContext, "files-tree", "/a/b/{kind}/files-tree/tip/src", 3),
    (RepositoryContext, "annotate", "/a/b/{kind}/annotate/tip/src/x.py", 6),
    (RepositoryContext, "raw", "/a/b/{kind}/raw/tip/src/x.py", 3),
    (SiteContext, "_search", "/_search", 3),
    (SiteContext, "_admin/search", "/_admin/search/a/b/git?q=x&type=commit", 3),
    (SiteContext, "_search", "/_search?q=readme&type=files", 8),
    (GroupContext, "search", "/_admin/repo_groups/a/search?q=readme", 12),
    (RepositoryContext, "search", "/a/b/{kind}/search?q=1&r=a/b/{kind}", 12),
    (RepositoryContext, "rawfile", "/a/b/{kind}/rawfile/tip/src/x.py", 3),
    (RepositoryContext, "edit", "/a/b/{kind}-own/edit/tip/src/x.py", 3),
    (RepositoryContext, "delete", "/a/b/{kind}-own/delete/tip/src/x.py", 3),
    (RepositoryContext, "add", "/a/b/{kind}-own/add/tip/src", 3),
    (RepositoryContext, "upload", "/a/b/{kind}-own/upload/tip/src", 3),
    (RepositoryContext, "archive", "/a/b/{kind}/archive/tip.zip", 3),
    (RepositoryContext, "branches", "/a/b/{kind}/branches", 7),
    (RepositoryContext, "refs-menu", "/a/b/{kind}/refs-menu?to=files", 3),
    (RepositoryContext, "changelog", "/a/b/{kind}/changelog", 7),
    (RepositoryContext, "changelog", "/a/b/{kind}/changelog/tip/src/x.py?lines=1", 7),
    (RepositoryContext, "changelog-count", "/a/b/{kind}/changelog-count/tip", 3),
    (RepositoryContext, "changeset", "/a/b/{kind}/changeset/tip", 6),
    (RepositoryContext, "changeset-children", "/a/b/{kind}/changeset-children/tip", 6),
    (RepositoryContext, "changeset-children", "/a/b/{kind}/changeset-children/{first}", 6),
    (RepositoryContext, "changeset-file", "/a/b/{kind}/changeset-file/tip/src/x.py", 6),
    (RepositoryContext, "changeset-lines", "/a/b/{kind}/changeset-lines/tip/README.md?old=1&new=1", 3),
    (RepositoryContext, "changeset-viewed", "/a/b/{kind}/changeset-viewed/{first}", 4),
    (RepositoryContext, "changeset-diff", "/a/b/{kind}/changeset-diff/tip", 3),
    (RepositoryContext, "raw-changeset", "/a/b/{kind}/raw-changeset/tip", 3),
    (RepositoryContext, "changeset-patch", "/a/b/{kind}/changeset-patch/tip", 3),
    (RepositoryContext, "changeset-download", "/a/b/{kind}/changeset-download/tip", 3),
    (RepositoryContext, "compare", "/a/b/{kind}/compare", 7),
    (RepositoryContext, "compare", "/a/b/{kind}/compare/tip...tip", 6),
    (RepositoryContext, "compare", "/a/b/{kind}/compare/tip..tip?other_repo=a/b/{kind}-fork", 8),
    (RepositoryContext, "compare-file", "/a/b/{kind}/compare-file/{first}...tip/src/x.py", 6),
    (RepositoryContext, "compare-lines", "/a/b/{kind}/compare-lines/{first}...{first}/README.md?old=1&new=1", 3),
    (RepositoryContext, "compare-diff", "/a/b/{kind}/compare-diff/tip...tip", 3),
    (RepositoryContext, "forks", "/a/b/{kind}/forks", 7),
    (RepositoryContext, "fork", "/a/b/{kind}/fork", 8),
    (RepositoryContext, "followers", "/a/b/{kind}/followers", 7),
    (RepositoryContext, "statistics", "/a/b/{kind}/statistics?year=2023", 9),
    (RepositoryContext, "feed/atom", "/a/b/{kind}/feed/atom", 3),
    (RepositoryContext, "feed/rss", "/a/b/{kind}/feed/rss", 3),
    (RepositoryContext, "journal", "/a/b/{kind}/journal", 9),
    (RepositoryContext, "settings", "/a/b/{kind}/settings", 8),
    (RepositoryContext, "settings/delete", "/a/b/{kind}/settings/delete", 6),
    (RepositoryContext, "settings/remote", "/a/b/{kind}/settings/remote", 7),
    (SiteContext, "_admin/permissions/perms", "/_admin/permissions/perms", 10),
    (SiteContext, "_admin/permissions/user_groups", "/_admin/permissions/user_groups", 10),
    (SiteContext, "_admin/permissions/user_groups/check", "/_admin/permissions/user_groups/check?user=ada", 7),
    (SiteContext, "_admin/permissions/user_groups/names", "/_admin/permissions/user_groups/names?q=a", 4),
    (SiteContext, "_admin/permissions/ips", "/_admin/permissions/ips", 3),
    (SiteContext, "_admin/permissions/perms/check", "/_admin/permissions/perms/check?user=ada", 7),
    (SiteContext, "_admin/permissions/perms/names", "/_admin/permissions/perms/names?q=a", 4),
    (GroupContext, "edit", "/_admin/repo_groups/a/b/edit", 10),
    (GroupContext, "edit/delete", "/_admin/repo_groups/a/b/edit/delete", 9),
    (GroupContext, "edit/permissions", "/_admin/repo_groups/a/b/edit/permissions", 18),
    (GroupContext, "edit/permissions/check", "/_admin/repo_groups/a/b/edit/permissions/check?user=ada", 14),
    (GroupContext, "edit/permissions/names", "/_admin/repo_groups/a/b/edit/permissions/names?q=a", 9),
    (RepositoryContext, "settings/permissions", "/a/b/{kind}/settings/permissions", 16),
    (RepositoryContext, "settings/permissions/check", "/a/b/{kind}/settings/permissions/check?user=ada", 11),
    (RepositoryContext, "settings/permissions/names", "/a/b/{kind}/settings/permissions/names?q=a", 9),
    (RepositoryContext, "settings/fields", "/a/b/{kind}/settings/fields", 7),
)

#: The same with each kind that an address differs for.
ADDRESSES = tuple(
    (address, kind) for _context, _name, address, _most in PAGES for kind in Kind if "{" in address or kind is Kind.GIT
)


def find_page(address: str) -> tuple[type, str]:
    """What an address of the table belongs to, and its name there."""
    return next((context, name) for context, name, other, _most in PAGES if other == address)


def find_visitor(context: type, name: str) -> str:
    """The account for which a page of the table is: ada, but for what administrators of the site alone may see."""
    config = Configurator()
    add_features(config)
    is_for_root = (
        context is not RepositoryContext and config.registry.pages.rule(context, name, "GET").level is Level.ADMIN
    )
    return "root" if is_for_root else "ada"
