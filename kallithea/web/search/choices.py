"""What somebody has chosen on the page of a search, and the addresses of other choices."""

from collections.abc import Callable
from dataclasses import dataclass

from kallithea.core.words import _
from kallithea.search.documents import DocumentKind
from kallithea.search.finding import Found
from kallithea.services.search import KINDS
from kallithea.web.request import Request

#: Names that are shown beside a choice of many.
MOST_CHOICES = 12

_WORDS = {
    DocumentKind.CODE: ("code", _("Code")),
    DocumentKind.FILE: ("files", _("File names")),
    DocumentKind.COMMIT: ("changesets", _("Changesets")),
    DocumentKind.REPOSITORY: ("repositories", _("Repositories")),
}
# As in addresses of Kallithea 0.7.
_OLD_WORDS = {"content": DocumentKind.CODE, "path": DocumentKind.FILE, "commit": DocumentKind.COMMIT}


@dataclass(frozen=True, slots=True)
class Choices:
    """The query as it was written, the kind, one repository, language, system and branch: empty for all."""

    text: str
    kind: DocumentKind
    repository: str
    language: str
    system: str
    branch: str

    def address(self, base: Callable[..., str], **changed: str | int | None) -> str:
        """The page with the same choices but for those that are named."""
        values: dict[str, str | int | None] = {
            "q": self.text,
            "type": _WORDS[self.kind][0] if self.kind is not DocumentKind.CODE else None,
            "r": self.repository or None,
            "l": self.language or None,
            "k": self.system or None,
            "b": self.branch or None,
        }
        return base(**(values | changed))


@dataclass(frozen=True, slots=True)
class KindTab:
    """A kind of what was found."""

    label: str
    count: int
    address: str
    current: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a facet, how many hits there are, and the address that chooses it or takes it back."""

    label: str
    count: int
    address: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """The values with the most hits, with the chosen one, and how many others there are."""

    choices: tuple[Choice, ...] = ()
    others: int = 0


def read_choices(request: Request) -> Choices:
    """What the address says."""
    kinds = _OLD_WORDS | {word: kind for kind, (word, _label) in _WORDS.items()}
    kind = kinds.get(request.query.get("type", ""), DocumentKind.CODE)
    return Choices(_read_text(request), kind, *(request.query_text(name) for name in ("r", "l", "k", "b")))


def _read_text(request: Request) -> str:
    """The query, of any length: one that is too long is told so."""
    text = request.query.get("q", "").encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return " ".join(text.replace("\0", "").split())


def make_tabs(choices: Choices, base: Callable[..., str], found: Found) -> tuple[KindTab, ...]:
    """All kinds."""
    return tuple(
        KindTab(
            _WORDS[kind][1],
            found.kinds.get(kind, 0),
            choices.address(base, type=_WORDS[kind][0], l=None),
            kind is choices.kind,
        )
        for kind in KINDS
    )


def make_choices(
    choices: Choices, base: Callable[..., str], name: str, chosen: str, counted: list[tuple[str, int]]
) -> Facet:
    """The values of one name of the address, the chosen one among those that are shown."""
    shown = counted[:MOST_CHOICES] + [row for row in counted[MOST_CHOICES:] if row[0] == chosen]
    return Facet(
        tuple(
            Choice(label, count, choices.address(base, **{name: None if label == chosen else label}), label == chosen)
            for label, count in shown
        ),
        len(counted) - len(shown),
    )
