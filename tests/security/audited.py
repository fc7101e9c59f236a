"""How to do everything that changes something, and what the audit log has to say of it."""

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import func, select
from webtest import TestResponse as Answer

from kallithea.core.access import Level
from kallithea.core.actor import COMMAND_LINE
from kallithea.core.jobs import UpkeepRepositories
from kallithea.model.outbox import OutboxJob
from kallithea.services.work import writing
from kallithea.vcs.types import Kind
from kallithea.web.context import GroupContext, RepositoryContext, SiteContext
from tests.web.mailing import MailingSite
from tests.web.site import PASSWORD, form_of, get

NEW = "a longer and better one"

Key = tuple[type, str]


@dataclass(frozen=True)
class Step:
    """A form that is sent, and the action that the log notes. ``page`` has the form; without, it is made here.

    A form on a page keeps what it has but for ``fields``. ``before`` makes what the form is about; a text that it
    answers stands for ``{made}`` in addresses and fields.
    """

    action: str
    address: str
    fields: dict[str, str] = field(default_factory=dict)
    user: str | None = "root"
    page: str = ""
    before: Callable[[MailingSite], str] = lambda _site: ""


def _token(site: MailingSite) -> str:
    with writing(site.application) as services:
        return str(services.tokens.create(COMMAND_LINE, services.users.get("ada"))[0].token_id)


def _session(site: MailingSite) -> str:
    site.browser("ada")
    with writing(site.application) as services:
        return str(services.user_sessions.list_(services.users.get("ada"))[0].user_session_id)


def _further_email(site: MailingSite) -> str:
    with writing(site.application) as services:
        ada = services.users.get("ada")
        services.email_addresses.add(COMMAND_LINE, ada, f"ada{len(services.email_addresses.list_(ada))}@example.net")
        return str(services.email_addresses.list_(ada)[-1].email_address_id)


def _link(page: str, who: str | None, **fields: str) -> Callable[[MailingSite], str]:
    """Ask for a mail with a link on a page, and take the secret part of it."""

    def ask(site: MailingSite) -> str:
        site.deliver()
        form = form_of(get(site.browser(who), f"/_admin/{page}"))
        for name, value in fields.items():
            form[name] = value
        assert form.submit().status_int in (200, 303)
        [message] = site.deliver()
        return str(re.findall(r"token=(\S+)", message.get_content())[0])

    return ask


def _deleted_repository(site: MailingSite) -> str:
    site.repository("gone").commit({b"a": b"1"})
    with writing(site.application) as services:
        row = services.repositories.get("gone")
        services.repositories.delete(COMMAND_LINE, row)
        return str(row.repository_id)


def _repository_to_delete(site: MailingSite) -> str:
    site.repository("old").commit({b"a": b"1"})
    return ""


def _job(site: MailingSite) -> str:
    with writing(site.application) as services:
        services.outbox.add(UpkeepRepositories(), delay=datetime.timedelta(days=1))
        return str(services.session.scalar(select(func.max(OutboxJob.outbox_id))))


def _group_to_delete(site: MailingSite) -> str:
    site.group("old-group")
    return ""


def fill(site: MailingSite) -> None:
    """Somebody of each kind, a group, a repository, a group of users."""
    for name, is_administrator in (("root", True), ("ada", False), ("bob", False), ("eve", False)):
        site.user(name, administrator=is_administrator)
    site.group("a")
    site.repository("a/r", Kind.GIT).commit({b"a": b"1"})
    site.grant("signed-in", Level.READ)
    with writing(site.application) as services:
        crew = services.user_groups.create(COMMAND_LINE, None, name="crew")
        services.user_groups.add(COMMAND_LINE, crew, services.users.get("bob"))
        services.user_groups.create(COMMAND_LINE, None, name="divers")
        services.email_addresses.add(COMMAND_LINE, services.users.get("ada"), "ada@example.org")
        services.settings.set_(COMMAND_LINE, "registration", "automatic")


def send(site: MailingSite, step: Step, made: str, prefix: str = "") -> Answer:
    """Do what the step says, with what it has ``made`` before, on a site below the path ``prefix``."""
    browser = site.browser(step.user, SCRIPT_NAME=prefix)
    address, page = prefix + step.address.format(made=made), prefix + step.page.format(made=made)
    fields = {name: value.format(made=made) for name, value in step.fields.items()}
    if not step.page:
        get(browser, f"{prefix}/_admin/login")
        return site.post(browser, address, fields)
    shown = get(browser, page)
    form = next(form for form in shown.forms.values() if form.action == address and form.method.lower() == "post")
    return browser.post(address, {**dict(form.submit_fields()), **fields}, expect_errors=True)


def on_page(action: str, address: str, user: str = "root", **fields: str) -> Step:
    """A form that its own page shows."""
    return Step(action, address, fields, user, page=address)


SITE, GROUP, REPOSITORY = SiteContext, GroupContext, RepositoryContext
MY, ADMIN = "/_admin/my_account", "/_admin"

