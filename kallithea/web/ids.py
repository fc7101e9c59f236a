"""Ids of rows as addresses and forms have them."""

from kallithea.web.context import SiteContext

#: Digits of an id, which fit in every engine, and of one in a table of events, which may grow for ever.
USUAL, OF_EVENTS = 9, 18


def parse_id(text: str | bytes, digits: int = USUAL) -> int | None:
    """The id, None for what cannot be one."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else None


def find_id(context: SiteContext) -> int | None:
    """The id that ends the address, None where there is none, or more than that."""
    return parse_id(context.rest[0]) if len(context.rest) == 1 else None
