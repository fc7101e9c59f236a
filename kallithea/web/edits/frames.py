"""What every form that changes files shows around its fields."""

from collections.abc import Sequence
from dataclasses import dataclass

from kallithea.vcs.types import Kind, Ref
from kallithea.vcs.writing import RefTarget
from kallithea.web.context import RepositoryContext
from kallithea.web.edits.conflicts import Conflict
from kallithea.web.request import Request
from kallithea.web.ui.ref_menu import RefLabel, label
from kallithea.web.ui.trees import PathPart, path_parts

_VERBS_OF_FILES = ("edit", "delete")


@dataclass(frozen=True, slots=True)
class OtherBranch:
    """A branch at the same commit, and the form for it."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Frame:
    """Where the visitor is, which branch moves, and where the form goes. ``mercurial``: commits are changesets."""

    repository: str
    root_name: str
    root_address: str
    parts: tuple[PathPart, ...]
    branch: RefLabel
    others: tuple[OtherBranch, ...]
    action: str
    back_address: str
    mercurial: bool


def make_frame(
    context: RepositoryContext,
    request: Request,
    verb: str,
    target: RefTarget,
    path: bytes,
    others: Sequence[Ref] = (),
    conflict: Conflict | None = None,
) -> Frame:
    """The frame of a form that is sent to the page ``verb`` of a path, of the commit of which the form was made.

    After a conflict its links lead to where the branch is now, and past a file that is gone there.
    """
    links, encodings = request.links, request.application.settings.default_encoding
    head = target.expected
    shown = conflict.commit.commit_id if conflict is not None and conflict.commit is not None else head

    is_gone = conflict is not None and conflict.now_address is None and verb in _VERBS_OF_FILES

    def address(place: bytes) -> str:
        if shown is None:
            return links.repository(context.path)
        return links.files(context.path, shown, place, target.name)

    def form(name: bytes) -> str:
        return links.change(verb, context.path, head or "", path, name if head is not None else None)

    return Frame(
        context.path,
        context.name,
        address(b""),
        path_parts(path, encodings, address),
        label(Ref(target.kind, target.name, head or ""), encodings),
        tuple(OtherBranch(label(ref, encodings).name, form(ref.name)) for ref in others),
        form(target.name),
        address(b"" if is_gone else path),
        context.repository.kind == Kind.HG,
    )
