"""Addresses of the pages on this site. Paths and refs are bytes; every link to contents carries a full commit id."""

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote, quote_from_bytes, urlencode

_SAFE = "/@:+,~!*()'$="


@dataclass(frozen=True, slots=True)
class Links:
    """``prefix`` is the path at which the application is mounted; ``base`` the whole address of that."""

    prefix: str
    base: str

    def page(self, path: str, /, **query: str | bytes | int | None) -> str:
        """A page of the site itself, such as ``_admin/login``; query values that are None are left out."""
        return f"{self.prefix}/{_quote(path)}{_query(query)}"

    def home(self, **query: str | bytes | int | None) -> str:
        """The list of repositories."""
        return self.page("", **query)

    def repository(self, repository: str, verb: str = "", /, **query: str | bytes | int | None) -> str:
        """A page of a repository; also a group's page, which has no verb."""
        return self.page(f"{repository}/{verb}" if verb else repository, **query)

    def group_page(self, group: str, name: str, /, **query: str | bytes | int | None) -> str:
        """A page of a group beside the one at its own path, such as ``edit/permissions``."""
        return self.page(f"_admin/repo_groups/{group}/{name}", **query)

    def maker(
        self,
        verb: str,
        repository: str,
        commit_id: str,
        at: bytes | None = None,
        query: Mapping[str, str | bytes | int | None] = {},
    ) -> Callable[[bytes], str]:
        """What makes the address of a path of one commit: for pages with many of them."""
        before, after = self._contents(verb, repository, commit_id, b""), _query({"at": at, **query})
        return lambda path: f"{before}/{quote_from_bytes(path, safe=_SAFE)}{after}" if path else before + after

    def files(
        self,
        repository: str,
        commit_id: str,
        path: bytes = b"",
        at: bytes | None = None,
        page: int | None = None,
        view: str | None = None,
    ) -> str:
        """A folder or file of a commit; ``at`` is the ref by which the visitor came to it.

        ``view`` is ``source`` for the lines of a file that is shown as a document otherwise.
        """
        return self._contents("files", repository, commit_id, path, at=at, page=page, view=view)

    def lines(
        self,
        repository: str,
        commit_id: str,
        path: bytes,
        at: bytes | None = None,
        first: int = 1,
        view: str | None = None,
    ) -> str:
        """The page of a file whose lines begin with the one of this number."""
        query = {"from": first if first > 1 else None}
        return self._contents("files", repository, commit_id, path, at=at, view=view, **query)

    def files_tree(self, repository: str, commit_id: str, path: bytes, at: bytes | None = None) -> str:
        """The folders around a path, as a part of a page."""
        return self._contents("files-tree", repository, commit_id, path, at=at)

    def files_find(self, repository: str, commit_id: str, at: bytes | None = None) -> str:
        """The form that finds a file of a commit by its name."""
        return self._contents("files-find", repository, commit_id, b"", at=at)

    def files_search(
        self, repository: str, commit_id: str = "", at: bytes | None = None, **question: str | bytes | int | None
    ) -> str:
        """The form that looks through the lines of a commit's files; ``question`` are its fields."""
        return self._contents("files-search", repository, commit_id, b"") + _query({"at": at, **question})

    def files_names(self, repository: str, commit_id: str) -> str:
        """The names of all files of a commit, for a script."""
        return self._contents("files-names", repository, commit_id, b"")

    def annotate(  # the parts of an address
        self,
        repository: str,
        commit_id: str,
        path: bytes,
        at: bytes | None = None,
        page: int = 1,
        query: Mapping[str, str | bytes | int | None] = {},
    ) -> str:
        """The lines of a file and who wrote them, in the way that the rest of the query says."""
        first = {"at": at, "page": page if page > 1 else None}
        return self._contents("annotate", repository, commit_id, path, **first, **query)

    def files_changes(self, repository: str, commit_id: str, path: bytes, page: int | None = None) -> str:
        """The last changes of a folder's entries, as a part of a page."""
        return self._contents("files-changes", repository, commit_id, path, page=page)

    def files_own_change(self, repository: str, commit_id: str, path: bytes) -> str:
        """The last change of a path itself, as a part of a page."""
        return self._contents("files-changes", repository, commit_id, path, of=b"path")

    def files_with_changes(self, repository: str, commit_id: str, path: bytes, page: int | None = None) -> str:
        """A folder with the last changes of its entries, however long they take to find."""
        return self._contents("files-with-changes", repository, commit_id, path, page=page)

    def raw(self, repository: str, commit_id: str, path: bytes, **part: int) -> str:
        """The bytes of a file, to look at; ``part``, of a notebook those of the picture ``output`` of a ``cell``."""
        return self._contents("raw", repository, commit_id, path, **part)

    def download(self, repository: str, commit_id: str, path: bytes) -> str:
        """The bytes of a file, to keep."""
        return self._contents("rawfile", repository, commit_id, path)

    def change(
        self, verb: str, repository: str, commit_id: str = "", path: bytes = b"", at: bytes | None = None
    ) -> str:
        """A form that changes files: ``edit``, ``add``, ``upload`` or ``delete``; ``at`` is the branch it moves."""
        return self._contents(verb, repository, commit_id, path, at=at)

    def archive(self, repository: str, commit_id: str, ending: str, folder: bytes = b"") -> str:
        """A commit, or a folder of it, in one file."""
        return self.repository(repository, f"archive/{commit_id}.{ending}", path=folder)

    def changelog(
        self,
        repository: str,
        commit_id: str = "",
        path: bytes = b"",
        at: bytes | None = None,
        page: int | None = None,
        **question: str | bytes | int | None,
    ) -> str:
        """The history up to a commit, of everything or of one path; ``question`` are fields of the form above it."""
        return self._contents("changelog", repository, commit_id, path, at=at, page=page, **question)

    def changeset(self, repository: str, commit_id: str, **query: str | bytes | int | None) -> str:
        """One commit."""
        return self.repository(repository, f"changeset/{commit_id}", **query)

    def compare(
        self, repository: str, base: bytes, tip: bytes, *, direct: bool = False, **query: str | bytes | int | None
    ) -> str:
        """What lies between two commits: ``base...tip``, or ``direct`` with two dots."""
        names = quote_from_bytes(base + (b".." if direct else b"...") + tip, safe=_SAFE)
        return f"{self.repository(repository, 'compare')}/{names}{_query(query)}"

    def avatar(self, code: str) -> str:
        """The picture that stands for a person."""
        return self.page(f"_avatar/{code}")

    def absolute(self, address: str) -> str:
        """The whole address of one that was made here, for use outside of pages."""
        return f"{self.base}{address.removeprefix(self.prefix)}"

    def _contents(
        self, verb: str, repository: str, commit_id: str, path: bytes, **query: str | bytes | int | None
    ) -> str:
        parts = [_quote(f"{repository}/{verb}"), commit_id, quote_from_bytes(path, safe=_SAFE)]
        return f"{self.prefix}/{'/'.join(part for part in parts if part)}{_query(query)}"


# A page has a hundred addresses, most of which all pages of the site or of the repository have. They may be as long as
# a visitor likes, so that only a few are kept.
_KEPT = 512


@functools.lru_cache(_KEPT)
def _quote(path: str) -> str:
    return quote(path, safe=_SAFE)


def _query(values: Mapping[str, str | bytes | int | None]) -> str:
    given = tuple([(name, value) for name, value in values.items() if value is not None and value not in ("", b"")])
    return _encode(given) if given else ""


@functools.lru_cache(_KEPT)
def _encode(values: tuple[tuple[str, str | bytes | int], ...]) -> str:
    return f"?{urlencode(values)}"
