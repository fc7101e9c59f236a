"""What a Git repository elsewhere has, and what of it is taken: branches and tags with names as pushes may have."""

import pathlib
from collections.abc import Mapping
from dataclasses import dataclass

from kallithea.core.words import _
from kallithea.vcs.git.push_rules import find_update_problem
from kallithea.vcs.git.ref_files import is_possible_name
from kallithea.vcs.git.refs import HEADS, TAGS
from kallithea.vcs.git.remote_channel import Channel
from kallithea.vcs.git.remote_process import run_remote_git
from kallithea.vcs.opener import VcsOptions
from kallithea.vcs.remote import RemoteError, RemoteSource
from kallithea.vcs.remote_guard import Guard
from kallithea.vcs.types import RefUpdate

_SYMBOLIC = b"ref: "
_PEELED = b"^{}"
_IDS = {40: "sha1", 64: "sha256"}


@dataclass(frozen=True, slots=True)
class RemoteRefs:
    """``head`` is the full name of the branch that HEAD names, None where it names none that is taken.

    ``refused`` are branches and tags that are not taken, each with the reason; ``others`` counts the refs that are
    neither. ``object_format`` is None where there is no ref that tells.
    """

    refs: Mapping[bytes, str]
    head: bytes | None
    refused: Mapping[bytes, str]
    others: int
    object_format: str | None


def list_remote_refs(
    options: VcsOptions, folder: pathlib.Path, channel: Channel, source: RemoteSource, guard: Guard
) -> RemoteRefs:
    """Ask a repository elsewhere for its refs; ``folder`` is any repository here. Raises RemoteError."""
    arguments = ("ls-remote", "--quiet", "--symref", "--", channel.url)
    return parse_remote_refs(run_remote_git(options, folder, arguments, channel, source, guard))


def parse_remote_refs(output: bytes) -> RemoteRefs:
    """From what ``git ls-remote --symref`` says. Raises RemoteError."""
    refs: dict[bytes, str] = {}
    refused: dict[bytes, str] = {}
    head, others, formats = None, 0, set[str | None]()
    for line in output.splitlines():
        value, _tab, name = line.partition(b"\t")
        if value.startswith(_SYMBOLIC):
            head = value.removeprefix(_SYMBOLIC) if name == b"HEAD" else head
            continue
        formats.add(_IDS.get(len(value)))
        if name == b"HEAD" or name.endswith(_PEELED):
            continue
        if not name.startswith((HEADS, TAGS)):
            others += 1
        elif (words := _find_problem(name)) is not None:
            refused[name] = words
        else:
            refs[name] = value.decode("ascii", "replace")
    if formats not in ({"sha1"}, {"sha256"}, set()):
        raise RemoteError(_("The other site names objects in a way that git does not know."))
    return RemoteRefs(refs, head if head in refs else None, refused, others, next(iter(formats), None))


def _find_problem(name: bytes) -> str | None:
    words = find_update_problem(RefUpdate(name, None, "new"))
    if words is None and not is_possible_name(name):
        words = _("git does not allow the name")
    return words
