"""Every setting of the site by a name and as a text, as the command line has them."""

import dataclasses
import json
from collections.abc import Mapping
from types import MappingProxyType

from kallithea.core.actor import Actor
from kallithea.core.errors import InvalidError
from kallithea.core.record_marks import mark_of
from kallithea.core.site_documents import IssueRule, Looks, RepositoryDefaults, values_of
from kallithea.core.words import _
from kallithea.model.setting import NETWORKS
from kallithea.services.allow_lists import AllowLists
from kallithea.services.settings import SiteSetting, SiteSettings
from kallithea.services.site_documents import SiteDocuments

_MOST_DIGITS = 6
_TRUTH = {"true": True, "false": False}

#: Fields of documents by the names that they have here.
_LOOKS: Mapping[str, str] = MappingProxyType(
    {field.name.replace("_", "-"): field.name for field in dataclasses.fields(Looks)}
)
_DEFAULTS: Mapping[str, str] = MappingProxyType(
    {f"new-{field.name}": field.name for field in dataclasses.fields(RepositoryDefaults)}
)
NAMES: tuple[str, ...] = (*(name.value for name in SiteSetting), NETWORKS, *_LOOKS, *_DEFAULTS)


class SiteValues:
    """Reads and changes settings, for somebody on the server itself.

    A list is JSON, a switch ``true`` or ``false``; networks have blanks between them, and none stands for all.
    """

    def __init__(self, settings: SiteSettings, documents: SiteDocuments, allow_lists: AllowLists) -> None:
        self._settings = settings
        self._documents = documents
        self._allow_lists = allow_lists

    def get(self, name: str) -> str:
        """What the setting is, also where nobody has set it. Raises InvalidError for an unknown name."""
        if name in set(SiteSetting):
            return self._settings.effective(SiteSetting(name))
        if name == NETWORKS:
            return self._settings.networks
        document, key = self._find(name)
        return _say(getattr(document, key))

    def set_(self, actor: Actor, name: str, text: str) -> None:
        """Change a setting. Raises InvalidError for an unknown name and for a value that the setting cannot have."""
        if name in set(SiteSetting):
            self._settings.set_(actor, name, text)
            return
        if name == NETWORKS:
            self._allow_lists.set_for_site(actor, text)
            return
        document, key = self._find(name)
        change = {key: _parse(getattr(document, key), text)}
        was = mark_of(values_of(document, change))
        if isinstance(document, Looks):
            self._documents.change_looks(actor, was, change)
        else:
            wanted = dataclasses.replace(document, **change)  # type: ignore[arg-type]
            was = mark_of(values_of(document, dataclasses.asdict(document)))
            self._documents.change_repository_defaults(actor, was, wanted)

    def _find(self, name: str) -> tuple[Looks | RepositoryDefaults, str]:
        if name in _LOOKS:
            return self._documents.looks, _LOOKS[name]
        if name in _DEFAULTS:
            return self._documents.repository_defaults, _DEFAULTS[name]
        names = ", ".join(NAMES)
        raise InvalidError({"name": _("there is no setting '%(name)s'; there are: %(names)s", name=name, names=names)})


def _say(value: object) -> str:
    if isinstance(value, tuple):
        return json.dumps([dataclasses.asdict(rule) for rule in value])
    return str(value).lower() if isinstance(value, bool) else str(value)


def _parse(found: object, text: str) -> object:
    if isinstance(found, tuple):
        return _parse_rules(text)
    if isinstance(found, bool):
        if text not in _TRUTH:
            raise InvalidError({"value": _("write one of %(values)s", values=", ".join(_TRUTH))})
        return _TRUTH[text]
    if isinstance(found, int):
        if not (text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS):
            raise InvalidError({"value": _("write a number")})
        return int(text)
    return text


def _parse_rules(text: str) -> tuple[IssueRule, ...]:
    try:
        rules = tuple(IssueRule(**rule) for rule in json.loads(text))
    except (ValueError, TypeError) as problem:
        words = _('write a JSON list such as [{"pattern": "#[0-9]+", "address": "https://example.org/{repo}"}]')
        raise InvalidError({"value": words}) from problem
    if not all(isinstance(part, str) for rule in rules for part in dataclasses.astuple(rule)):
        raise InvalidError({"value": _("pattern, address and text of each rule are texts")})
    return rules
