"""Settings of the site that are read together: what pages look like, and what new repositories have."""

import dataclasses
import datetime
from collections.abc import Mapping

from sqlalchemy.orm import Session

from kallithea.core.actor import Actor
from kallithea.core.clone_addresses import find_address_problem
from kallithea.core.errors import InvalidError
from kallithea.core.record_marks import find_change
from kallithea.core.site_documents import (
    LOOKS,
    REPOSITORY_DEFAULTS,
    IssueRule,
    Looks,
    RepositoryDefaults,
    SiteDocument,
    pack,
    unpack_looks,
    unpack_repository_defaults,
    values_of,
)
from kallithea.core.words import _, _n
from kallithea.model.setting import Setting, locked_setting
from kallithea.render.issue_rules import find_rule_problem
from kallithea.services.audit import Audit
from kallithea.services.insertion import insert

MOST_RULES = 20
_LONGEST_TITLE = 60
_LENGTHS = (10, 200)
_LONGEST_RULE = 500
_LONGEST_LANDING = 200
_TOO_LONG = _("use at most %(count)s characters in each field", count=_LONGEST_RULE)


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

    def change_looks(self, actor: Actor, was: str | None, change: Mapping[str, object]) -> None:
        """Change some of what pages are made with, if it still is what somebody saw, by its mark.

        Raises InvalidError with the problems by the names of ``Looks``, those of rules as ``issues-NUMBER``, and
        ChangedMeanwhileError. Without a mark nothing is asked.
        """
        row = self._locked(LOOKS)
        looks = unpack_looks(None if row is None else row.value)
        wanted = dataclasses.replace(looks, **change)  # type: ignore[arg-type]
        problems = _find_problems(wanted)
        if problems:
            raise InvalidError(problems)
        self._store(actor, LOOKS, row, looks, wanted, was, change)

    def change_repository_defaults(self, actor: Actor, was: str | None, wanted: RepositoryDefaults) -> None:
        """Change what new repositories have, if it still is what somebody saw.

        Raises InvalidError, ChangedMeanwhileError. Without a mark nothing is asked.
        """
        problems = _find_problems_of_defaults(wanted)
        if problems:
            raise InvalidError(problems)
        row = self._locked(REPOSITORY_DEFAULTS)
        found = unpack_repository_defaults(None if row is None else row.value)
        self._store(actor, REPOSITORY_DEFAULTS, row, found, wanted, was, dataclasses.asdict(wanted))

    def _locked(self, name: str) -> Setting | None:
        return self._session.scalar(locked_setting(name))

    def _store(
        self,
        actor: Actor,
        name: str,
        row: Setting | None,
        found: SiteDocument,
        wanted: SiteDocument,
        was: str | None,
        change: Mapping[str, object],
    ) -> None:
        before, after = find_change(values_of(found, change), values_of(wanted, change), was)
        if not after:
            return
        if row is None:
            words = _("Somebody else has changed the settings meanwhile. Look again.")
            insert(self._session, Setting(name=name, value=pack(wanted), changed=self._now), words)
        else:
            row.value, row.changed = pack(wanted), self._now
        self._audit.add(actor, "setting.set", f"setting:{name}", before=before, after=after)


def _find_problems(looks: Looks) -> dict[str, str]:
    problems: dict[str, str] = {}
    if len(looks.title) > _LONGEST_TITLE or not looks.title.isprintable():
        problems["title"] = _("write one line of at most %(count)s characters", count=_LONGEST_TITLE)
    for name in ("list_length", "admin_list_length"):
        if not _LENGTHS[0] <= getattr(looks, name) <= _LENGTHS[1]:
            problems[name] = _("write a number from %(least)s to %(most)s", least=_LENGTHS[0], most=_LENGTHS[1])
    problem = find_address_problem(looks.clone_address) if len(looks.clone_address) <= _LONGEST_RULE else _TOO_LONG
    if problem is not None:
        problems["clone_address"] = problem
    if len(looks.issues) > MOST_RULES:
        problems["issues"] = _n("write at most %(count)s pattern", "write at most %(count)s patterns", MOST_RULES)
    for number, rule in enumerate(looks.issues):
        problem = _find_rule_problem(rule)
        if problem is not None:
            problems[f"issues-{number}"] = problem
    return problems


def _find_problems_of_defaults(wanted: RepositoryDefaults) -> dict[str, str]:
    problems: dict[str, str] = {}
    if wanted.kind not in ("git", "hg"):
        problems["kind"] = _("choose git or hg")
    if len(wanted.landing) > _LONGEST_LANDING or not wanted.landing.isprintable():
        problems["landing"] = _("write a name of at most %(count)s printable characters", count=_LONGEST_LANDING)
    return problems


def _find_rule_problem(rule: IssueRule) -> str | None:
    if max(map(len, (rule.pattern, rule.address, rule.text))) > _LONGEST_RULE:
        return _TOO_LONG
    return find_rule_problem(rule)