#: Every page that changes something, in an order in which all can be done: ada is 2, bob 3, eve 4; crew is 1, divers 2.
STEPS: dict[Key, Step] = {
    (SITE, "_admin/login"): Step("user.sign-in", f"{ADMIN}/login", {"username": "ada", "password": PASSWORD}, None),
    (SITE, "_admin/logout"): Step("user.sign-out", f"{ADMIN}/logout", user="ada"),
    (SITE, "_admin/my_account"): on_page("user.update", MY, "ada", firstname="Ada"),
    (SITE, "_admin/my_account/api_keys"): on_page("token.create", f"{MY}/api_keys", "ada", description="x"),
    (SITE, "_admin/my_account/api_keys/delete"): Step(
        "token.revoke", f"{MY}/api_keys/delete", {"token": "{made}"}, "ada", before=_token
    ),
    (SITE, "_admin/my_account/emails/confirm"): Step(
        "user.add-email",
        f"{MY}/emails/confirm",
        {"token": "{made}"},
        "ada",
        before=_link("my_account/emails", "ada", email="ada@example.com"),
    ),
    (SITE, "_admin/my_account/emails/delete"): Step(
        "user.delete-email", f"{MY}/emails/delete", {"address": "{made}"}, "ada", before=_further_email
    ),
    (SITE, "_admin/my_account/emails/first"): Step(
        "user.update", f"{MY}/emails/first", {"address": "{made}"}, "ada", before=_further_email
    ),
    (SITE, "_admin/my_account/sessions/delete"): Step(
        "user.end-session", f"{MY}/sessions/delete", {"session": "{made}"}, "ada", before=_session
    ),
    (SITE, "_admin/my_account/password"): Step(
        "user.set-password",
        f"{MY}/password",
        {"current_password": PASSWORD, "new_password": NEW, "new_password_confirmation": NEW},
        "eve",
    ),
    (SITE, "_admin/password_reset_confirmation"): Step(
        "user.set-password",
        f"{ADMIN}/password_reset_confirmation",
        {"token": "{made}", "password": NEW},
        None,
        before=_link("password_reset", None, email="ada@example.org"),
    ),
    (SITE, "_admin/register_confirmation"): Step(
        "user.create",
        f"{ADMIN}/register_confirmation",
        {"token": "{made}"},
        None,
        before=_link("register", None, username="new", email="new@example.org", password=PASSWORD),
    ),
    (SITE, "_admin/jobs"): Step("job.cancel", f"{ADMIN}/jobs", {"job_id": "{made}", "action": "cancel"}, before=_job),
    (SITE, "_admin/system/index"): Step("job.ask", f"{ADMIN}/system/index", page=f"{ADMIN}/system"),
    (SITE, "_admin/system/scan"): Step("job.ask", f"{ADMIN}/system/scan", page=f"{ADMIN}/system"),
    (SITE, "_admin/permissions"): on_page(
        "permission.allow", f"{ADMIN}/permissions", **{"allow-create-user-groups": "1"}
    ),
    (SITE, "_admin/permissions/ips"): on_page(
        "setting.set-networks", f"{ADMIN}/permissions/ips", networks="192.0.2.0/24"
    ),
    (SITE, "_admin/permissions/perms"): on_page(
        "permission.set", f"{ADMIN}/permissions/perms", add="bob", add_level="write"
    ),
    (SITE, "_admin/settings"): on_page("setting.set", f"{ADMIN}/settings", title="Harbour"),
    (SITE, "_admin/settings/issues"): on_page(
        "setting.set", f"{ADMIN}/settings/issues", **{"pattern-0": r"X-(\d+)", "address-0": r"/i/\1"}
    ),
    (SITE, "_admin/defaults"): on_page("setting.set", f"{ADMIN}/defaults", kind="hg"),
    (SITE, "_admin/repo_groups"): Step("repository-group.create", f"{ADMIN}/repo_groups", {"group_name": "b"}),
    (SITE, "_admin/repos"): Step("repository.create", f"{ADMIN}/repos", {"repo_name": "new", "repo_type": "git"}),
    (SITE, "_admin/deleted_repositories"): Step(
        "repository.restore",
        f"{ADMIN}/deleted_repositories",
        {"repository_id": "{made}", "path": "back"},
        before=_deleted_repository,
    ),
    (SITE, "_admin/permissions/user_groups"): on_page(
        "permission.set", f"{ADMIN}/permissions/user_groups", add="bob", add_level="write"
    ),
    (SITE, "_admin/user_groups/permissions"): on_page(
        "permission.set", f"{ADMIN}/user_groups/permissions/1", add="bob", add_level="admin"
    ),
    (SITE, "_admin/user_groups/allowances"): on_page(
        "permission.allow", f"{ADMIN}/user_groups/allowances/1", **{"allow-create-repositories": "1"}
    ),
    (SITE, "_admin/user_groups/edit"): on_page("user-group.update", f"{ADMIN}/user_groups/edit/1", description="x"),
    (SITE, "_admin/user_groups/members"): Step("user-group.add", f"{ADMIN}/user_groups/members/1", {"member": "ada"}),
    (SITE, "_admin/user_groups/remove"): Step("user-group.remove", f"{ADMIN}/user_groups/remove/1", {"member": "bob"}),
    (SITE, "_admin/user_groups/new"): on_page("user-group.create", f"{ADMIN}/user_groups/new", name="cooks"),
    (SITE, "_admin/user_groups/delete"): on_page("user-group.delete", f"{ADMIN}/user_groups/delete/2", name="divers"),
    (SITE, "_admin/users/allowances"): on_page(
        "permission.allow", f"{ADMIN}/users/allowances/3", **{"allow-create-repositories": "1"}
    ),
    (SITE, "_admin/users/end_session"): Step(
        "user.end-session", f"{ADMIN}/users/end_session/2", {"session": "{made}"}, before=_session
    ),
    (SITE, "_admin/users/revoke_token"): Step(
        "token.revoke", f"{ADMIN}/users/revoke_token/2", {"token": "{made}"}, before=_token
    ),
    (SITE, "_admin/users/leave_group"): Step("user-group.remove", f"{ADMIN}/users/leave_group/2", {"user_group": "1"}),
    (SITE, "_admin/users/edit"): on_page("user.update", f"{ADMIN}/users/edit/3", firstname="Bob"),
    (SITE, "_admin/users/ips"): on_page("user.set-networks", f"{ADMIN}/users/ips/3", networks="192.0.2.0/24"),
    (SITE, "_admin/users/new"): on_page("user.create", f"{ADMIN}/users/new", username="frank"),
    (SITE, "_admin/users/password"): Step("user.set-password", f"{ADMIN}/users/password/3", {"password": NEW}),
    (SITE, "_admin/users/delete"): on_page("user.delete", f"{ADMIN}/users/delete/4", name="eve"),
    (GROUP, "edit"): on_page("repository-group.update", f"{ADMIN}/repo_groups/a/edit", group_description="x"),
    (GROUP, "edit/permissions"): on_page(
        "permission.set", f"{ADMIN}/repo_groups/a/edit/permissions", add="bob", add_level="write"
    ),
    (GROUP, "edit/delete"): Step(
        "repository-group.delete",
        f"{ADMIN}/repo_groups/old-group/edit/delete",
        page=f"{ADMIN}/repo_groups/old-group/edit/delete",
        before=_group_to_delete,
    ),
    (REPOSITORY, "fork"): on_page("repository.create", "/a/r/fork", repo_name="fork", repo_group=""),
    (REPOSITORY, "settings"): on_page("repository.update", "/a/r/settings", repo_description="x"),
    (REPOSITORY, "settings/fields"): on_page(
        "repository.update",
        "/a/r/settings/fields",
        new_field_key="cost",
        new_field_label="Cost",
        new_field_value="1",
    ),
    (REPOSITORY, "settings/permissions"): on_page(
        "permission.set", "/a/r/settings/permissions", add="bob", add_level="write"
    ),
    (REPOSITORY, "settings/remote"): on_page(
        "repository.update", "/a/r/settings/remote", clone_uri="https://example.org/r"
    ),
    (REPOSITORY, "settings/remote/remove"): Step(
        "repository.update", "/a/r/settings/remote/remove", page="/a/r/settings/remote"
    ),
    (REPOSITORY, "settings/delete"): Step(
        "repository.delete",
        "/old/settings/delete",
        {"path": "old"},
        page="/old/settings/delete",
        before=_repository_to_delete,
    ),
}

