"""Sentences that say why a row of a matrix shows what it shows."""

from kallithea.core.access import Level, SubjectKind
from kallithea.core.explanation import PlaceKind, SourceKind
from kallithea.core.words import Text, _
from kallithea.services.access_reports import NamedSource
from kallithea.services.permission_matrix import Matrix, MatrixRow


def find_why(row: MatrixRow, matrix: Matrix) -> tuple[str, ...]:
    """What stands beside the levels of a row."""
    return tuple(sentence for sentence in (_origin(row, matrix), _limit(row, matrix)) if sentence)


def name_place(kind: PlaceKind, path: str) -> str:
    """A place as sentences have it: its path, or the words for the site and for all user groups."""
    if kind is PlaceKind.USER_GROUPS:
        return _("all user groups")
    return path if path and kind is not PlaceKind.SITE else _("the whole site")


def _origin(row: MatrixRow, matrix: Matrix) -> str:
    if row.own is not None:
        return _("Set here.")
    if row.inherited is None:
        return ""
    place = PlaceKind.GROUP if row.source else matrix.top
    return _(
        "Inherited from %(place)s. To change it here alone, choose another level.", place=name_place(place, row.source)
    )


def _limit(row: MatrixRow, matrix: Matrix) -> str:
    """What makes the shown level count less or more than it says."""
    if not row.active:
        is_account = row.subject.kind is SubjectKind.USER
        return _("Does not count: the account is disabled.") if is_account else _("Does not count: it is inactive.")
    if row.subject.built_in and matrix.private:
        return _("Does not count: the repository is private.")
    if row.subject.kind is SubjectKind.VISITORS and not matrix.visitors:
        return _("Does not count: the site admits no visitors.")
    return "" if row.higher is None else _higher(row.higher)


def _higher(source: NamedSource) -> Text:
    level = source.level.text
    if source.kind is SourceKind.SUPER_ADMINISTRATOR:
        return _("In effect %(level)s: administers the site.", level=level)
    if source.kind is SourceKind.OWNER:
        return _("In effect %(level)s: owns %(place)s.", level=level, place=name_place(source.place, source.path))
    if source.reaches and source.level is Level.ADMIN and source.subject is SubjectKind.USER:
        place = name_place(source.place, source.path)
        return _("In effect %(level)s: that is granted on %(place)s, for all below it.", level=level, place=place)
    if source.subject is SubjectKind.USER_GROUP and not source.name:
        return _("In effect %(level)s, because a user group that you cannot see has it.", level=level)
    if source.subject is SubjectKind.USER_GROUP:
        return _("In effect %(level)s, because the user group %(name)s has it.", level=level, name=source.name)
    if source.subject is SubjectKind.SIGNED_IN:
        return _("In effect %(level)s, because all signed-in users have it.", level=level)
    return _("In effect %(level)s, because visitors have it.", level=level)
