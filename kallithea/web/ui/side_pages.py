"""Lists of pages that belong together: those that administer the site, and those of one's own account."""

from dataclasses import dataclass

from kallithea.core.words import _


@dataclass(frozen=True, slots=True)
class SidePage:
    """A page of the site: its name, which is its path, the icon, and the words that lead to it."""

    name: str
    icon: str
    label: str


#: What administrators of the site find beside each other.
ADMIN_PAGES = (
    SidePage("_admin/users", "people", _("Users")),
    SidePage("_admin/repositories", "repo", _("Repositories")),
    SidePage("_admin/deleted_repositories", "trash", _("Deleted repositories")),
    SidePage("_admin/user_groups", "organization", _("User groups")),
    SidePage("_admin/permissions", "shield", _("Default permissions")),
    SidePage("_admin/settings", "gear", _("Settings")),
    SidePage("_admin/permissions/ips", "globe", _("Allowed networks")),
    SidePage("_admin/site_journal", "history", _("Journal")),
    SidePage("_admin", "checklist", _("Audit log")),
    SidePage("_admin/jobs", "tasklist", _("Jobs")),
    SidePage("_admin/system", "pulse", _("System")),
)

#: What everybody with an account finds beside each other.
ACCOUNT_PAGES = (
    SidePage("_admin/my_account", "person", _("Profile")),
    SidePage("_admin/my_account/emails", "mail", _("E-mail addresses")),
    SidePage("_admin/my_account/language", "globe", _("Language and time zone")),
    SidePage("_admin/my_account/appearance", "paintbrush", _("Appearance")),
    SidePage("_admin/my_account/api_keys", "key", _("API tokens")),
    SidePage("_admin/my_account/password", "shield-lock", _("Password")),
    SidePage("_admin/my_account/sessions", "devices", _("Sessions")),
    SidePage("_admin/my_account/watched", "star", _("Followed repositories")),
    SidePage("_admin/my_account/notifications", "bell", _("Mails about events")),
    SidePage("_admin/my_account/perms", "checklist", _("My permissions")),
    SidePage("_admin/my_account/tasks", "tasklist", _("Tasks")),
    SidePage("_admin/user_groups", "organization", _("User groups")),
)
