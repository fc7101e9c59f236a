"""Forms that write a whole record: what they say that they saw, and what came of them.

Who saves an old form would give back unawares what somebody else has taken away meanwhile. So each has a field with a
mark of ``core.record_marks``, which the service compares in the unit that writes.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from kallithea.core.words import Text, _
from kallithea.web.request import Request

#: The problem of a form that saw something else than what is stored now.
MEANWHILE = "meanwhile"

_WAS = "was"

_LABELS: Mapping[str, Text] = {
    "name": _("Name"),
    "email": _("E-mail address"),
    "first_name": _("First name"),
    "last_name": _("Last name"),
    "active": _("Active"),
    "super_administrator": _("Administers this site"),
    "path": _("Path"),
    "owner": _("Owner"),
    "description": _("Description"),
    "private": _("Private"),
    "landing_ref": _("Landing revision"),
    "downloads": _("Downloads"),
    "statistics": _("Statistics"),
    "publishing": _("Publishing"),
    "networks": _("Networks"),
    "remote": _("Address"),
    "remote_schedule": _("Pull by itself"),
    "remote_password": _("Password"),
    "title": _("Title of the site"),
    "list_length": _("Repositories on a page"),
    "admin_list_length": _("Rows on a page of administration"),
    "clone_address": _("Clone address"),
    "landing": _("Pages begin with"),
}
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class RecordForm:
    """What a form has besides its fields: ``was`` in a hidden one, the rest in ``ui/_outcome.mako``.

    ``was`` stands for what was seen. ``problem`` says why nothing was saved; ``refused``: the words are at the fields;
    ``done`` says that it is saved. At most one of them is there.
    """

    was: str
    problem: str
    refused: bool
    done: str


def sent_mark(request: Request) -> str:
    """What the form that was sent says that it saw."""
    return request.form.get(_WAS, "")


def make_record_form(request: Request, problems: Mapping[str, str], stored: str, done: str) -> RecordForm:
    """The form with what is ``stored`` now, a mark; or one that comes again, with its problems.

    That keeps the mark that it had, as its fields are still those that were made of what was seen; only who was told
    what somebody else has changed has seen the new. ``done`` is said where the address tells that it is saved.
    """
    # under no name is what contradicts something else that has just been stored
    problem = problems.get(MEANWHILE, problems.get("", ""))
    was = stored if problem or not problems else sent_mark(request)
    saved = request.method == "GET" and "saved" in request.query
    return RecordForm(was, problem, bool(problems) and not problem, done if saved else "")


def say_stored(stored: Mapping[str, object]) -> Text:
    """The values as they are stored, by the names that the audit log has for them."""
    lines = {f"line{place}": _line(name, value) for place, (name, value) in enumerate(stored.items())}
    words = Text("; ".join(f"%({name})s" for name in lines), lines)
    return _("Somebody else has changed this meanwhile. What is stored now: %(values)s.", values=words)


def _line(name: str, value: object) -> Text:
    return Text("%(name)s: %(value)s", {"name": _LABELS.get(name, name), "value": _say(value)})


def _say(value: object) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        value = ", ".join(str(one) for one in value)
    words = "" if value is None else str(value)
    if not words:
        return _("nothing")
    return words if len(words) <= _LONGEST else f"{words[:_LONGEST]}…"
