"""What a commit is compared with: the parent that the address names, or all of them."""

from collections.abc import Callable
from dataclasses import dataclass

from kallithea.core.errors import NotFoundError
from kallithea.core.words import _
from kallithea.vcs.diff import Sides, against_parent
from kallithea.vcs.types import Commit
from kallithea.web.request import Request
from kallithea.web.ui.diff_options import Query
from kallithea.web.ui.switch import Choice

_COMBINED = "combined"
#: So many parents of a commit have links. Where there are more, the address of a further one can be written.
MOST_PARENTS = 100


@dataclass(frozen=True, slots=True)
class ChosenParent:
    """The parent with a number from 1, or with None all of them at once."""

    number: int | None

    @property
    def query(self) -> Query:
        """What addresses carry: nothing for the first parent."""
        return {"parent": None if self.number == 1 else self.number or _COMBINED}


def read_parent(request: Request, commit: Commit) -> ChosenParent:
    """The parent that the query names; the first one without it. Raises NotFoundError."""
    asked, count = request.query.get("parent", "1"), len(commit.parent_ids)
    if asked == _COMBINED and count > 1:
        return ChosenParent(None)
    if asked == "1":
        return ChosenParent(1)
    if asked.isdecimal() and len(asked) < 4 and 1 < int(asked) <= count:
        return ChosenParent(int(asked))
    raise NotFoundError(_("There is no such parent."))


def sides_of(commit: Commit, chosen: ChosenParent) -> Sides:
    """The commit and the one that it is compared with; for all parents at once the first."""
    return against_parent(commit, chosen.number or 1)


def parent_choices(commit: Commit, chosen: ChosenParent, address: Callable[[Query], str]) -> tuple[Choice, ...]:
    """The switch of a merge; nothing for other commits."""
    if len(commit.parent_ids) < 2:
        return ()
    numbers = [*range(1, min(len(commit.parent_ids), MOST_PARENTS) + 1), None]
    return tuple(
        Choice(
            _("Parent %(number)s", number=number) if number is not None else _("Combined"),
            address(ChosenParent(number).query),
            number == chosen.number,
        )
        for number in numbers
    )
