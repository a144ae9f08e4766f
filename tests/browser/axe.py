"""Runs axe-core on a page as it stands."""

import json
from functools import cache
from pathlib import Path

SOURCE = Path(__file__).resolve().parent.parent.parent / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@cache
def _source() -> str:
    return SOURCE.read_text()


def axe(page) -> list[str]:
    """What axe finds, one line each: the rule, what it says, and where. Empty when all is well.

    The script comes in by the browser's own debugging door, so the page keeps its strict policy.
    """
    session = page.context.new_cdp_session(page)
    _evaluate(session, f"void (window.axe || (0, function () {{ {_source()} }}).call(window))")
    found = _evaluate(session, f"axe.run(document, {json.dumps({'runOnly': TAGS, 'resultTypes': ['violations']})})")
    session.detach()
    return [
        f"{violation['id']}: {violation['help']}: {node['target']} {node['html'][:160]}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


def findings(page) -> list[str]:
    """What axe says at both widths in both colour schemes, and whether a phone must scroll sideways."""
    found = []
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            found += [f"{width} {scheme}: {line}" for line in axe(page)]
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            found.append(f"{width}: the page is {wide} wide")
    return found


def _evaluate(session, expression: str):
    answer = session.send("Runtime.evaluate", {"expression": expression, "awaitPromise": True, "returnByValue": True})
    assert "exceptionDetails" not in answer, answer["exceptionDetails"]
    return answer["result"].get("value")
