"""Addresses to clone from, as administrators of the site write them: texts with names in braces."""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from kallithea.core.words import _

#: What can stand in braces. ``netloc`` is the host with its port, ``repo`` the path, ``repoid`` one that never changes.
NAMES = ("scheme", "netloc", "hostname", "user", "repo", "repoid")
_NAME = re.compile(r"\{([^{}]*)\}")
_SAMPLE = dict.fromkeys(NAMES, "x") | {"scheme": "https"}
_SCHEMES = ("http", "https")


def fill_address(template: str, values: Mapping[str, str]) -> str:
    """The address. Without a user there is none before the host."""
    filled = _NAME.sub(lambda found: values[found[1]], template)
    return filled if values["user"] else filled.replace("://@", "://", 1)


def find_address_problem(template: str) -> str | None:
    """What is wrong with a template, or None. An empty one is none."""
    names = ", ".join(f"{{{name}}}" for name in NAMES)
    unknown = set(_NAME.findall(template)) - set(NAMES)
    if unknown or "{" in _NAME.sub("", template) or "}" in _NAME.sub("", template):
        return _("in braces there can be %(names)s", names=names)
    if template and not {"repo", "repoid"}.intersection(_NAME.findall(template)):
        return _("it must say which repository: write {repo} or {repoid}")
    if template and (not template.isprintable() or " " in template or not _is_address(template)):
        return _("write an address that begins with http:// or https://, such as {scheme}://{user}@{netloc}/{repo}")
    return None


def _is_address(template: str) -> bool:
    try:
        parts = urlsplit(fill_address(template, _SAMPLE))
    except ValueError:
        return False
    return parts.scheme in _SCHEMES and bool(parts.hostname)
