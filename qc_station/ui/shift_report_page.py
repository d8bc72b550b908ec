"""Paints a shift report on one A4 page: the preview and the PDF are the same drawing. No services.

Lengths are typographic points (1/72 inch). Long lists are cut with a line that says so, so that
one page is always enough.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QBuffer,
    QCoreApplication,
    QIODevice,
    QMarginsF,
    QPointF,
    QRectF,
    Qt,
)
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QImage,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
    QPen,
)

from qc_station.domain.quality_figures import ParetoBar, Share
from qc_station.domain.shift_report import ShiftReport
from qc_station.domain.verdict import Verdict
from qc_station.ui import shift_report_words as words
from qc_station.ui import theme
from qc_station.ui.messages import class_title, count, percent, reason_title, verdict_title
from qc_station.ui.time_words import clock
from qc_station.ui.widgets.signs import paint_sign

translate = QCoreApplication.translate

WIDTH, HEIGHT, MARGIN = 595.0, 842.0, 42.0
INNER = WIDTH - 2 * MARGIN
GAP = 14.0
ROW = 15.0
MOST_BARS, MOST_REASONS = 8, 5
LEAST_ALARMS, LEAST_CHECKS, LEAST_MODELS = 4, 3, 2
"""Rows that each list may take at any rate; what room is left goes to the longer ones."""
FOOT = 30.0
TILE_PARTS = (0.19, 0.19, 0.18, 0.19, 0.25)
PLOT = 46.0
STACK = (
    (Verdict.OK, theme.NEUTRAL_BAR),
    (Verdict.REVIEW, theme.REVIEW_SIGN),
    (Verdict.NG, theme.NG_SIGN),
    (Verdict.NOT_INSPECTED, theme.NOT_INSPECTED_SIGN),
)
"""From the ground up; the tiles above name the colours by their signs."""
PDF_DPI = 300
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_CENTRE = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
Row = tuple[str, str, str]


def pdf_bytes(report: ShiftReport, title: str) -> bytes:
    """The page as a PDF of vectors, A4, in the current language."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(PDF_DPI)
    writer.setTitle(title)
    writer.setCreator("QC Station")
    margins = QMarginsF(0, 0, 0, 0)
    page = QPageLayout(
        QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Portrait, margins
    )
    writer.setPageLayout(page)
    painter = QPainter(writer)
    painter.scale(PDF_DPI / 72, PDF_DPI / 72)
    paint_report(painter, report)
    painter.end()
    buffer.close()
    return bytes(buffer.data().data())


