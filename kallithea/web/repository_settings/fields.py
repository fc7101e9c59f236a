"""The extra fields of a repository."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from kallithea.core.words import _
from kallithea.services.repository_fields import Field
from kallithea.services.scope import Services
from kallithea.services.work import reading, writing
from kallithea.web.answers import Response
from kallithea.web.changing import change_or_show_again
from kallithea.web.context import RepositoryContext
from kallithea.web.request import Request
from kallithea.web.ui.record_forms import RecordForm, make_record_form, sent_mark


@dataclass(frozen=True, slots=True)
class FieldsPage:
    """The fields with what was typed, and the new one; ``problems`` as ``RepositoryFields.update`` names them."""

    path: str
    fields: tuple[Field, ...]
    removed: frozenset[str]
    new: Field
    record: RecordForm
    problems: Mapping[str, str]


def show_fields(context: RepositoryContext, request: Request) -> FieldsPage:
    """The fields as they are."""
    fields = request.services.repository_fields.list_(context.repository.repository_id)
    record = _make_record(request, request.services, fields, {})
    return FieldsPage(context.path, fields, frozenset(), Field("", "", ""), record, {})


def update_fields(context: RepositoryContext, request: Request) -> FieldsPage | Response:
    """Change, remove and add what the form says, or show it again and say what is wrong."""
    with reading(request.application) as services:
        stored = services.repository_fields.list_(context.repository.repository_id)
        record = _make_record(request, services, stored, {})
    page = _read_form(context, request, stored, record)

    def change() -> str:
        with writing(request.application) as services:
            services.repository_fields.update(
                request.actor,
                request.viewer_in(services),
                context.repository.repository_id,
                changed=[field for field in page.fields if field.key not in page.removed],
                removed=page.removed,
                added=page.new if page.new != Field("", "", "") else None,
                was=sent_mark(request),
            )
        return request.links.repository(context.path, "settings/fields", saved=1)

    def show_again(services: Services, problems: Mapping[str, str]) -> FieldsPage:
        now = services.repository_fields.list_(context.repository.repository_id)
        return replace(page, record=_make_record(request, services, now, problems), problems=problems)

    return change_or_show_again(request, change, show_again, field="key")


def _make_record(
    request: Request, services: Services, fields: tuple[Field, ...], problems: Mapping[str, str]
) -> RecordForm:
    return make_record_form(request, problems, services.repository_fields.mark(fields), _("The fields are saved."))


def _read_form(
    context: RepositoryContext, request: Request, stored: tuple[Field, ...], record: RecordForm
) -> FieldsPage:
    """What the form says of the fields that there are; those that it does not name stay as they are."""
    form = request.form

    def text(name: str, kept: str = "") -> str:
        return form.get(name, kept).replace("\r\n", "\n").strip()

    fields = tuple(
        Field(field.key, text(f"label-{field.key}", field.label), text(f"value-{field.key}", field.value))
        for field in stored
    )
    removed = frozenset(field.key for field in stored if form.get(f"remove-{field.key}"))
    new = Field(text("new_field_key"), text("new_field_label"), text("new_field_value"))
    return FieldsPage(context.path, fields, removed, new, record, {})
