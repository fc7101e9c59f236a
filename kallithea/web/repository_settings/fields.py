"""The extra fields of a repository."""

from collections.abc import Mapping
from dataclasses import dataclass

from kallithea.core.errors import ConflictError, InvalidError, message_of
from kallithea.services.repository_fields import Field
from kallithea.services.work import reading, writing
from kallithea.web.answers import Response, redirect
from kallithea.web.context import RepositoryContext
from kallithea.web.request import Request


@dataclass(frozen=True, slots=True)
class FieldsPage:
    """The fields with what was typed, and the new one; ``problems`` as ``RepositoryFields.update`` names them."""

    path: str
    fields: tuple[Field, ...]
    removed: frozenset[str]
    new: Field
    saved: bool
    problems: Mapping[str, str]


def show_fields(context: RepositoryContext, request: Request) -> FieldsPage:
    """The fields as they are."""
    fields = request.services.repository_fields.list_(context.repository.repository_id)
    return FieldsPage(context.path, fields, frozenset(), Field("", "", ""), "saved" in request.query, {})


def update_fields(context: RepositoryContext, request: Request) -> FieldsPage | Response:
    """Change, remove and add what the form says, or show it again and say what is wrong."""
    with reading(request.application) as services:
        stored = services.repository_fields.list_(context.repository.repository_id)
    page = _read_form(context, request, stored)
    try:
        with writing(request.application) as services:
            services.repository_fields.update(
                request.actor,
                request.visitor.viewer,
                context.repository.repository_id,
                changed=[field for field in page.fields if field.key not in page.removed],
                removed=page.removed,
                added=page.new if page.new != Field("", "", "") else None,
            )
    except InvalidError as problem:
        return _again(request, page, 422, problem.problems)
    except ConflictError as problem:
        return _again(request, page, 409, {"key": message_of(problem)})
    return redirect(request.links.repository(context.path, "settings/fields", saved=1))


def _read_form(context: RepositoryContext, request: Request, stored: tuple[Field, ...]) -> FieldsPage:
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
    return FieldsPage(context.path, fields, removed, new, False, {})


def _again(request: Request, page: FieldsPage, status: int, problems: Mapping[str, str]) -> FieldsPage:
    request.response.status_int = status
    return FieldsPage(page.path, page.fields, page.removed, page.new, False, problems)
