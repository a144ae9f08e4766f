"""Finds every address that the product answers, and asks it in each role."""

import re
from collections.abc import Iterator
from uuid import UUID

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.small_course import COURSE_KEY, SINGLE

ROLES = ("anonymous", "learner", "mentor", "editor", "admin")
SAMPLES = {
    "course": "lite-kurs",
    "module": "modul-1",
    "lesson": "leksjon-1",
    "part": SINGLE,
    "course_key": COURSE_KEY,
    "code": "0" * 28,
    "accent": "1e5b57",
    "path": "images/finnes-ikke.png",
    "lang_code": "nb",
    "token": "finnes-ikke",
    "uuid": UUID(int=1),
}
# Pages, sites and collections with the id 1 come from migrations; whether such a person is there depends on other tests.
ABSENT = 987654321
ABSENT_BELOW = ("arbeidsplass/", "cms/applications/", "cms/users/", "grupper/", "cms/certificates/", "cms/snippets/")
GROUP = re.compile(r"\(\?P<(\w+)>[^)]*\)|<(?:\w+:)?(\w+)>")


def routes() -> list[str]:
    """Every route of the product as the resolver knows it, sorted."""
    return sorted(set(_routes(get_resolver(), "")))


def _routes(resolver: URLResolver, prefix: str) -> Iterator[str]:
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern).lstrip("^")
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern, route)
        elif isinstance(pattern, URLPattern):
            yield route.replace(r"\Z", "$")


def address_of(route: str) -> str:
    """An address that the route matches."""

    def sample(match: re.Match[str]) -> str:
        return str(SAMPLES.get(match[1] or match[2], ABSENT if route.startswith(ABSENT_BELOW) else 1))

    address = GROUP.sub(sample, route)
    while address != (address := re.sub(r"\((?:\?:)?([^()|]*)(?:\|[^()]*)?\)[?*]?", r"\1", address)):
        pass
    address = re.sub(r"\[[^\]]*\][+*]?|\\[wds][+*]?", "1", address)
    return "/" + address.replace("\\", "").replace("$", "").replace("^", "").replace("?", "").lstrip("/")


def outcome(client: Client, address: str) -> str:
    """What the address answers: a status, and for a redirect whether it leads to the sign-in."""
    answer = client.get(address)
    if answer.status_code == 405:
        answer = client.post(address)
        return f"POST {said(answer)}"
    return said(answer)


def said(answer) -> str:
    if answer.status_code in {301, 302}:
        if answer.url.startswith("/konto/login/") or "reauthenticate" in answer.url:
            return "sign-in"
        return "leads on"
    return str(answer.status_code)
