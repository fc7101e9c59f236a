"""Settings of the site that are read together: what pages look like, and what new repositories have."""

import dataclasses
import datetime
from collections.abc import Mapping

from sqlalchemy.orm import Session

from kallithea.core.actor import Actor
from kallithea.core.errors import ConflictError, InvalidError
from kallithea.core.site_documents import (
    LOOKS,
    REPOSITORY_DEFAULTS,
    IssueRule,
    Looks,
    RepositoryDefaults,
    SiteDocument,
    mark_of,
    pack,
    unpack_looks,
    unpack_repository_defaults,
)
from kallithea.core.words import _, _n
from kallithea.model.setting import Setting, find_setting
from kallithea.render.issue_rules import find_rule_problem
from kallithea.services.audit import Audit
from kallithea.services.insertion import insert

MOST_RULES = 20
_LONGEST_TITLE = 60
_LENGTHS = (10, 200)
_LONGEST_RULE = 500


class SiteDocuments:
    """Reads and changes them. Every process sees a change at its next request."""

    def __init__(self, session: Session, now: datetime.datetime, audit: Audit) -> None:
        self._session = session
        self._now = now
        self._audit = audit

    @property
    def looks(self) -> Looks:
        """What pages are made with."""
        row = self._session.get(Setting, LOOKS)
        return unpack_looks(None if row is None else row.value)

    @property
    def repository_defaults(self) -> RepositoryDefaults:
        """What new repositories have."""
        row = self._session.get(Setting, REPOSITORY_DEFAULTS)
        return unpack_repository_defaults(None if row is None else row.value)

    def change_looks(self, actor: Actor, was: str, change: Mapping[str, object]) -> None:
        """Change some of what pages are made with, if it still is what somebody saw, by ``mark_of``.

        Raises InvalidError with the problems by the names of ``Looks``, those of rules as ``issues-NUMBER``, and
        ConflictError.
        """
        row = self._locked(LOOKS)
        looks = unpack_looks(None if row is None else row.value)
        wanted = dataclasses.replace(looks, **change)  # type: ignore[arg-type]
        problems = _find_problems(wanted)
        if problems:
            raise InvalidError(problems)
        self._store(actor, LOOKS, row, looks, wanted, was, change)

    def change_repository_defaults(self, actor: Actor, was: str, wanted: RepositoryDefaults) -> None:
        """Change what new repositories have, if it still is what somebody saw. Raises InvalidError, ConflictError."""
        if wanted.kind not in ("git", "hg"):
            raise InvalidError({"kind": _("choose git or hg")})
        row = self._locked(REPOSITORY_DEFAULTS)
        found = unpack_repository_defaults(None if row is None else row.value)
        self._store(actor, REPOSITORY_DEFAULTS, row, found, wanted, was, dataclasses.asdict(wanted))

    def _locked(self, name: str) -> Setting | None:
        return self._session.scalar(find_setting(name).with_for_update())

    def _store(
        self,
        actor: Actor,
        name: str,
        row: Setting | None,
        found: SiteDocument,
        wanted: SiteDocument,
        was: str,
        change: Mapping[str, object],
    ) -> None:
        words = _("Somebody else has changed the settings meanwhile. Look again.")
        if was != mark_of(found, change):
            raise ConflictError(words)
        changed = [key for key in change if getattr(found, key) != getattr(wanted, key)]
        if not changed:
            return
        if row is None:
            insert(self._session, Setting(name=name, value=pack(wanted), changed=self._now), words)
        else:
            row.value, row.changed = pack(wanted), self._now
        before, after = ({key: _shown(getattr(one, key)) for key in changed} for one in (found, wanted))
        self._audit.add(actor, "setting.set", f"setting:{name}", before=before, after=after)


def _find_problems(looks: Looks) -> dict[str, str]:
    problems: dict[str, str] = {}
    if len(looks.title) > _LONGEST_TITLE or not looks.title.isprintable():
        problems["title"] = _("write one line of at most %(count)s characters", count=_LONGEST_TITLE)
    if not _LENGTHS[0] <= looks.list_length <= _LENGTHS[1]:
        problems["list_length"] = _("write a number from %(least)s to %(most)s", least=_LENGTHS[0], most=_LENGTHS[1])
    if len(looks.issues) > MOST_RULES:
        problems["issues"] = _n("write at most %(count)s pattern", "write at most %(count)s patterns", MOST_RULES)
    for number, rule in enumerate(looks.issues):
        problem = _find_rule_problem(rule)
        if problem is not None:
            problems[f"issues-{number}"] = problem
    return problems


def _find_rule_problem(rule: IssueRule) -> str | None:
    if max(map(len, (rule.pattern, rule.address, rule.text))) > _LONGEST_RULE:
        return _("use at most %(count)s characters in each field", count=_LONGEST_RULE)
    return find_rule_problem(rule)


def _shown(value: object) -> object:
    return [" ".join((one.pattern, one.address, one.text)) for one in value] if isinstance(value, tuple) else value
