"""Values in tables of comma-separated values that people open with a program for tables."""

#: Such a program takes what begins so for a formula: OWASP, "CSV Injection".
_FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def plain_cell(value: object) -> object:
    """The value; a text that would be a formula gets an apostrophe before it."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULAS) else value
