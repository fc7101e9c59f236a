"""Rules of administrators about what names issues in texts: what is wrong with one, and patterns made of them."""

import functools

from kallithea.core.errors import KallitheaError
from kallithea.core.site_documents import IssueRule
from kallithea.core.words import Text, _
from kallithea.render.issue_links import BEGINNINGS, IssuePattern, IssuePatterns, compile_expression, missing_groups


class RuleError(KallitheaError):
    """A rule that cannot be one; the text says why."""

    def __init__(self, text: Text) -> None:
        super().__init__(text)
        self.text = text


def find_rule_problem(rule: IssueRule) -> Text | None:
    """What is wrong with a rule, or None."""
    try:
        _make(rule)
    except RuleError as problem:
        return problem.text
    return None


@functools.lru_cache(maxsize=16)
def make_patterns(rules: tuple[IssueRule, ...]) -> IssuePatterns:
    """The patterns of the rules; one that another version has accepted and this one would not is left out."""
    return tuple(_make(rule) for rule in rules if find_rule_problem(rule) is None)


def _make(rule: IssueRule) -> IssuePattern:
    if not (rule.pattern and rule.address):
        raise RuleError(_("write both a pattern and an address"))
    if not rule.address.startswith(BEGINNINGS):
        raise RuleError(_("write an address that begins with http://, https:// or /"))
    try:
        expression = compile_expression(rule.pattern)
    except ValueError as problem:
        raise RuleError(_("this is no expression of RE2: %(problem)s", problem=str(problem))) from problem
    missing = missing_groups(expression, rule.address, rule.text)
    if missing:
        raise RuleError(_("the pattern has no group %(group)s", group=missing[0]))
    return IssuePattern(rule.pattern, rule.address, rule.text, expression)
