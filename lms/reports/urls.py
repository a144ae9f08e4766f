"""Addresses of the numbers."""

from django.urls import path

from lms.reports import views

urlpatterns = [
    path("", views.numbers, name="numbers"),
    path("ar/", views.years, name="years"),
    path("ar/<int:year>/", views.year, name="year_report"),
    path("ar/<int:year>/lukk/", views.close, name="close_year"),
    path("ar/<int:year>/rett/", views.correct, name="correct_year"),
    path("ar/<int:year>/rapport.csv", views.year_csv, name="year_csv"),
    path("ar/<int:year>/rapport.xlsx", views.year_xlsx, name="year_xlsx"),
    path("tall.csv", views.numbers_csv, name="numbers_csv"),
    path("tall.xlsx", views.numbers_xlsx, name="numbers_xlsx"),
]
