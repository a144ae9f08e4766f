"""Addresses of the numbers."""

from django.urls import path

from lms.reports import views

urlpatterns = [
    path("", views.numbers, name="numbers"),
    path("tall.csv", views.numbers_csv, name="numbers_csv"),
    path("tall.xlsx", views.numbers_xlsx, name="numbers_xlsx"),
]
