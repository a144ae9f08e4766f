"""The watch and axe see what they are there to see; otherwise the other tests here would prove nothing."""

from tests.browser.axe import axe
from tests.browser.conftest import Watch

POLICY = {"Content-Security-Policy": "default-src 'self'", "Content-Type": "text/html"}
BAD = """<!doctype html><title>x</title><script>window.ran = true</script><script src="/gone.js"></script>
<img src="https://elsewhere.example/pixel.png"><input>"""


def test_bad_page_is_noticed(browser):
    watch = Watch("http://refleks.example")
    context = browser.new_context()
    watch.over(context)
    page = context.new_page()
    page.route("http://refleks.example/", lambda route: route.fulfill(body=BAD, headers=POLICY))
    page.route("http://refleks.example/gone.js", lambda route: route.fulfill(status=404, body="", headers={}))
    page.goto("http://refleks.example/")
    rules = {line.split(":")[0] for line in axe(page)}
    context.close()
    assert "404 for http://refleks.example/gone.js" in watch.complaints
    assert len([words for words in watch.complaints if "inline script" in words]) == 1
    assert len([words for words in watch.complaints if "elsewhere.example" in words]) >= 1
    assert rules == {"html-has-lang", "image-alt", "label"}
