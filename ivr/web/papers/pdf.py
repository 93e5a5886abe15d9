"""A paper as a PDF for US Letter. Its fonts are embedded; DejaVu has the letters of most names.

Everything on it was typed by somebody: it is escaped, since reportlab reads its texts as markup. reportlab is imported
by the first paper of a process: it takes 30 MB, and most processes make none.
"""

from collections.abc import Iterable
from functools import cache
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final
from xml.sax.saxutils import escape

from flask import Response

from ivr.core.money import format_cents
from ivr.web.papers.paper import Line, Paper, Table

_FONTS: Final = Path(__file__).parent / "fonts/dejavu-2.37"
_MARGIN: Final = 54  # points, 72 an inch
_WIDTH: Final = 612 - 2 * _MARGIN - 2 * 6  # a frame of reportlab's leaves 6 points within the margin
_AMOUNT: Final = 90
_QUIET: Final = "#595959"
_LINE: Final = "#c8c8c8"


def answer(paper: Paper) -> Response:
    """Return the PDF as a download."""
    headers = {"Content-Disposition": f'attachment; filename="{paper.name}.pdf"'}
    return Response(render(paper), mimetype="application/pdf", headers=headers)


def render(paper: Paper) -> bytes:
    """Return the PDF. Its title and its language are in it, for screen readers."""
    kit = _kit()
    file = BytesIO()
    document = kit.SimpleDocTemplate(
        file,
        pagesize=kit.letter,
        lang=paper.language,
        title=f"{paper.heading} - {paper.company}",
        author=paper.company,
        leftMargin=_MARGIN,
        rightMargin=_MARGIN,
        topMargin=_MARGIN,
        bottomMargin=_MARGIN,
    )

    def number(canvas: Any, page: Any) -> None:
        canvas.setFont("DejaVu", 8)
        canvas.setFillColor(_QUIET)
        canvas.drawRightString(_MARGIN + 6 + _WIDTH, _MARGIN / 2, f"{paper.name}, {page.page}")

    document.build(list(_story(paper, kit)), onFirstPage=number, onLaterPages=number)
    return file.getvalue()


def _story(paper: Paper, kit: SimpleNamespace) -> Iterable[Any]:
    yield _text(kit, "company", paper.company)
    yield _text(kit, "quiet", *paper.address)
    yield _text(kit, "heading", paper.heading)
    facts = [
        [_text(kit, "quiet", name), _text(kit, "plain", *value.splitlines())] for name, value in paper.facts
    ]
    yield kit.Table(facts, colWidths=[120, _WIDTH - 120], style=_PLAIN, splitInRow=1)
    for table in paper.tables:
        if table.heading:
            yield _text(kit, "part", table.heading)
        yield _table(kit, table)
    for sentence in paper.sentences:
        yield _text(kit, "below", sentence)


def _table(kit: SimpleNamespace, table: Table) -> Any:
    rows = [[_words(kit, one), _text(kit, "amount", format_cents(one.cents))] for one in table.lines]
    total = [_text(kit, "total", table.total_words), _text(kit, "sum", format_cents(table.total_cents))]
    style = [*_PLAIN, ("LINEBELOW", (0, 0), (-1, -2), 0.5, _LINE)]
    return kit.Table([*rows, total], colWidths=[_WIDTH - _AMOUNT, _AMOUNT], style=style, splitInRow=1)


def _words(kit: SimpleNamespace, line: Line) -> list[Any]:
    words = f"{line.words}, {line.day}" if line.day else line.words
    return [_text(kit, "plain", words), *(_text(kit, "quiet", note) for note in line.notes)]


def _text(kit: SimpleNamespace, style: str, *lines: str) -> Any:
    return kit.Paragraph("<br/>".join(escape(one) for one in lines), kit.styles[style])


_PLAIN: Final = [
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("LEFTPADDING", (0, 0), (-1, -1), 0),
    ("RIGHTPADDING", (0, 0), (-1, -1), 0),
]


@cache
def _kit() -> SimpleNamespace:
    """Return what reportlab draws with: its classes, and our styles in our fonts."""
    # The first paper of a process imports them: see above.
    from reportlab.lib.pagesizes import letter  # noqa: PLC0415
    from reportlab.lib.styles import ParagraphStyle  # noqa: PLC0415
    from reportlab.pdfbase import pdfmetrics  # noqa: PLC0415
    from reportlab.pdfbase.ttfonts import TTFont  # noqa: PLC0415
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Table  # noqa: PLC0415

    for name, file in (("DejaVu", "DejaVuSans.ttf"), ("DejaVu-Bold", "DejaVuSans-Bold.ttf")):
        # ASCII keeps its codes, so that the simplest program finds a name or a sum in the file.
        pdfmetrics.registerFont(TTFont(name, str(_FONTS / file), asciiReadable=1))
    pdfmetrics.registerFontFamily("DejaVu", normal="DejaVu", bold="DejaVu-Bold")
    plain = ParagraphStyle("plain", fontName="DejaVu", fontSize=9.5, leading=13)
    bold = {"parent": plain, "fontName": "DejaVu-Bold"}
    styles = [
        plain,
        ParagraphStyle("quiet", parent=plain, fontSize=8.5, textColor=_QUIET),
        ParagraphStyle("amount", parent=plain, alignment=2),  # to the right
        ParagraphStyle("below", parent=plain, spaceBefore=6),
        ParagraphStyle("company", **bold, spaceAfter=2),
        ParagraphStyle("heading", **bold | {"fontSize": 18, "leading": 24}, spaceBefore=18, spaceAfter=8),
        ParagraphStyle("part", **bold, spaceBefore=16, spaceAfter=2),
        ParagraphStyle("total", **bold),
        ParagraphStyle("sum", **bold, alignment=2),
    ]
    return SimpleNamespace(
        letter=letter,
        Paragraph=Paragraph,
        SimpleDocTemplate=SimpleDocTemplate,
        Table=Table,
        styles={one.name: one for one in styles},
    )
