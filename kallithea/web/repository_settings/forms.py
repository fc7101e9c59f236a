"""What is typed into the form of a repository's settings."""

from dataclasses import dataclass

from kallithea.services.landing import show_landing
from kallithea.services.repository_settings import RepositoryChange
from kallithea.services.scope import Services
from kallithea.vcs.types import Kind
from kallithea.web.context import RepositoryContext
from kallithea.web.request import Request


@dataclass(frozen=True, slots=True)
class SettingsForm:
    """The fields as text, shown again where something is wrong with one of them.

    ``publishing`` is None where the repository knows no phases.
    """

    name: str
    group: str
    owner: str
    description: str
    private: bool
    landing: str
    downloads: bool
    statistics: bool
    publishing: bool | None

    def change(self, landing: bytes) -> RepositoryChange:
        """What the form asks for, with what ``landing`` was found to mean."""
        return RepositoryChange(
            self.name,
            self.group,
            self.owner,
            self.description,
            self.private,
            landing,
            self.downloads,
            self.statistics,
            self.publishing,
        )


def stored_form(context: RepositoryContext, services: Services) -> SettingsForm:
    """The form with what is stored."""
    row = context.repository
    owner = row.owner.name if row.owner is not None else ""
    landing = show_landing(services, row.landing_ref or b"")
    group = context.path.rpartition("/")[0]
    return SettingsForm(
        context.name,
        group,
        owner,
        row.description,
        row.private,
        landing,
        row.downloads,
        row.statistics,
        row.publishing if row.kind == Kind.HG else None,
    )


def read_form(context: RepositoryContext, request: Request) -> SettingsForm:
    """The form as it was sent."""
    form = request.form
    return SettingsForm(
        form.get("repo_name", "").strip(),
        form.get("repo_group", ""),
        form.get("owner", "").strip(),
        form.get("repo_description", "").replace("\r\n", "\n").strip(),
        # a form that does not say so opens nothing
        form.get("repo_private") != "0",
        form.get("repo_landing_rev", "").strip(),
        bool(form.get("repo_enable_downloads")),
        bool(form.get("repo_enable_statistics")),
        bool(form.get("repo_publishing")) if context.repository.kind == Kind.HG else None,
    )
