"""What each page needs of who asks for it, written down a second time: the code has to agree."""

import enum
from dataclasses import dataclass

from kallithea.core.access import Level
from kallithea.web.context import GroupContext, RepositoryContext, SiteContext


@dataclass(frozen=True)
class Need:
    """A level on the repository, group or site; ``member``: an account as well. ``own``: what belongs to somebody.

    ``user_group``: the level is that on a group of users.
    ``optional``: the site may have it switched off, as it is here. ``allowance``: who is allowed it needs no level.
    """

    level: Level = Level.READ
    member: bool = False
    own: bool = False
    optional: bool = False
    allowance: bool = False
    user_group: bool = False


EVERYBODY = READ = Need()
IF_SWITCHED_ON = Need(optional=True)
MEMBER = Need(member=True)
WRITE = Need(Level.WRITE)
ADMIN = Need(Level.ADMIN)
#: Of the site, whom alone it has as administrators.
ROOT = Need(Level.ADMIN, member=True)
#: For administrators of the site, and for those who are allowed everything that can be.
ALLOWED = Need(Level.ADMIN, member=True, allowance=True)
#: Of a group of users.
MEMBERS, MEMBERS_CHANGED, GROUP_ADMIN = (Need(one, member=True, user_group=True) for one in list(Level)[1:])
#: Absent for everybody else, administrators of the site perhaps excepted.
OWN = Need(own=True)


class Method(enum.StrEnum):
    """What browsers ask with."""

    GET = "GET"
    POST = "POST"


#: Needs of pages, by context and name. A name that ends with a star stands for all that begin so. One need is that of
#: both methods; where they differ there are two, for GET and POST.
NEEDS: dict[type, dict[str, Need | tuple[Need, Need]]] = {
    SiteContext: {
        "": EVERYBODY,
        "_avatar": EVERYBODY,
        "_groups": EVERYBODY,
        "_healthz": EVERYBODY,
        "_metrics": IF_SWITCHED_ON,
        "_readyz": EVERYBODY,
        "_search": EVERYBODY,
        "_admin/search": EVERYBODY,
        "_tasks": OWN,
        "about": EVERYBODY,
        "favicon.ico": EVERYBODY,
        "robots.txt": EVERYBODY,
        "_admin": ROOT,
        "_admin/audit.csv": ROOT,
        "_admin/journal*": MEMBER,
        "_admin/notifications*": MEMBER,
        "_unsubscribe": EVERYBODY,
        "_admin/public_journal*": EVERYBODY,
        "_admin/site_journal": ROOT,
        "_admin/repositories": ROOT,
        "_admin/repositories.csv": ROOT,
        "_admin/deleted_repositories": ROOT,
        "_admin/login": EVERYBODY,
        "_admin/logout": EVERYBODY,
        "_admin/register*": IF_SWITCHED_ON,
        "_admin/password_reset*": EVERYBODY,
        "_admin/my_account*": MEMBER,
        "_admin/create_repository": MEMBER,
        "_admin/import_repository": MEMBER,
        "_admin/repos": MEMBER,
        "_admin/repo_groups": MEMBER,
        "_admin/repo_groups/new": MEMBER,
        "_admin/permissions*": ROOT,
        "_admin/defaults*": ROOT,
        "_admin/settings*": ROOT,
        "_admin/jobs": ROOT,
        "_admin/system*": ROOT,
        "_admin/users*": ROOT,
        "_admin/user_groups": MEMBER,
        "_admin/user_groups/allowances": ROOT,
        "_admin/user_groups/new": ALLOWED,
        "_admin/user_groups/members": (MEMBERS, MEMBERS_CHANGED),
        "_admin/user_groups/remove": MEMBERS_CHANGED,
        "_admin/user_groups/edit": GROUP_ADMIN,
        "_admin/user_groups/delete": GROUP_ADMIN,
        "_admin/user_groups/permissions*": GROUP_ADMIN,
    },
    GroupContext: {
        "": READ,
        "edit": ADMIN,
        "edit/delete": ADMIN,
        "edit/permissions": ADMIN,
        "edit/permissions/check": ADMIN,
        "edit/permissions/names": ADMIN,
        "search": READ,
    },
    RepositoryContext: {
        "": READ,
        "add": WRITE,
        "annotate": READ,
        "archive": READ,
        "branches": READ,
        "changelog": READ,
        "changelog-count": READ,
        "changeset": READ,
        "changeset-children": READ,
        "changeset-diff": READ,
        "changeset-download": READ,
        "changeset-file": READ,
        "changeset-lines": READ,
        "changeset-patch": READ,
        "changeset-viewed": (READ, MEMBER),
        "compare": READ,
        "compare-diff": READ,
        "compare-file": READ,
        "compare-lines": READ,
        "delete": WRITE,
        "edit": WRITE,
        "feed/atom": READ,
        "feed/rss": READ,
        "files": READ,
        "files-changes": READ,
        "files-find": READ,
        "files-search": READ,
        "files-names": READ,
        "files-tree": READ,
        "files-with-changes": READ,
        "follow": MEMBER,
        "followers": READ,
        "fork": MEMBER,
        "forks": READ,
        "journal": READ,
        "raw": READ,
        "raw-changeset": READ,
        "rawfile": READ,
        "refs-menu": READ,
        "search": READ,
        "settings": ADMIN,
        "settings/delete": ADMIN,
        "settings/fields": ADMIN,
        "settings/permissions": ADMIN,
        "settings/permissions/check": ADMIN,
        "settings/permissions/names": ADMIN,
        "settings/remote": ADMIN,
        "settings/remote/pull": ADMIN,
        "settings/remote/remove": ADMIN,
        "statistics": READ,
        "summary": READ,
        "summary-facts": READ,
        "summary-with-facts": READ,
        "unfollow": MEMBER,
        "upload": WRITE,
    },
}


def find_need(context: type, name: str, method: Method) -> Need | None:
    """What a page needs, None for one that nobody has thought about."""
    names = NEEDS[context]
    patterns = (key for key in names if key.endswith("*") and name.startswith(key.removesuffix("*")))
    found = names.get(name) or next((names[key] for key in patterns), None)
    return found[method is Method.POST] if isinstance(found, tuple) else found
