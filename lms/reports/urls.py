"""Addresses of the numbers."""

from django.urls import path

from lms.reports import list_views, views, year_sheet_views, year_views

urlpatterns = [
    path("", views.numbers, name="numbers"),
    path("ar/", year_views.years, name="years"),
    path("ar/<int:year>/", year_views.year, name="year_report"),
    path("ar/<int:year>/lukk/", year_views.close, name="close_year"),
    path("ar/registrer/", year_sheet_views.latest, name="register_year"),
    path("ar/<int:year>/registrer/", year_sheet_views.sheets, name="year_sheets"),
    path("ar/<int:year>/registrer/<slug:slug>/", year_sheet_views.sheet, name="year_sheet"),
    path("ar/<int:year>/fjorarets-rader/", year_sheet_views.copy, name="copy_year"),
    path("ar/<int:year>/rader-uten-tall/", year_sheet_views.clear, name="clear_year"),
    path("ar/<int:year>/rett/", year_views.correct, name="correct_year"),
    *(
        path(f"ar/<int:year>/rapport.{ending}", year_views.year_file, {"ending": ending}, name=f"year_{ending}")
        for ending in year_views.FILES
    ),
    path("tabell/<slug:key>/", views.whole_table, name="whole_table"),
    path("rader/<slug:group>/<slug:figure>/", list_views.rows, name="rows"),
    path("rader/<slug:group>/<slug:figure>/rader.csv", list_views.rows_csv, name="rows_csv"),
    path("rader/<slug:group>/<slug:figure>/rader.xlsx", list_views.rows_xlsx, name="rows_xlsx"),
    path("tall.csv", views.numbers_csv, name="numbers_csv"),
    path("tall.xlsx", views.numbers_xlsx, name="numbers_xlsx"),
]
