"""Addresses of the numbers."""

from django.urls import path

from lms.reports import views, year_views

urlpatterns = [
    path("", views.numbers, name="numbers"),
    path("ar/", year_views.years, name="years"),
    path("ar/<int:year>/", year_views.year, name="year_report"),
    path("ar/<int:year>/lukk/", year_views.close, name="close_year"),
    path("ar/<int:year>/rett/", year_views.correct, name="correct_year"),
    path("ar/<int:year>/rapport.csv", year_views.year_csv, name="year_csv"),
    path("ar/<int:year>/rapport.xlsx", year_views.year_xlsx, name="year_xlsx"),
    path("tall.csv", views.numbers_csv, name="numbers_csv"),
    path("tall.xlsx", views.numbers_xlsx, name="numbers_xlsx"),
]
