"""Addresses of groups."""

from django.urls import path

from mentoring.views import groups as pages

urlpatterns = [
    path("", pages.groups, name="groups"),
    path("<int:pk>/", pages.group, name="group"),
]
