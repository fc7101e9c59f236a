"""Notebooks as safe HTML: no script of theirs and no style. Pictures come from addresses of their own."""

from collections.abc import Iterator

from markupsafe import Markup

from kallithea.core.words import Say, _
from kallithea.render.budget import Budget
from kallithea.render.highlight import highlight_block
from kallithea.render.markup import render_markdown
from kallithea.render.notebook import Cell, Notebook, Output, parse_notebook
from kallithea.render.safe_html import DocumentLinks, sanitize
from kallithea.render.text import visible, visible_lines

#: Cells that are shown, and characters of one of their outputs.
MOST_CELLS = 500
LONGEST_OUTPUT = 20_000

# Of what says which picture this is.
_LONGEST_WORDS = 200

_NOTE = Markup('<p class="small muted">{}</p>')


def render_notebook(text: str, links: DocumentLinks, budget: Budget, say: Say = str) -> tuple[Markup, str]:
    """The cells with what they have written, and in words what is left out. Raises TooCostlyError, UnreadableError."""
    notebook = parse_notebook(text)
    cells = [
        _cell(number, cell, notebook, links, budget, say) for number, cell in enumerate(notebook.cells[:MOST_CELLS], 1)
    ]
    cut = len(notebook.cells) > MOST_CELLS
    note = _("Only the first %(cells)s cells are shown.", cells=MOST_CELLS) if cut else ""
    return Markup("\n").join(cells), note


def _cell(number: int, cell: Cell, notebook: Notebook, links: DocumentLinks, budget: Budget, say: Say) -> Markup:
    budget.check()
    source = visible_lines(cell.source)
    match cell.kind:
        case "markdown":
            return Markup('<div class="k-nb"><div></div><div>{}</div></div>').format(
                sanitize(render_markdown(source, budget), links)
            )
        case "code":
            code = Markup('<pre class="hl"><code>{}</code></pre>').format(highlight_block(source, notebook.language))
            run = " " if cell.number is None else str(cell.number)
            outputs = Markup("").join(_outputs(number, cell, links, budget, say))
            return Markup('<div class="k-nb"><div class="n">[{}]</div><div>{}{}</div></div>').format(run, code, outputs)
        case _:
            return Markup('<div class="k-nb"><div></div><div><pre>{}</pre></div></div>').format(source)


def _outputs(cell_number: int, cell: Cell, links: DocumentLinks, budget: Budget, say: Say) -> Iterator[Markup]:
    for number, output in enumerate(cell.outputs, 1):
        budget.check()
        address_of, left_out = links.output_address, output.left_out
        if output.picture is not None and address_of is None:
            left_out = (*left_out, output.picture.media_type)
        if left_out:
            yield _NOTE.format(say(_("Not shown: %(types)s.", types=", ".join(left_out))))
        if output.picture is not None and address_of is not None:
            yield _draw(address_of(cell_number, number), output, say)
            if output.media_type == "text/plain":
                # these words say what the picture is
                continue
        if output.text:
            yield Markup('<div class="out">{}</div>').format(_output(output, links, budget))
        if len(output.text) > LONGEST_OUTPUT:
            yield _NOTE.format(say(_("The rest of this output is left out.")))


def _draw(address: str, output: Output, say: Say) -> Markup:
    words = output.text[:_LONGEST_WORDS] if output.media_type == "text/plain" else ""
    picture = Markup('<div class="out"><img src="{}" alt="{}" loading="lazy"></div>')
    return picture.format(address, visible(words) or say(_("Picture")))


def _output(output: Output, links: DocumentLinks, budget: Budget) -> Markup:
    text = visible_lines(output.text[:LONGEST_OUTPUT])
    match output.media_type:
        case "text/html":
            return sanitize(text, links)
        case "text/markdown":
            return sanitize(render_markdown(text, budget), links)
        case _:
            return Markup("<pre>{}</pre>").format(text)
