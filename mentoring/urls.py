"""Addresses of groups."""

from django.urls import path

from mentoring import views

urlpatterns = [
    path("", views.groups, name="groups"),
    path("<int:pk>/", views.group, name="group"),
]
