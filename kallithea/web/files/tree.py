"""The folders around a file: the column beside it, which is fetched where there is room for it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kallithea.core.words import _n
from kallithea.render.text import one_line
from kallithea.services.revisions import Revision
from kallithea.vcs.backend import Repository
from kallithea.vcs.types import EntryKind, TreeEntry
from kallithea.web.contents import find, open_contents
from kallithea.web.context import RepositoryContext
from kallithea.web.request import Request
from kallithea.web.ui.trees import ICONS

#: Entries shown of each folder.
TREE_LIMIT = 200


@dataclass(frozen=True, slots=True)
class TreeNode:
    """A name in the tree. A folder on the way to the file is open and has children; others are links."""

    name: str
    icon: str
    address: str
    current: bool
    children: tuple["TreeNode", ...] | None


@dataclass(frozen=True, slots=True)
class TreePage:
    """The root folder, with the folders above the file opened."""

    nodes: tuple[TreeNode, ...]


def show_tree(context: RepositoryContext, request: Request) -> TreePage:
    """The folders around a path of a commit."""
    encodings = request.application.settings.default_encoding
    with open_contents(context, request) as repository:
        found = find(context, request, repository)
        address = request.links.maker("files", context.path, found.commit_id, found.at)
        return TreePage(_read_folder(repository, found, b"", encodings, address))


def _read_folder(
    repository: Repository, found: Revision, folder: bytes, encodings: Sequence[str], address: Callable[[bytes], str]
) -> tuple[TreeNode, ...]:
    def node(entry: TreeEntry) -> TreeNode:
        name = one_line(entry.name, encodings)
        if entry.kind is EntryKind.FOLDER and found.path.startswith(entry.path + b"/"):
            children = _read_folder(repository, found, entry.path, encodings, address)
            return TreeNode(name, "file-directory-open-fill", address(entry.path), False, children)
        return TreeNode(name, ICONS[entry.kind], address(entry.path), entry.path == found.path, None)

    entries = repository.folder(found.commit_id, folder)
    shown = entries[:TREE_LIMIT]
    on_the_way = [entry for entry in entries[TREE_LIMIT:] if (found.path + b"/").startswith(entry.path + b"/")]
    nodes = [node(entry) for entry in (*shown, *on_the_way)]
    left_out = len(entries) - len(nodes)
    if left_out:
        nodes.append(
            TreeNode(_n("%(count)s more", "%(count)s more", left_out), "kebab-horizontal", address(folder), False, None)
        )
    return tuple(nodes)
