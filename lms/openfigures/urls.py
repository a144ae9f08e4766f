"""Addresses of the open numbers."""

from django.urls import path

from lms.openfigures import views

urlpatterns = [
    path("", views.figures, name="open_figures"),
    path("<str:month>/", views.figures, name="open_figures_of"),
    path("<str:month>/tall.csv", views.figures_csv, name="open_figures_csv"),
    path("<str:month>/tall.xlsx", views.figures_xlsx, name="open_figures_xlsx"),
    path("<str:month>/tall.json", views.figures_json, name="open_figures_json"),
]