#: What changes something and is not for the audit log, and why.
NOT_NOTED: dict[Key, str] = {
    (SITE, "_admin/my_account/appearance"): "how pages look to oneself",
    (SITE, "_admin/my_account/notifications"): "what oneself is told of",
    (SITE, "_admin/my_account/watched"): "what oneself is told of",
    (SITE, "_unsubscribe"): "what oneself is told of",
    (SITE, "_admin/notifications/read"): "a mark of one's own",
    (SITE, "_admin/notifications/read_all"): "a mark of one's own",
    (SITE, "_admin/my_account/language"): "how pages look to oneself",
    (SITE, "_admin/my_account/emails"): "sends a mail; the address counts when its link is opened",
    (SITE, "_admin/password_reset"): "sends a mail; the password changes when its link is opened",
    (SITE, "_admin/register"): "sends a mail; the account is made when its link is opened",
    (SITE, "_admin/import_repository"): "asks for a job, which notes repository.import when there is something",
    (SITE, "_admin/system/mail"): "sends a mail to oneself",
    (SITE, "_tasks"): "ends a task of one's own, which then has done nothing",
    (REPOSITORY, "add"): "a commit: in the journal, with who and how",
    (REPOSITORY, "edit"): "a commit: in the journal, with who and how",
    (REPOSITORY, "delete"): "a commit: in the journal, with who and how",
    (REPOSITORY, "upload"): "a commit: in the journal, with who and how",
    (REPOSITORY, "changeset-viewed"): "a mark of one's own",
    (REPOSITORY, "follow"): "a mark of one's own",
    (REPOSITORY, "unfollow"): "a mark of one's own",
    (REPOSITORY, "settings/remote/pull"): "asks for a job, whose commits are in the journal like those of a push",
}
