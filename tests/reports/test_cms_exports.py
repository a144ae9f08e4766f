"""What Wagtail exports by itself: a title, a name or an address that looks like a formula is text (S20)."""

import csv
import io

import pytest
from django.utils import timezone
from openpyxl import load_workbook
from wagtail.contrib.redirects.models import Redirect
from wagtail.log_actions import log
from wagtail.models import Page

from lms.accounts.cms import PeopleIndexView
from lms.accounts.models import User
from modules.models import CoursePage
from tests.people import make_person

FORMULA = "=1+1+cmd"
EXPORTS = ["/cms/reports/site-history/", "/cms/reports/aging-pages/", "/cms/redirects/"]


@pytest.fixture
def written(course, admin):
    """The formula as a title, in the history, as a name and as an address."""
    page = CoursePage.objects.first()
    Page.objects.filter(pk=page.pk).update(title=FORMULA, draft_title=FORMULA, last_published_at=timezone.now())
    page.refresh_from_db()
    log(page, "wagtail.edit", user=admin)
    User.objects.filter(pk=make_person("formel@example.org", "Formel").pk).update(name=FORMULA)
    Redirect.objects.create(old_path="/gammel", redirect_link=FORMULA)


def cells_of(answer, kind):
    content = b"".join(answer.streaming_content)
    if kind == "csv":
        return [cell for row in csv.reader(io.StringIO(content.decode())) for cell in row]
    cells = [cell for row in load_workbook(io.BytesIO(content)).active for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    return [cell.value for cell in cells]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("path", EXPORTS)
def test_a_formula_is_text_in_every_export(written, editor, signed_in, path, kind):
    cells = cells_of(signed_in(editor).get(path, {"export": kind}), kind)

    assert f"'{FORMULA}" in cells
    assert FORMULA not in cells


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_formula_as_a_name_is_text_where_people_are_exported(written, admin, signed_in, kind, monkeypatch):
    # Wagtail's list of people, which a superuser comes to, exports no column unless it is told to.
    monkeypatch.setattr(PeopleIndexView, "list_export", ["name", "email"], raising=False)
    User.objects.filter(pk=admin.pk).update(is_superuser=True)

    cells = cells_of(signed_in(admin).get("/cms/users/", {"export": kind}), kind)

    assert f"'{FORMULA}" in cells
    assert FORMULA not in cells


def test_a_date_stays_a_date(written, editor, signed_in):
    cells = cells_of(signed_in(editor).get("/cms/reports/aging-pages/", {"export": "xlsx"}), "xlsx")

    assert [cell for cell in cells if hasattr(cell, "year")]
