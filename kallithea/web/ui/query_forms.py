"""Forms that filter lists, as the query of their pages has them."""

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class QueryForm:
    """The fields as text, each by the name that it has in the query."""

    @property
    def query(self) -> dict[str, str | None]:
        """The fields that are filled in, for addresses."""
        return {field.name: getattr(self, field.name) or None for field in fields(self)}

    @property
    def is_empty(self) -> bool:
        """Whether everything is meant."""
        return not any(self.query.values())
