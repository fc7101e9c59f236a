"""Notebooks as safe HTML: no script of theirs, no style, and no picture, which a page of ours may not hold as data."""

from collections.abc import Iterator

from markupsafe import Markup

from kallithea.core.words import Say, _
from kallithea.render.budget import Budget
from kallithea.render.highlight import highlight_block
from kallithea.render.markup import render_markdown
from kallithea.render.notebook import Cell, Notebook, Output, parse_notebook
from kallithea.render.safe_html import DocumentLinks, sanitize
from kallithea.render.text import visible_lines

#: Cells that are shown, and characters of one of their outputs.
MOST_CELLS = 500
LONGEST_OUTPUT = 20_000

_NOTE = Markup('<p class="small muted">{}</p>')


def render_notebook(text: str, links: DocumentLinks, budget: Budget, say: Say = str) -> tuple[Markup, str]:
    """The cells with what they have written, and in words what is left out. Raises TooCostlyError, UnreadableError."""
    notebook = parse_notebook(text)
    cells = [_cell(cell, notebook, links, budget, say) for cell in notebook.cells[:MOST_CELLS]]
    cut = len(notebook.cells) > MOST_CELLS
    note = _("Only the first %(cells)s cells are shown.", cells=MOST_CELLS) if cut else ""
    return Markup("\n").join(cells), note


def _cell(cell: Cell, notebook: Notebook, links: DocumentLinks, budget: Budget, say: Say) -> Markup:
    budget.check()
    source = visible_lines(cell.source)
    match cell.kind:
        case "markdown":
            return Markup('<div class="k-nb"><div></div><div>{}</div></div>').format(
                sanitize(render_markdown(source, budget), links)
            )
        case "code":
            code = Markup('<pre class="hl"><code>{}</code></pre>').format(highlight_block(source, notebook.language))
            number = " " if cell.number is None else str(cell.number)
            outputs = Markup("").join(_outputs(cell, links, budget, say))
            return Markup('<div class="k-nb"><div class="n">[{}]</div><div>{}{}</div></div>').format(
                number, code, outputs
            )
        case _:
            return Markup('<div class="k-nb"><div></div><div><pre>{}</pre></div></div>').format(source)


def _outputs(cell: Cell, links: DocumentLinks, budget: Budget, say: Say) -> Iterator[Markup]:
    for output in cell.outputs:
        budget.check()
        if output.left_out:
            yield _NOTE.format(say(_("Not shown: %(types)s.", types=", ".join(output.left_out))))
        if output.text:
            yield Markup('<div class="out">{}</div>').format(_output(output, links, budget))
        if len(output.text) > LONGEST_OUTPUT:
            yield _NOTE.format(say(_("The rest of this output is left out.")))


def _output(output: Output, links: DocumentLinks, budget: Budget) -> Markup:
    text = visible_lines(output.text[:LONGEST_OUTPUT])
    match output.media_type:
        case "text/html":
            return sanitize(text, links)
        case "text/markdown":
            return sanitize(render_markdown(text, budget), links)
        case _:
            return Markup("<pre>{}</pre>").format(text)
