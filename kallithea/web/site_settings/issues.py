"""What names issues in texts, and a text to try it with."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from markupsafe import Markup

from kallithea.core.record_marks import mark_of
from kallithea.core.site_documents import IssueRule, values_of
from kallithea.core.words import _
from kallithea.render.issue_links import IssuePatterns
from kallithea.render.issue_rules import find_rule_problem, make_patterns
from kallithea.render.links import TextLinks, link_text
from kallithea.services.scope import Services
from kallithea.services.site_documents import MOST_RULES
from kallithea.services.work import reading, writing
from kallithea.web.answers import Response
from kallithea.web.changing import change_or_show_again
from kallithea.web.context import SiteContext
from kallithea.web.request import Request
from kallithea.web.ui.record_forms import RecordForm, make_record_form, sent_mark

NAME = "_admin/settings/issues"

_SAMPLE = "Fixes HAVEN-42 and PROJECT-7"
_SAMPLE_REPOSITORY = "group/repository"
_LONGEST_SAMPLE = 2000


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule as it was written, and what is wrong with it."""

    number: int
    rule: IssueRule
    problem: str


@dataclass(frozen=True, slots=True)
class IssuesPage:
    """The form, with a row for one more. ``of_ini`` are patterns that are not changed here.

    ``shown`` is the ``sample`` as pages would show it, with what is written in the form.
    """

    rows: tuple[RuleRow, ...]
    of_ini: IssuePatterns
    record: RecordForm
    sample: str
    shown: Markup


@dataclass(frozen=True, slots=True)
class Typed:
    """What was written into the form; rows that are empty are left out."""

    rules: tuple[IssueRule, ...]
    sample: str


def show_issues(context: SiteContext, request: Request) -> IssuesPage:
    """The form with what is stored."""
    return _make_page(request, request.services)


def save_issues(context: SiteContext, request: Request) -> IssuesPage | Response:
    """Save the patterns, or only try them, or show the form again and say what is wrong."""
    typed = _read(request.form)
    if request.form.get("try"):
        problems = {
            f"issues-{number}": problem
            for number, rule in enumerate(typed.rules)
            if (problem := find_rule_problem(rule)) is not None
        }
        with reading(request.application) as services:
            return _make_page(request, services, typed, problems)

    def save() -> str:
        with writing(request.application) as services:
            was = sent_mark(request)
            services.site_documents.change_looks(request.actor, was, {"issues": typed.rules})
        return request.links.page(NAME, saved=1)

    def show_again(services: Services, problems: Mapping[str, str]) -> IssuesPage:
        return _make_page(request, services, typed, problems)

    return change_or_show_again(request, save, show_again, field="")


def _read(form: Mapping[str, str]) -> Typed:
    rows = (
        IssueRule(*(form.get(f"{name}-{number}", "").strip() for name in ("pattern", "address", "text")))
        for number in range(MOST_RULES + 1)
    )
    rules = tuple(rule for rule in rows if rule.pattern or rule.address or rule.text)
    return Typed(rules, form.get("sample", "")[:_LONGEST_SAMPLE])


def _make_page(
    request: Request,
    services: Services,
    typed: Typed | None = None,
    problems: Mapping[str, str] = MappingProxyType({}),
) -> IssuesPage:
    looks = services.site_documents.looks
    form = typed or Typed(looks.issues, _SAMPLE)
    of_ini: IssuePatterns = request.registry.issue_patterns
    rules = form.rules if len(form.rules) >= MOST_RULES else (*form.rules, IssueRule("", ""))
    rows = tuple(RuleRow(number, rule, problems.get(f"issues-{number}", "")) for number, rule in enumerate(rules))
    links = TextLinks(patterns=(*of_ini, *make_patterns(form.rules)), repository=_SAMPLE_REPOSITORY)
    record = make_record_form(request, problems, mark_of(values_of(looks, ["issues"])), _("The settings are saved."))
    if typed is not None and request.form.get("try"):
        # what is only tried keeps what it said as well
        record = replace(record, was=sent_mark(request))
    return IssuesPage(
        rows,
        of_ini,
        record,
        form.sample,
        link_text(form.sample, links),
    )
