"""Addresses of groups."""

from django.urls import path

from mentoring.views import applications
from mentoring.views import groups as pages

urlpatterns = [
    path("", pages.groups, name="groups"),
    path("soknad/", applications.sign_up, name="sign_up"),
    path("soknad/<int:package>/", applications.apply, name="apply"),
    path("soknader/<int:pk>/", applications.application, name="application"),
    path("soknader/<int:pk>/endre/", applications.change_application, name="change_application"),
    path("soknader/<int:pk>/trekk/", applications.withdraw_application, name="withdraw_application"),
    path("<int:pk>/", pages.group, name="group"),
]
