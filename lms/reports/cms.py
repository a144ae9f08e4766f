"""Wagtail's own exports of pages, history, people and redirects: no cell of theirs is taken for a formula (S20)."""

from typing import Any

from wagtail.admin.views.mixins import SpreadsheetExportMixin

from mentoring.spreadsheet import harmless

_as_wagtail_writes = SpreadsheetExportMixin.preprocess_field_value


def make_exports_harmless() -> None:
    """Puts `harmless` under every export, CSV and XLSX alike; harmless twice, too."""
    SpreadsheetExportMixin.preprocess_field_value = _preprocess_field_value


def _preprocess_field_value(view: Any, field: str, value: Any, export_format: str) -> Any:
    return harmless(_as_wagtail_writes(view, field, value, export_format))
