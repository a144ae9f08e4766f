"""The product's addresses, and those of the views it is compared with."""

from django.urls import path

from lms.urls import handler404, urlpatterns
from tests.bench import reference

__all__ = ["handler404", "urlpatterns"]

urlpatterns = [
    path("bench/list/", reference.listing),
    path("bench/own/", reference.own),
    path("bench/write/", reference.write),
    *urlpatterns,
]
