"""The boxes of a form about what is allowed to a subject."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from kallithea.core.allowances import Allowance

_FIELD = "allow"
_WAS = "was"


@dataclass(frozen=True, slots=True)
class Box:
    """A box to check."""

    allowance: Allowance
    checked: bool


@dataclass(frozen=True, slots=True)
class AllowanceForm:
    """What was seen, and what is chosen instead."""

    before: frozenset[Allowance]
    after: frozenset[Allowance]

    @property
    def was(self) -> str:
        """What was seen, as the form keeps it."""
        return " ".join(sorted(one.value for one in self.before))

    @property
    def boxes(self) -> tuple[Box, ...]:
        """The boxes of the form."""
        return tuple(Box(allowance, allowance in self.after) for allowance in Allowance)


def read_form(form: Mapping[str, str]) -> AllowanceForm:
    """What was sent; what is no allowance is left out."""
    names = {allowance.value for allowance in Allowance if form.get(f"{_FIELD}-{allowance.value}")}
    return AllowanceForm(_parse(form.get(_WAS, "").split()), _parse(names))


def show(given: Collection[Allowance], typed: AllowanceForm | None = None) -> AllowanceForm:
    """The form with what is allowed now, or with what was chosen instead."""
    return AllowanceForm(frozenset(given), frozenset(given) if typed is None else typed.after)


def _parse(names: Collection[str]) -> frozenset[Allowance]:
    return frozenset(allowance for allowance in Allowance if allowance.value in names)