def page_image(report: ShiftReport, scale: float) -> QImage:
    """The page as it prints; ``scale`` pixels per point."""
    image = QImage(round(WIDTH * scale), round(HEIGHT * scale), QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(scale, scale)
    paint_report(painter, report)
    painter.end()
    return image


def paint_report(painter: QPainter, report: ShiftReport) -> None:
    """Everything, from the top down."""
    page = _Page(painter, report)
    page.head()
    page.figures()
    top = page.y
    page.pareto()
    below = page.y
    page.y = top
    page.side()
    page.y = max(below, page.y)
    page.hours()
    page.lists()
    page.foot()


class _Page:
    def __init__(self, painter: QPainter, report: ShiftReport) -> None:
        self._p = painter
        self._report = report
        self.y = MARGIN

    # -- parts of the page ---------------------------------------------------------------------

    def head(self) -> None:
        report = self._report
        title = translate("ShiftReport", "Shift report")
        self._text(MARGIN, 256, title, 22, bold=True, height=28)
        made = words.made_at(report)
        self._text(MARGIN + 260, INNER - 260, made, 8.5, align=_RIGHT, muted=True, height=28)
        self.y += 30
        self._text(MARGIN, INNER, words.shift_span(report.start, report.end), 13, bold=True)
        self.y += 18
        self._line(theme.TEXT, 1.2)
        self.y += 6
        facts = (
            (translate("ShiftReport", "Product"), words.products(report)),
            (translate("ShiftReport", "People"), words.people(report)),
            (translate("ShiftReport", "Station"), report.station),
        )
        for name, value in facts:
            self._text(MARGIN, 80, name, 9, muted=True)
            self._text(MARGIN + 80, INNER - 80, value, 9.5)
            self.y += ROW
        self.y += GAP / 2

    def figures(self) -> None:
        counts = self._report.production.counts
        first_pass = Share(counts.ok, counts.total)
        tiles: tuple[tuple[Verdict | None, str, int], ...] = (
            (None, translate("ShiftReport", "Parts"), counts.total),
            (Verdict.OK, verdict_title(Verdict.OK), counts.ok),
            (Verdict.NG, verdict_title(Verdict.NG), counts.ng),
            (Verdict.REVIEW, verdict_title(Verdict.REVIEW), counts.review),
            (
                Verdict.NOT_INSPECTED, verdict_title(Verdict.NOT_INSPECTED), counts.not_inspected,
            ),
        )  # fmt: skip
        box = QRectF(MARGIN, self.y, INNER, 58)
        self._p.setPen(QPen(QColor(theme.BORDER_STRONG), 0.7))
        self._p.setBrush(Qt.BrushStyle.NoBrush)
        self._p.drawRoundedRect(box, 4, 4)
        wide = 126.0
        top, x = self.y + 8, MARGIN
        for (verdict, name, number), part in zip(tiles, TILE_PARTS, strict=True):
            step = (INNER - wide) * part
            self._tile(x + 9, top, step - 10, verdict, name, count(number))
            x += step
        self._p.drawLine(QPointF(x, self.y + 7), QPointF(x, self.y + 51))
        name = translate("ShiftReport", "First-pass yield")
        self._tile(x + 9, top, wide - 14, None, name, percent(first_pass.value, 1))
        self.y += 58 + 3
        if first_pass.interval is not None:
            low, high = first_pass.interval
            note = translate("ShiftReport", "95 % interval of the yield: {low} – {high}").format(
                low=percent(low, 1), high=percent(high, 1)
            )
            self._text(MARGIN, INNER, note, 7.5, align=_RIGHT, muted=True, height=11)
        self.y += GAP

    def pareto(self) -> None:
        width = INNER * 0.56
        self._heading(translate("ShiftReport", "Defects (Pareto)"), width)
        bars = _first_bars(self._report.production.defects)
        if not bars:
            self._text(MARGIN, width, translate("ShiftReport", "No defects."), 9, muted=True)
            self.y += ROW
        longest = max((bar.count for bar in bars), default=1)
        names, numbers = 112.0, 72.0
        room = width - names - numbers
        for bar in bars:
            self._text(MARGIN, names - 6, bar.name, 9)
            fill = QRectF(MARGIN + names, self.y + 2.5, room * bar.count / longest, ROW - 5)
            self._p.setPen(Qt.PenStyle.NoPen)
            self._p.setBrush(QColor(theme.NEUTRAL_BAR))
            self._p.drawRect(fill)
            told = f"{count(bar.count)}   {percent(bar.cumulative)}"
            self._text(MARGIN + names + room, numbers, told, 9, align=_RIGHT)
            self.y += ROW
        self.y += GAP

    def side(self) -> None:
        report = self._report
        left = MARGIN + INNER * 0.56 + 22
        width = WIDTH - MARGIN - left
        self._heading(verdict_title(Verdict.NOT_INSPECTED), width, left)
        if not report.not_inspected:
            none = translate("ShiftReport", "All parts were inspected.")
            self._text(left, width, none, 9, muted=True)
            self.y += ROW
        for reason, number in report.not_inspected[:MOST_REASONS]:
            self._text(left, width - 40, reason_title(reason), 9)
            self._text(left + width - 40, 40, count(number), 9, align=_RIGHT)
            self.y += ROW
        self._more(len(report.not_inspected) - MOST_REASONS, left, width)
        self.y += GAP / 2
        self._heading(translate("ShiftReport", "Experts' answers"), width, left)
        answers = report.production.answers
        for name, share in (
            (translate("ShiftReport", "Escapes"), Share(answers.escapes, answers.reviewed_ok)),
            (
                translate("ShiftReport", "False alarms"),
                Share(answers.false_alarms, answers.reviewed_ng),
            ),
        ):
            self._text(left, 88, name, 9)
            self._text(left + 88, width - 88, words.share_words(share), 8, align=_RIGHT)
            self.y += ROW
        self.y += GAP

    def hours(self) -> None:
        """One stacked bar per hour of the shift, also of hours that are still to come."""
        report = self._report
        self._heading(translate("ShiftReport", "Parts per hour, by verdict"), INNER)
        buckets = report.production.buckets
        most = max((bucket.counts.total for bucket in buckets), default=0)
        ground = self.y + 12 + PLOT
        whole = (report.end - report.start).total_seconds()
        for bucket in buckets:
            begun = (bucket.start - report.start).total_seconds() / whole
            lasts = (bucket.end - bucket.start).total_seconds() / whole
            x, width = MARGIN + INNER * begun, INNER * lasts
            top = ground
            for verdict, colour in STACK:
                parts: int = getattr(bucket.counts, verdict.name.lower())
                height = PLOT * parts / most if most else 0.0
                top -= height
                box = QRectF(x + width * 0.12, top, width * 0.76, height)
                self._p.fillRect(box, QColor(colour))
            if bucket.counts.total:
                total = count(bucket.counts.total)
                self._text(x, width, total, 7.5, align=_CENTRE, top=top - 11, height=10)
            self._text(x, width, clock(bucket.start), 7.5, muted=True, top=ground + 2, height=10)
        self.y = ground
        self._line(theme.BORDER_STRONG, 0.6)
        self.y += 12 + GAP

    def lists(self) -> None:
        report = self._report
        tables = (
            (
                translate("ShiftReport", "Alarms: the station did not inspect"),
                [words.alarm_row(alarm, report) for alarm in report.alarms],
                translate("ShiftReport", "No alarms."),
            ),
            (
                translate("ShiftReport", "Golden-sample checks"),
                [words.check_row(check) for check in report.checks],
                translate("ShiftReport", "No check was made."),
            ),
            (
                translate("ShiftReport", "Models in use"),
                [words.model_row(use) for use in report.judged_by],
                translate("ShiftReport", "No part was judged."),
            ),
        )
        around = ROW + 3 + ROW + GAP / 2  # heading, line of what is left out, gap
        room = int((HEIGHT - MARGIN - FOOT - self.y - len(tables) * around) / ROW)
        least = (LEAST_ALARMS, LEAST_CHECKS, LEAST_MODELS)
        shares = _shared([len(rows) for _, rows, _ in tables], least, room)
        for (title, rows, empty), most in zip(tables, shares, strict=True):
            self._table(title, rows, most, empty)

    def foot(self) -> None:
        self.y = HEIGHT - MARGIN - FOOT + 4
        half = INNER / 2 - 15
        signed = (
            translate("ShiftReport", "Shift lead, date, signature"),
            translate("ShiftReport", "Quality, date, signature"),
        )
        for index, name in enumerate(signed):
            x = MARGIN + index * (half + 30)
            self._p.setPen(QPen(QColor(theme.TEXT), 0.7))
            self._p.drawLine(QPointF(x, self.y + 12), QPointF(x + half, self.y + 12))
            self._text(x, half, name, 7.5, muted=True, top=self.y + 13, height=12)
        self._text(
            MARGIN, INNER, "QC Station", 7.5, align=_RIGHT, muted=True, top=self.y + 13, height=12
        )

    # -- pieces --------------------------------------------------------------------------------

    def _tile(
        self, x: float, top: float, width: float, verdict: Verdict | None, name: str, value: str
    ) -> None:
        indent = 0.0
        if verdict is not None:
            paint_sign(self._p, QRectF(x, top + 2, 10, 10), verdict)
            indent = 14.0
        self._text(x + indent, width - indent, name, 8, muted=True, top=top, height=14)
        self._text(x, width, value, 19, bold=True, top=top + 16, height=26)

    def _heading(self, title: str, width: float, left: float = MARGIN) -> None:
        self._text(left, width, title, 10.5, bold=True)
        self.y += ROW
        self._line(theme.BORDER_STRONG, 0.6, left, width)
        self.y += 3

    def _table(self, title: str, rows: Sequence[Row], most: int, empty: str) -> None:
        self._heading(title, INNER)
        first, last = 84.0, 84.0
        for one, two, three in rows[:most]:
            self._text(MARGIN, first - 6, one, 9)
            self._text(MARGIN + first, INNER - first - last - 6, two, 9)
            self._text(WIDTH - MARGIN - last, last, three, 9, align=_RIGHT)
            self.y += ROW
        if not rows:
            self._text(MARGIN, INNER, empty, 9, muted=True)
            self.y += ROW
        self._more(len(rows) - most, MARGIN, INNER)
        self.y += GAP / 2

    def _more(self, number: int, left: float, width: float) -> None:
        if number > 0:
            self._text(left, width, words.more_rows(number), 8.5, muted=True)
            self.y += ROW

    def _line(self, colour: str, width: float, left: float = MARGIN, length: float = INNER) -> None:
        self._p.setPen(QPen(QColor(colour), width))
        self._p.drawLine(QPointF(left, self.y), QPointF(left + length, self.y))

    def _text(
        self,
        x: float,
        width: float,
        text: str,
        size: float,
        *,
        bold: bool = False,
        muted: bool = False,
        align: Qt.AlignmentFlag = _LEFT,
        top: float | None = None,
        height: float = ROW,
    ) -> None:
        """One line; what is too long is cut with an ellipsis."""
        device = self._p.device()
        font = QFont(theme.large_font(10, bold))
        # Points of the page, whatever resolution the device has; sizes may be broken.
        font.setPointSizeF(size * 72 / device.logicalDpiY())
        font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
        font.setWeight(QFont.Weight.Bold if bold else QFont.Weight.Normal)
        self._p.setFont(font)
        self._p.setPen(QColor(theme.TEXT_MUTED if muted else theme.TEXT))
        box = QRectF(x, self.y if top is None else top, width, height)
        fitting = QFontMetricsF(font, device).elidedText(text, Qt.TextElideMode.ElideRight, width)
        self._p.drawText(box, align | Qt.TextFlag.TextSingleLine, fitting)


def _shared(wanted: Sequence[int], least: Sequence[int], room: int) -> list[int]:
    """Rows for each list: its least, then one after another what they still want."""
    found = [min(want, low) for want, low in zip(wanted, least, strict=True)]
    for index, want in enumerate(wanted):
        spare = room - sum(max(1, rows) for rows in found)
        found[index] += max(0, min(spare, want - found[index]))
    return found


def _first_bars(bars: Sequence[ParetoBar]) -> list[ParetoBar]:
    """The most frequent kinds in words; what is left together as one bar."""
    named = [
        ParetoBar(class_title(bar.name or "anomaly"), bar.count, bar.cumulative) for bar in bars
    ]
    if len(named) <= MOST_BARS:
        return named
    left = sum(bar.count for bar in named[MOST_BARS - 1 :])
    return [*named[: MOST_BARS - 1], ParetoBar(words.others(), left, 1.0)]
