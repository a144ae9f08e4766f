"""A page in /cms/ that asks once more before something is done, and does it by the rules."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render


@dataclass(frozen=True)
class Question:
    """What the page says: its title, what will happen, the button, what is said when it is done, where to go."""

    title: str
    told: list[str]
    button: str
    done: str
    back_url: str
    icon: str = "group"
    is_serious: bool = False


def typed(request: HttpRequest) -> Any:
    """What was sent, also when it was nothing; None when the page is only looked at."""
    return request.POST if request.method == "POST" else None


def ask(
    request: HttpRequest, question: Question, form: forms.Form, act: Callable[[dict[str, Any]], Any]
) -> HttpResponse:
    """Shows the question, or does `act` with what was typed. What the rules refuse is said on the page."""
    if request.method == "POST" and form.is_valid():
        try:
            result = act(form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, question.done)
            return redirect(result if isinstance(result, str) else question.back_url)
    facts = {"form": form, "question": question, "page_title": question.title, "header_title": question.title}
    return render(request, "mentoring/cms/act.html", facts | {"header_icon": question.icon})
