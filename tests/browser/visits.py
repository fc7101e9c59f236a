"""Addresses of every page of a site: a test that walks them all sees when a page has been added."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote, quote_from_bytes

from pyramid.config import Configurator

from kallithea.web.app import add_features
from kallithea.web.context import GroupContext, RepositoryContext, SiteContext
from kallithea.web.pages import Pages

#: A kind of page: what it belongs to, and its name there.
Page = tuple[type, str]


@dataclass(frozen=True)
class Place:
    """What addresses are made of.

    ``repository``, ``other`` (of the same kind) and ``group`` are their paths, ``changed`` is a file that differs
    between the commit and its parent, ``branch`` leads to the commit, ``words`` are what somebody looks for.
    ``merge_id`` is a commit with two parents, both of which it differs from. ``user_id`` and ``user_group_id`` are an
    account that nobody is signed in with, and a group of users. ``unsubscribe`` is the text of a link in a mail.
    """

    repository: str
    other: str
    group: str
    commit_id: str
    parent_id: str
    merge_id: str
    changed: bytes
    folder: bytes
    files: tuple[bytes, ...]
    branch: bytes
    task_ids: tuple[int, ...]
    words: str
    user_id: int
    user_group_id: int
    unsubscribe: str


def visits(place: Place) -> dict[Page, tuple[str, ...]]:
    """Addresses of each kind of page; the first of each is what most visitors see.

    A page that has no addresses below has the one that its rule suggests; whoever walks them sees whether that leads
    to it.
    """
    known = _site(place) | _repository(place)
    return known | {page: (_suggest(place, *page, rest=rest),) for page, rest in _rules() if page not in known}


def _rules() -> Iterator[tuple[Page, bool]]:
    """Every page that can be asked for with GET, and whether something may follow its name."""
    config = Configurator()
    add_features(config)
    pages: Pages = config.registry.pages
    for context, name in sorted(pages.names("GET"), key=str):
        yield (context, name), pages.rule(context, name, "GET").rest


def _suggest(place: Place, context: type, name: str, *, rest: bool) -> str:
    start = {SiteContext: "", GroupContext: f"/{quote(place.group)}", RepositoryContext: f"/{quote(place.repository)}"}
    return f"{start[context]}/{name}{f'/{place.commit_id}' if rest and context is RepositoryContext else ''}"


def _site(place: Place) -> dict[Page, tuple[str, ...]]:
    words = quote(place.words, safe="")
    return {
        (SiteContext, ""): ("/", f"/?f={words}", "/?mine=1&sort=owner"),
        (SiteContext, "_admin/journal"): (
            "/_admin/journal?show=all",
            "/_admin/journal",
            f"/_admin/journal?user={words}",
        ),
        (SiteContext, "_unsubscribe"): (f"/_unsubscribe/{place.unsubscribe}",),
        (SiteContext, "_admin/notifications"): ("/_admin/notifications", "/_admin/notifications?show=unread"),
        (SiteContext, "_avatar"): ("/_avatar/12ab",),
        (SiteContext, "_admin/jobs"): ("/_admin/jobs?state=waiting", "/_admin/jobs"),
        (SiteContext, "_admin/login"): ("/_admin/login", f"/_admin/login?came_from={words}"),
        **{
            (SiteContext, f"_admin/users/{verb}"): (f"/_admin/users/{verb}/{place.user_id}",)
            for verb in ("edit", "allowances", "belongings", "delete", "ips")
        },
        **{
            (SiteContext, f"_admin/user_groups/{verb}"): (f"/_admin/user_groups/{verb}/{place.user_group_id}",)
            for verb in ("members", "edit", "allowances", "permissions", "permissions/names", "delete")
        },
        (SiteContext, "_admin/user_groups/permissions/check"): tuple(
            f"/_admin/user_groups/permissions/check/{place.user_group_id}{query}" for query in ("", f"?user={words}")
        ),
        (SiteContext, "_search"): (
            f"/_search?q={words}",
            "/_search",
            "/_search?q=(",
            f"/_search?q={words}&type=changesets",
        ),
        (SiteContext, "_tasks"): tuple(f"/_tasks/{task_id}" for task_id in place.task_ids),
        (SiteContext, "_admin/permissions/perms/check"): tuple(
            f"/_admin/permissions/perms/check{query}" for query in ("", "?visitor=1", f"?user={words}")
        ),
        (GroupContext, "search"): (f"/_admin/repo_groups/{quote(place.group)}/search?q={words}",),
        (GroupContext, "edit"): (f"/_admin/repo_groups/{quote(place.group)}/edit",),
        (GroupContext, "edit/delete"): (f"/_admin/repo_groups/{quote(place.group)}/edit/delete",),
        (GroupContext, "edit/permissions"): (f"/_admin/repo_groups/{quote(place.group)}/edit/permissions",),
        (GroupContext, "edit/permissions/check"): (
            f"/_admin/repo_groups/{quote(place.group)}/edit/permissions/check?visitor=1",
        ),
        (GroupContext, "edit/permissions/names"): (
            f"/_admin/repo_groups/{quote(place.group)}/edit/permissions/names?q={words}",
        ),
        (GroupContext, ""): (f"/{quote(place.group)}", f"/{quote(place.group)}?f={words}"),
    }


def _repository(place: Place) -> dict[Page, tuple[str, ...]]:
    start, commit, words = f"/{quote(place.repository)}", place.commit_id, quote(place.words, safe="")
    branch, changed = quote_from_bytes(place.branch, safe=""), quote_from_bytes(place.changed)
    folder = quote_from_bytes(place.folder)
    files = [quote_from_bytes(path) for path in place.files]
    books = [file for file in files if file.endswith(".ipynb")]
    span, other = f"{place.parent_id}...{commit}", quote(place.other, safe="")

    def of(verb: str, *tails: str, query: str = "") -> tuple[str, ...]:
        return tuple(f"{start}/{verb}/{commit}{f'/{tail}' if tail else ''}{query}" for tail in tails)

    addresses: Mapping[str, tuple[str, ...]] = {
        "": (start,),
        "search": (f"{start}/search?q={words}", f"{start}/search?q={words}&type=files"),
        "files": (
            *of("files", "", folder, *files),
            *of("files", *files, query="?view=source"),
            *of("files", "", changed, query=f"?at={branch}"),
            *of("files", changed, query="?from=2&view=source"),
        ),
        "files-changes": of("files-changes", "", folder),
        "files-with-changes": of("files-with-changes", "", folder),
        "files-find": (*of("files-find", ""), *of("files-find", "", query=f"?q={words}")),
        "files-search": (
            *of("files-search", ""),
            *of("files-search", "", query=f"?q={words}"),
            *of("files-search", "", query="?q=(&regex=1"),
            *of("files-search", "", query="?q=e"),
        ),
        "files-tree": of("files-tree", changed, *files),
        "annotate": of("annotate", changed, *files),
        "raw": (*of("raw", *files), *of("raw", *books, query="?cell=3&output=2")),
        "rawfile": of("rawfile", *files),
        "archive": tuple(f"{start}/archive/{commit}.{ending}" for ending in ("zip", "tar.gz")),
        "statistics": (f"{start}/statistics", f"{start}/statistics?year=2025"),
        "branches": (f"{start}/branches", f"{start}/branches?f={words}"),
        "refs-menu": (f"{start}/refs-menu", f"{start}/refs-menu?q={words}"),
        "changelog": (
            f"{start}/changelog",
            *of("changelog", changed, *files),
            *of("changelog", *files, query="?lines=1-2"),
            *of("changelog", changed, query="?lines=99998-99999"),
            *of("changelog", "", query=f"?at={branch}"),
            f"{start}/changelog?text={words}",
            f"{start}/changelog?text=nothing-says-so",
            f"{start}/changelog?text={commit}",
            f"{start}/changelog?author={words}",
            f"{start}/changelog?all=1",
            f"{start}/changelog?branch={branch}",
        ),
        "changelog-count": of("changelog-count", "", changed),
        "changeset": (
            *of("changeset", ""),
            f"{start}/changeset/{place.merge_id}?parent=combined",
            *of("changeset", "", query="?layout=split"),
        ),
        # of the parent both the commit and the side that was merged with it, of the merge none
        "changeset-children": tuple(f"{start}/changeset-children/{one}" for one in (place.parent_id, place.merge_id)),
        "changeset-file": (*of("changeset-file", changed), *of("changeset-file", changed, query="?part=1")),
        "changeset-lines": of("changeset-lines", changed, query="?old=1&new=1"),
        "changeset-diff": of("changeset-diff", "", changed),
        "compare": (
            f"{start}/compare/{span}",
            f"{start}/compare",
            f"{start}/compare?base={branch}&tip={branch}",
            f"{start}/compare?other_repo={other}",
            f"{start}/compare/{branch}...{commit}?layout=split",
        ),
        "compare-file": (f"{start}/compare-file/{span}/{changed}", f"{start}/compare-file/{span}/{changed}?part=1"),
        "compare-lines": (f"{start}/compare-lines/{span}/{changed}?old=1&new=1",),
        "compare-diff": (f"{start}/compare-diff/{span}",),
        "edit": of("edit", changed, *files, query=f"?at={branch}"),
        "add": of("add", "", folder, query=f"?at={branch}"),
        "upload": of("upload", "", folder, query=f"?at={branch}"),
        "delete": of("delete", changed, query=f"?at={branch}"),
    }
    return {(RepositoryContext, name): found for name, found in addresses.items()}
