"""A visitor without scripts: reads pages, fills in the forms it finds, follows where they lead."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urljoin
from xml.etree.ElementTree import Element

import html5lib
import requests

SECONDS = 60


@dataclass
class Form:
    """A form of a page, with what a browser would send. Of choices that nobody made, it sends the first."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)


class Visitor:
    """Someone with cookies, on one page at a time."""

    def __init__(self, home: str, certificate: Path) -> None:
        self.home, self.url, self.text = home, home, ""
        self._session = requests.Session()
        self._session.verify, self._session.trust_env = str(certificate), False

    def get(self, path: str) -> requests.Response:
        """Goes to the address. Raises AssertionError when it does not answer with a page."""
        return self._arrived(self._session.get(urljoin(self.url, path), timeout=SECONDS))

    def submit(self, wanted: Callable[[Form], bool], **answers: str) -> requests.Response:
        """Sends the first form that is `wanted`, with `answers`. Raises AssertionError when there is none."""
        forms = [form for form in self.forms() if wanted(form)]
        assert forms, f"No such form at {self.url}: {[form.action for form in self.forms()]}"
        data = forms[0].fields | answers
        headers = {"Referer": self.url}
        return self._arrived(self._session.post(forms[0].action, data=data, headers=headers, timeout=SECONDS))

    def forms(self) -> list[Form]:
        """The forms of this page that change something."""
        return [self._form(form) for form in self.page().iter("form") if form.get("method", "").lower() == "post"]

    def page(self) -> Element:
        """The page as a tree."""
        return html5lib.parse(self.text, namespaceHTMLElements=False)

    def _form(self, element: Element) -> Form:
        form = Form(urljoin(self.url, element.get("action") or self.url))
        for part in element.iter():
            name, value = part.get("name"), part.get("value", "")
            if name and part.tag == "textarea":
                form.fields[name] = part.text or ""
            elif name and part.tag == "input" and part.get("type") not in {"checkbox", "radio", "submit"}:
                form.fields[name] = value
            elif name and part.tag == "input" and part.get("type") != "submit":
                form.fields.setdefault(name, value)
        return form

    def _arrived(self, response: requests.Response) -> requests.Response:
        assert response.status_code == 200, f"{response.status_code} for {response.url}:\n{response.text[-1500:]}"
        self.url, self.text = response.url, response.text
        return response
