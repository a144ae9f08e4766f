"""Addresses of certificates, below /kursbevis/. They are printed on paper and must never change."""

from django.urls import path

from certificates import views

urlpatterns = [
    path("", views.check, name="check_certificate"),
    path("ny/<uuid:course_key>/", views.claim, name="claim_certificate"),
    path("ny/gruppe/<int:group_id>/", views.claim_package, name="claim_package_certificate"),
    path("<str:code>.pdf", views.certificate_pdf, name="certificate_pdf"),
    path("<str:code>.json", views.certificate_json, name="certificate_json"),
    path("<str:code>/", views.certificate, name="certificate"),
]
