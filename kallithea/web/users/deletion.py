"""Deleting an account, once it is known what becomes of what it owns."""

from collections.abc import Mapping
from dataclasses import dataclass

from kallithea.core.words import _n
from kallithea.services.scope import Services
from kallithea.services.user_removal import Belongings, Owned
from kallithea.services.work import writing
from kallithea.web.answers import Response
from kallithea.web.changing import change_or_show_again
from kallithea.web.context import SiteContext
from kallithea.web.named_users import find_owner
from kallithea.web.request import Request
from kallithea.web.ui.confirmation import confirmation_field, require_confirmation
from kallithea.web.ui.fields import TextField
from kallithea.web.users.fields import heir_field
from kallithea.web.users.finding import get_user


@dataclass(frozen=True, slots=True)
class DeletePage:
    """What is lost and what is handed over, in words, and the fields of the form."""

    user_id: int
    name: str
    lost: tuple[str, ...]
    handed_over: tuple[tuple[str, Owned], ...]
    fields: tuple[TextField, ...]


def show_delete(context: SiteContext, request: Request) -> DeletePage:
    """The plan, with who asks as the heir."""
    return _make_page(context, request.services, request.visitor.name, "", {})


def delete(context: SiteContext, request: Request) -> DeletePage | Response:
    """Delete the account if its name was typed."""
    heir_name, typed = request.form.get("heir", "").strip(), request.form.get("name", "").strip()

    def change() -> str:
        with writing(request.application) as services:
            user = get_user(context, services)
            require_confirmation(typed, user.name)
            heir = find_owner(services, "heir", heir_name)
            services.user_removal.delete(request.actor, user, heir)
        return request.links.page("_admin/users")

    def show_again(services: Services, problems: Mapping[str, str]) -> DeletePage:
        return _make_page(context, services, heir_name, typed, problems)

    return change_or_show_again(request, change, show_again)


def _make_page(
    context: SiteContext, services: Services, heir: str, typed: str, problems: Mapping[str, str]
) -> DeletePage:
    user = get_user(context, services)
    found = services.user_removal.belongings(user)
    confirmation = confirmation_field(user.name, typed, problems.get("name", ""))
    heirs = (heir_field(heir, problems.get("heir", "")),) if found.needs_heir else ()
    return DeletePage(user.user_id, user.name, _say_lost(found), _say_handed_over(found), (*heirs, confirmation))


def _say_lost(found: Belongings) -> tuple[str, ...]:
    counted = (
        (found.tokens, _n("%(count)s token", "%(count)s tokens", found.tokens)),
        (found.grants, _n("%(count)s grant to the account", "%(count)s grants to the account", found.grants)),
        (
            found.memberships,
            _n("membership in %(count)s user group", "membership in %(count)s user groups", found.memberships),
        ),
        (found.followed, _n("%(count)s followed repository", "%(count)s followed repositories", found.followed)),
    )
    return tuple(words for count, words in counted if count)


def _say_handed_over(found: Belongings) -> tuple[tuple[str, Owned], ...]:
    repositories, groups, user_groups = found.repositories, found.repository_groups, found.user_groups
    counted = (
        (_n("%(count)s repository", "%(count)s repositories", repositories.count), repositories),
        (_n("%(count)s repository group", "%(count)s repository groups", groups.count), groups),
        (_n("%(count)s user group", "%(count)s user groups", user_groups.count), user_groups),
    )
    return tuple((words, owned) for words, owned in counted if owned.count)
