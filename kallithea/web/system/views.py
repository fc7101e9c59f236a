"""How the site is: what was looked at, how much room there is, and which programs run."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from markupsafe import Markup

from kallithea.core.words import _n
from kallithea.render.spark_svg import draw_spark
from kallithea.services.site_activity import Series, SiteActivity, count_site_activity
from kallithea.services.site_report import Health, SiteReport, make_site_report
from kallithea.web.answers import Response, plain
from kallithea.web.context import SiteContext
from kallithea.web.request import Request
from kallithea.web.system.tasks import TaskRow, list_tasks

_ICONS = {Health.OK: "check-circle-fill", Health.WARN: "alert", Health.BAD: "skip"}
#: A store that is as full as this is drawn in another colour.
_NEARLY_FULL = 90


@dataclass(frozen=True, slots=True)
class RoomRow:
    """A place for files, and how full it is in percent."""

    name: str
    used: int
    limit: int
    percent: int
    is_nearly_full: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """What was counted in the last weeks: all of it, and a picture of its days."""

    name: str
    total: int
    picture: Markup


@dataclass(frozen=True, slots=True)
class SystemPage:
    """What there is to know. ``mail_to`` is where a message to try the mail goes, empty where there is nowhere.

    ``days`` are the figures of the charts, the last day first.
    """

    report: SiteReport
    charts: tuple[Chart, ...]
    days: tuple[tuple[str, tuple[int, ...]], ...]
    icons: dict[Health, str]
    rooms: tuple[RoomRow, ...]
    tasks: tuple[TaskRow, ...]
    mail_to: str
    mail_sent: bool


def show_system(context: SiteContext, request: Request) -> SystemPage:
    """Everything, looked at now."""
    report = _make_report(request)
    rooms = tuple(_row(room.name, room.used, room.limit) for room in report.rooms)
    has_mail = bool(request.application.settings.smtp_server)
    activity = count_site_activity(request.services.session, request.services.now)
    return SystemPage(
        report,
        tuple(_chart(series, request.reader.say) for series in activity.series),
        tuple(_days(activity)),
        _ICONS,
        rooms,
        list_tasks(request),
        request.visitor.email if has_mail else "",
        request.query.get("mail") == "sent",
    )


def show_text(context: SiteContext, request: Request) -> Response:
    """The same as plain English text, for a message to somebody else."""
    return plain("".join(f"{line}\n" for line in _lines(_make_report(request))))


def _make_report(request: Request) -> SiteReport:
    services = request.services
    return make_site_report(request.application, services.session, services.now)


def _lines(report: SiteReport) -> Iterator[str]:
    yield f"{report.at.isoformat(timespec='seconds')}"
    yield f"{report.repositories} repositories, {report.users} users"
    yield f"{report.jobs_waiting} jobs waiting, {report.jobs_failed} failed"
    for check in report.checks:
        changed = f" Last change: {check.changed.isoformat(timespec='seconds')}" if check.changed is not None else ""
        yield f"{check.health.value.upper():4} {check.name}: {check.words}{changed}"
    yield from (f"{room.name}: {room.used} of {room.limit} bytes" for room in report.rooms)
    yield from (f"{name} {version}" for name, version in report.versions)


def _chart(series: Series, say: Callable[[str], str]) -> Chart:
    words = _n(
        "%(name)s: %(count)s in 30 days, at most %(most)s on one",
        "%(name)s: %(count)s in 30 days, at most %(most)s on one",
        series.total,
        name=series.name,
        most=max(series.counts),
    )
    return Chart(series.name, series.total, draw_spark(series.counts, say(words)))


def _days(activity: SiteActivity) -> Iterator[tuple[str, tuple[int, ...]]]:
    rows = zip(activity.days, *(series.counts for series in activity.series), strict=True)
    yield from ((day.isoformat(), tuple(counts)) for day, *counts in reversed(list(rows)))


def _row(name: str, used: int, limit: int) -> RoomRow:
    percent = min(round(100 * used / limit), 100) if limit else 0
    return RoomRow(name, used, limit, percent, percent >= _NEARLY_FULL)
