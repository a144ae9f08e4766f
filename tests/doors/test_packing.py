"""Pages are packed for those who take packed pages, and their packed size tells nothing of what is in them."""

import gzip

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory

from lms.doors import LightGZipMiddleware

PAGE = "Barnet først. " * 300


def packed(response, accepts="gzip, deflate"):
    request = RequestFactory().get("/", headers={"accept-encoding": accepts})
    return LightGZipMiddleware(lambda _request: response)(request)


def test_page_is_packed_for_one_who_takes_it():
    response = packed(HttpResponse(PAGE))

    assert response["Content-Encoding"] == "gzip"
    assert response["Content-Length"] == str(len(response.content))
    assert response["Vary"] == "Accept-Encoding"
    assert gzip.decompress(response.content).decode() == PAGE


def test_packed_size_varies_by_chance():
    sizes = {len(packed(HttpResponse(PAGE)).content) for _time in range(40)}

    assert len(sizes) > 5


def test_streams_are_packed_as_django_does():
    response = packed(StreamingHttpResponse([PAGE.encode()]))

    assert gzip.decompress(b"".join(response.streaming_content)).decode() == PAGE


@pytest.mark.parametrize(
    ("response", "accepts"),
    [
        (HttpResponse(PAGE), "identity"),
        (HttpResponse("kort"), "gzip"),
        (HttpResponse(PAGE, headers={"Content-Encoding": "br"}), "gzip"),
    ],
    ids=["not asked for", "too short to gain", "packed already"],
)
def test_page_stays_as_it_is(response, accepts):
    content = response.content

    assert packed(response, accepts).content == content
