"""The key figures of the report, as its reader will see them."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QTextBrowser, QWidget

from desktop import theme
from desktop.models.report_preview import RateLine, ReportPreview
from desktop.words import translate


class ReportPreviewView(QTextBrowser):
    """Shows a `ReportPreview`, or one sentence while there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._preview: ReportPreview | None = None
        self._sentence = ""
        self.setOpenLinks(False)
        self.document().setDocumentMargin(16)
        self.retranslate()

    @property
    def preview(self) -> ReportPreview | None:
        return self._preview

    def show_preview(self, preview: ReportPreview) -> None:
        self._preview = preview
        self._render()

    def show_sentence(self, sentence: str) -> None:
        """Why there are no figures, or that they are on their way."""
        self._preview, self._sentence = None, sentence
        self._render()

    def retranslate(self) -> None:
        self.setAccessibleName(translate("ReportPage", "Preview of the report"))

    def _render(self) -> None:
        if self._preview is None:
            self.setHtml(f"<p>{escape(self._sentence)}</p>")
        else:
            self.setHtml(self._page(self._preview))

    def _page(self, preview: ReportPreview) -> str:
        faint = theme.data_colour("none", self.palette()).name()
        rates = "".join(self._rate(line, faint) for line in preview.rates)
        good, defective = preview.confusion[:3], preview.confusion[3:]
        table = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in (good, defective))
        figures = "".join(
            f"<tr><td align='right'><b>{escape(value)}</b></td><td>{escape(name)}</td></tr>" for name, value in preview.figures
        )
        points = "".join(f"<li>{escape(point)}</li>" for point in preview.limits)
        more = f"<h3>{escape(preview.figures_title)}</h3><table cellpadding='3'>{figures}</table>" if figures else ""
        return (
            f"<h2>{escape(preview.title)}</h2>"
            f"<p>{escape(preview.verdict_rule)}<br>{escape(preview.rule)}</p>"
            f"<h3>{escape(preview.result)}</h3><table cellpadding='5'>{rates}</table>"
            f"<table cellpadding='5' border='1' style='border-collapse: collapse; border-style: solid; border-color: {faint}'>{table}</table>"
            f"<p style='color: {faint}'>{escape(preview.left_out)}</p>"
            f"{more}<h3>{escape(preview.limits_title)}</h3><ul>{points}</ul>"
        )

    @staticmethod
    def _rate(line: RateLine, faint: str) -> str:
        return (
            f"<tr><td><b>{escape(line.name)}</b></td><td style='font-size: large'><b>{escape(line.rate)}</b></td>"
            f"<td>{escape(line.interval)}</td></tr>"
            f"<tr><td></td><td colspan='2' style='color: {faint}'>{escape(line.meaning)}</td></tr>"
        )

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_preview"):
            self._render()
        elif event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
