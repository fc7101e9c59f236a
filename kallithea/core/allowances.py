"""What people may make on the whole site: one pure function, beside the levels on what there is already.

An allowance is given to subjects, as levels are: to an account, to a group of users, to all signed-in accounts. A
person has it if any subject that they are has it, as the highest of several levels counts: nothing takes it away again.
To allow something to all but few, give it to a group of users instead of to everybody.

A super administrator has all. Whoever has admin on the whole site has those about repositories and their groups. In a
group of repositories, who has admin there makes repositories and groups whatever is allowed here.
"""

import enum
from collections.abc import Collection, Mapping

from kallithea.core.access import Level, Subject, Viewer
from kallithea.core.words import Text, _


class Allowance(enum.StrEnum):
    """What can be allowed. The first two are about the top of the site."""

    CREATE_REPOSITORIES = "create-repositories"
    CREATE_REPOSITORY_GROUPS = "create-repository-groups"
    FORK = "fork"
    CREATE_USER_GROUPS = "create-user-groups"

    @property
    def words(self) -> Text:
        """What it allows, in words."""
        return _WORDS[self]

    @property
    def hint(self) -> Text:
        """What else there is to know."""
        return _HINTS[self]

    @property
    def refusal(self) -> Text:
        """What is said to who has it not."""
        return _REFUSALS[self]


_WORDS = {
    Allowance.CREATE_REPOSITORIES: _("Create repositories at the top of the site"),
    Allowance.CREATE_REPOSITORY_GROUPS: _("Create repository groups at the top of the site"),
    Allowance.FORK: _("Fork repositories"),
    Allowance.CREATE_USER_GROUPS: _("Create user groups"),
}

_HINTS = {
    Allowance.CREATE_REPOSITORIES: _("By importing and moving as well. Within a group, its administrators may."),
    Allowance.CREATE_REPOSITORY_GROUPS: _("By moving as well. Within a group, its administrators may."),
    Allowance.FORK: _("A fork lies where its maker may create repositories."),
    Allowance.CREATE_USER_GROUPS: _("Whoever makes a group of users owns it and decides who is in it."),
}

_REFUSALS = {
    Allowance.CREATE_REPOSITORIES: _("You may not create repositories at the top of the site; choose a group."),
    Allowance.CREATE_REPOSITORY_GROUPS: _("You may not create groups at the top of the site; choose a group."),
    Allowance.FORK: _("You may not fork repositories on this site. Its administrators can allow it."),
    Allowance.CREATE_USER_GROUPS: _("You may not create user groups on this site. Its administrators can allow it."),
}

#: What admin on the whole site gives as well.
OF_THE_TOP = (Allowance.CREATE_REPOSITORIES, Allowance.CREATE_REPOSITORY_GROUPS, Allowance.FORK)


def is_given_by_level(viewer: Viewer, allowance: Allowance, top: Level) -> bool:
    """Whether the viewer needs no allowance: by administering the site, or by the level ``top`` on all of it."""
    return viewer.super_administrator or (top == Level.ADMIN and allowance in OF_THE_TOP)


def find_givers(
    viewer: Viewer, allowance: Allowance, given: Mapping[Subject, Collection[Allowance]]
) -> tuple[Subject, ...]:
    """Those subjects of an account to which this is allowed, in a fixed order."""
    if viewer.user_id is None:
        return ()
    return tuple(sorted((one for one in viewer.subjects if allowance in given.get(one, ())), key=_order))


def is_allowed(
    viewer: Viewer, allowance: Allowance, top: Level, given: Mapping[Subject, Collection[Allowance]]
) -> bool:
    """Whether the viewer may make this. ``top`` is their level on the whole site, ``given`` what is allowed to whom.

    A token needs the scope admin, and must be bound to no repository.
    """
    if viewer.ceiling < Level.ADMIN or viewer.only is not None:
        return False
    return is_given_by_level(viewer, allowance, top) or bool(find_givers(viewer, allowance, given))


def _order(subject: Subject) -> tuple[str, int]:
    return subject.kind.value, subject.subject_id
