"""Every address in every role against a table that people read (S9). A route without a row fails."""

from pathlib import Path

import pytest

from tests.doors.walk import ROLES, address_of, outcome, routes

TABLE = Path(__file__).with_name("routes.tsv")


def expected() -> dict[str, list[str]]:
    rows = (line.split("\t") for line in TABLE.read_text().splitlines() if line and not line.startswith("#"))
    return {row[0]: row[1:] for row in rows}


def test_every_route_has_a_row_and_every_row_a_route():
    assert routes() == sorted(expected())


@pytest.mark.parametrize("place", range(len(ROLES)), ids=ROLES)
def test_each_role_is_answered_as_the_table_says(place, request, course, signed_in, client):
    role = ROLES[place]
    if role != "anonymous":
        client = signed_in(request.getfixturevalue(role))
    client.raise_request_exception = False

    answers = {}
    for route in routes():
        answers[route] = outcome(client, address_of(route))
        if role != "anonymous" and "_auth_user_id" not in client.session:
            client.force_login(request.getfixturevalue(role))

    assert answers == {route: row[place] for route, row in expected().items()}


# Wagtail's own: one that shows its error page, and two that fall over a form that is not filled in.
WAGTAILS_FAULTS = ["cms/failwhale/", "cms/pages/<int:page_to_move_id>/set_position/", "cms/redirects/import/process/"]


def test_no_route_of_ours_answers_with_a_fault():
    assert [route for route, row in expected().items() if any("500" in cell for cell in row)] == WAGTAILS_FAULTS


def test_nobody_without_a_role_gets_into_the_cms():
    let_in = [
        route
        for route, row in expected().items()
        if route.startswith("cms/") and not {*row[:3]} <= {"sign-in", "POST sign-in", "403", "404"}
    ]
    assert let_in == ["cms/.*/$", "cms/jsi18n/", "cms/sprite/"]
