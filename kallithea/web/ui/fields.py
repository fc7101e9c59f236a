"""Fields of forms."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TextField:
    """A field of one line, shown by ``_text_field.mako``. ``problem`` says what is wrong with it; empty: nothing is.

    ``kind`` and ``autocomplete`` are HTML's; ``longest`` counts characters.
    """

    name: str
    label: str
    value: str = ""
    problem: str = ""
    hint: str = ""
    kind: str = "text"
    required: bool = False
    autocomplete: str = "off"
    longest: int = 255

    @property
    def id(self) -> str:
        """The id of the field in its page."""
        return f"f-{self.name}"
