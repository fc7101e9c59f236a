"""Subjects of rights in words."""

from kallithea.core.access import SubjectKind
from kallithea.core.words import _


def name_subject(kind: SubjectKind, name: str) -> str:
    """A subject as tables have it; ``name`` is that of a group of users, empty where the reader knows of none."""
    if kind is SubjectKind.USER_GROUP:
        return _("User group %(name)s", name=name) if name else _("A user group that you cannot see")
    if kind is SubjectKind.USER:
        return _("The account itself")
    return _("All signed-in users") if kind is SubjectKind.SIGNED_IN else _("Anonymous visitors")
