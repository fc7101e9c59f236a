"""A site on which every name and text is one long word."""

from kallithea.core.access import Level
from kallithea.core.actor import COMMAND_LINE
from kallithea.services.counting import bring_up
from kallithea.services.work import writing
from kallithea.vcs.types import Kind
from tests.browser.harbour_site import VISITOR
from tests.browser.visits import Place
from tests.factories.repositories import RepositoryBuilder
from tests.factories.writing import BRANCH
from tests.web.harbour import unsubscribe_text
from tests.web.site import Site

_NAME = "abcdefghijklmnopqrstuvwxyz_" * 3
_WORD = "w" * 300
_ADDRESS = f"https://example.org/{_WORD}"
_HASHES = f"{'0123456789abcdef' * 4}..{'fedcba9876543210' * 4}"
_FOLDER, _FILE = f"folder_{_NAME}".encode(), f"file_{_NAME * 2}.py".encode()
_CHANGED = _FOLDER + b"/" + _FILE
_README = f"""# Heading{_WORD}

{_WORD} {_ADDRESS} {_HASHES} `{_WORD}`

- {_WORD}
- > {_WORD}

| {_WORD} |
| ------- |
| {_WORD} |
"""


def fill(site: Site, kind: Kind) -> Place:
    """Make the repository, a fork of it, and an account with as long a name."""
    site.user(VISITOR, administrator=True)
    other_id = site.user("o" * 99)
    site.grant("visitors", Level.READ)
    group = f"group_{_NAME}"
    site.group(group)
    path, other = f"{group}/first_{_NAME}", f"{group}/second_{_NAME}"
    parent_id, commit_id, merge_id = _make_history(site.repository(path, kind))
    _make_history(site.repository(other, kind, fork_of=path))
    with writing(site.application) as services:
        users, groups = services.users, services.user_groups
        crew_id = groups.create(COMMAND_LINE, None, name=f"crew_{_NAME}", owner=users.get(VISITOR)).user_group_id
        row = services.repositories.get(path)
        row.owner_id, row.description = other_id, f"{_WORD} {_ADDRESS}"
        services.repository_groups.get(group).description = f"{_WORD} {_ADDRESS}"
    bring_up(site.application, row.repository_id)
    return Place(
        path, other, group, commit_id, parent_id, merge_id, _CHANGED, _FOLDER, (b"README.md", _CHANGED),
        BRANCH[kind], (), _WORD, other_id, crew_id, unsubscribe_text(site),
    )  # fmt: skip


def _make_history(builder: RepositoryBuilder) -> tuple[str, str, str]:
    """The ids of the last two commits of the branch, and of a merge on another one."""
    author, message = f"{_NAME} <{_NAME}@example.org>".encode(), f"{_WORD}\n\n{_ADDRESS} {_HASHES}\n".encode()
    files = {b"README.md": _README.encode(), _CHANGED: f"{_WORD} = 1\n".encode()}
    first = builder.commit(files, author=author, message=message)
    second = builder.commit({_CHANGED: f"{_WORD} = 2\n".encode()}, parents=(first,), author=author, message=message)
    branch = f"branch_{_NAME}".encode()
    side = builder.commit({_CHANGED: b"3\n"}, parents=(first,), author=author, message=message, branch=branch)
    merge = builder.commit({_CHANGED: b"4\n"}, parents=(second, side), author=author, message=message, branch=branch)
    builder.tag(f"tag_{_NAME}".encode(), first)
    return first, second, merge
