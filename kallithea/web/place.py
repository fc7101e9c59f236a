"""What a path leads to."""

from dataclasses import dataclass

from kallithea.web.context import Context
from kallithea.web.pages import PageRule


@dataclass(frozen=True, slots=True)
class Place:
    """What a path leads to: the context, the name of a page below it, and that page's rule."""

    context: Context
    name: str
    rule: PageRule
