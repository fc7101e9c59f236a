"""The operator's programs around movements of refs: shown, and changed by nobody here."""

import pathlib
from dataclasses import dataclass

from kallithea.vcs.hooks import POST_RECEIVE, PRE_RECEIVE, Hooks
from kallithea.web.context import SiteContext
from kallithea.web.request import Request

NAME = "_admin/settings/hooks"


@dataclass(frozen=True, slots=True)
class HookRow:
    """A hook by its name, and the program that is run; None where there is none that may be run."""

    name: str
    program: pathlib.Path | None


@dataclass(frozen=True, slots=True)
class HooksPage:
    """The hooks. ``folder`` is None where the .ini names none; a program may take so many ``seconds``."""

    folder: pathlib.Path | None
    seconds: int
    rows: tuple[HookRow, ...]


def show_hooks(context: SiteContext, request: Request) -> HooksPage:
    """What is run."""
    settings = request.application.settings
    hooks = Hooks(settings.hook_dir, settings.hook_time_limit)
    rows = tuple(HookRow(name, hooks.find(name)) for name in (PRE_RECEIVE, POST_RECEIVE))
    return HooksPage(settings.hook_dir, settings.hook_time_limit, rows)
