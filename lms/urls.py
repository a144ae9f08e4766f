"""Addresses. Bokmål has no prefix, other languages have theirs."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path, re_path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from lms.accounts.cms import own_settings
from lms.home import health, views
from lms.home.metrics import metrics
from mentoring.views.calendar import calendar_feed

urlpatterns = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path("farge-<str:accent>.css", views.accent_stylesheet, name="accent"),
    # Wagtail's own two sign-in pages know neither rate limits nor the second factor: ours is the only one.
    path("cms/login/", views.our_login),
    path("_util/login/", views.our_login),
    path("cms/account/", own_settings),
    path("cms/", include(wagtailadmin_urls)),
    path("dokumenter/", include(wagtaildocs_urls)),
    path("robots.txt", views.robots, name="robots"),
    path("kalender/<str:secret>.ics", calendar_feed, name="calendar_feed"),
    path("demo/post/", views.demo_mail, name="demo_mail"),
]
if not settings.S3_BUCKET:
    urlpatterns += [re_path(r"^files/(?P<path>.+)$", views.stored_file, name="stored_file")]

urlpatterns += i18n_patterns(
    path("konto/", include("lms.accounts.urls")),
    path("konto/", include("allauth.urls")),
    path("min-side/", views.my_page, name="my_page"),
    path("grupper/", include("mentoring.urls")),
    path("kursbevis/", include("certificates.urls")),
    path("rapporter/", include("lms.reports.urls")),
    path("tall/", include("lms.openfigures.urls")),
    path("arbeidsplass/", include("lms.workplaces.urls")),
    path("", include("modules.urls")),
    path("", include(wagtail_urls)),
    prefix_default_language=False,
)

handler400 = "lms.home.views.not_understood"
handler404 = "lms.home.views.not_found"
handler500 = "lms.home.views.broken"
