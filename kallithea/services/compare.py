"""Two sides of a history: how an address names them, and how far they are apart."""

import bisect
import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from kallithea.cache.stores import Store
from kallithea.core.words import _
from kallithea.services.history_answers import keep_answer
from kallithea.services.revisions import find_landing, is_full_id
from kallithea.vcs.backend import Repository
from kallithea.vcs.comparison import Comparison
from kallithea.vcs.types import Ref, RefKind, Refs, RevisionNotFoundError

_FORMAT = 1
_DOTS = re.compile(rb"\.\.\.?")
_TYPED = re.compile(rb"(branch|book|tag|rev)@(.+)", re.DOTALL)
_KINDS = {b"branch": RefKind.BRANCH, b"book": RefKind.BOOKMARK, b"tag": RefKind.TAG}


@dataclass(frozen=True, slots=True)
class Span:
    """What an address compares: two names, an empty one for the default ref.

    ``direct``, written with two dots: the two are compared as they are; with three, ``tip`` is compared with the merge
    base of both, which shows what it brings.
    """

    base: bytes
    tip: bytes
    direct: bool = False


@dataclass(frozen=True, slots=True)
class SideName:
    """A name of old addresses, ``type@name``; ``kind`` is None for a commit."""

    kind: RefKind | None
    name: bytes


@dataclass(frozen=True, slots=True)
class End:
    """A commit that is compared, and the ref by which it was asked for, if it was."""

    commit_id: str
    ref: Ref | None


@dataclass(frozen=True, slots=True)
class Apart:
    """How two commits lie to each other. Where they have several merge bases, ``merge_base`` is one of ``bases``."""

    ahead: int
    behind: int
    merge_base: str | None
    bases: int


def parse_span(text: bytes) -> Span | None:
    """``base...tip`` or ``base..tip``; None for what is neither. No ref of Git has two dots in its name."""
    dots = _DOTS.search(text)
    return Span(text[: dots.start()], text[dots.end() :], len(dots[0]) == 2) if dots else None


def parse_typed(span: Span) -> tuple[SideName, SideName] | None:
    """The names of an address as Kallithea wrote them before, None for one of ours."""
    found = [_TYPED.fullmatch(name) for name in (span.base, span.tip)]
    base, tip = (SideName(_KINDS.get(match[1]), match[2]) if match else None for match in found)
    return (base, tip) if base and tip else None


def find_end(repository: Repository, name: bytes, *, landing: bytes | None = None) -> End:
    """The commit of a branch, bookmark, tag, id, prefix or local number; an empty name is that of ``find_landing``.

    Raises RevisionNotFoundError, AmbiguousRevisionError.
    """
    ref = repository.find_ref(name) if name else find_landing(repository, landing)
    if is_full_id(name):
        commit_id = repository.resolve(name)
        return End(commit_id, ref if ref and ref.commit_id == commit_id else None)
    if ref is None and not name:
        raise RevisionNotFoundError(_("The repository is empty."))
    return End(ref.commit_id if ref is not None else repository.resolve(name), ref)


def find_typed(refs: Refs, side: SideName) -> bytes:
    """How our addresses name what an old one did. Raises RevisionNotFoundError."""
    if side.kind is None:
        return side.name
    for ref in _of_kind(refs, side.kind):
        if ref.name == side.name:
            return address_name(ref, refs)
    raise RevisionNotFoundError(_("No branch, bookmark or tag has this name."))


def address_name(ref: Ref, refs: Refs) -> bytes:
    """What names the ref in an address of a comparison: its name, unless that could mean something else there."""
    odd = b".." in ref.name or _TYPED.fullmatch(ref.name) or is_full_id(ref.name) or ref.name.startswith(b"/")
    before = (
        () if ref.kind is RefKind.BRANCH else (refs.branches, refs.bookmarks)[: 2 if ref.kind is RefKind.TAG else 1]
    )
    return ref.commit_id.encode() if odd or any(_has(known, ref.name) for known in before) else ref.name


def read_apart(store: Store, repository_ids: tuple[int, int], comparison: Comparison, base: str, tip: str) -> Apart:
    """How two commits, by full id, lie to each other; it is kept.

    Raises RevisionNotFoundError, LimitExceededError.
    """
    first, second = repository_ids
    key = f"apart:{_FORMAT}:{first}:{second}:{base}:{tip}"
    stored = store.get(key)
    if stored is not None:
        return Apart(**json.loads(stored))
    counts = comparison.ahead_behind(tip, base)
    bases = len(comparison.merge_bases(base, tip))
    found = Apart(counts.ahead, counts.behind, comparison.merge_base(base, tip), bases)
    keep_answer(store, comparison, key, json.dumps(asdict(found)).encode())
    return found


def _of_kind(refs: Refs, kind: RefKind) -> Sequence[Ref]:
    return {RefKind.BRANCH: refs.branches, RefKind.BOOKMARK: refs.bookmarks, RefKind.TAG: refs.tags}[kind]


def _has(refs: Sequence[Ref], name: bytes) -> bool:
    """Whether a ref of this name is among them; they are sorted."""
    place = bisect.bisect_left(refs, name, key=lambda ref: ref.name)
    return place < len(refs) and refs[place].name == name
