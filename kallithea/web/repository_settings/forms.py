"""What is typed into the form of a repository's settings."""

from dataclasses import dataclass

from kallithea.services.repository_settings import RepositoryChange
from kallithea.web.context import RepositoryContext
from kallithea.web.request import Request


@dataclass(frozen=True, slots=True)
class SettingsForm:
    """The fields as text, shown again where something is wrong with one of them."""

    name: str
    group: str
    owner: str
    description: str
    private: bool

    @property
    def change(self) -> RepositoryChange:
        """What the form asks for."""
        return RepositoryChange(self.name, self.group, self.owner, self.description, self.private)


def stored_form(context: RepositoryContext) -> SettingsForm:
    """The form with what is stored."""
    row = context.repository
    owner = row.owner.name if row.owner is not None else ""
    return SettingsForm(context.name, context.path.rpartition("/")[0], owner, row.description, row.private)


def read_form(request: Request) -> SettingsForm:
    """The form as it was sent."""
    form = request.form
    return SettingsForm(
        form.get("repo_name", "").strip(),
        form.get("repo_group", ""),
        form.get("owner", "").strip(),
        form.get("repo_description", "").replace("\r\n", "\n").strip(),
        # a form that does not say so opens nothing
        form.get("repo_private") != "0",
    )
