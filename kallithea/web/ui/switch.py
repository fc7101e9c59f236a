"""Switches made of links."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Choice:
    """One position of a switch: what it is called, the page that shows it, and whether that is this page."""

    words: str
    address: str
    current: bool
