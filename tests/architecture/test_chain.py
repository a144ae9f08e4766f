"""What import-linter cannot say: that nothing stands outside it, and the size of the pieces."""

import ast
import tomllib
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent.parent
PACKAGES = tomllib.loads((BASE / "pyproject.toml").read_text())["tool"]["importlinter"]["root_packages"]
SOURCES = sorted(
    path
    for package in [*PACKAGES, "tests"]
    for path in (BASE / package).rglob("*.py")
    if "migrations" not in path.parts and "__pycache__" not in path.parts
)
ACTIVITY_LESS = {"services", "utils", "helpers", "common", "core", "misc"}


def test_every_package_stands_in_the_chain():
    packages = {path.parent.name for path in BASE.glob("*/__init__.py")}
    assert packages - {"tests"} == set(PACKAGES)


def test_every_app_says_its_order():
    contracts = tomllib.loads((BASE / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    ordered = {container for contract in contracts for container in contract.get("containers", [])}
    apps = {".".join(path.parent.relative_to(BASE).parts) for path in SOURCES if path.name == "apps.py"}
    assert apps - ordered == set()


def test_files_are_named_by_activity():
    named = [path for path in SOURCES if path.relative_to(BASE).parts[0] != "tests"]
    assert [path for path in named if ACTIVITY_LESS & {path.stem, path.parent.name}] == []


def test_files_are_short():
    assert {_name(path): lines for path in SOURCES if (lines := len(path.read_text().splitlines())) > 400} == {}


def test_functions_are_short():
    assert [f"{_name(path)}:{node.name}" for path in SOURCES for node in _functions(path) if _lines(node) > 50] == []


def _name(path: Path) -> str:
    return str(path.relative_to(BASE))


def _functions(path: Path) -> list[ast.FunctionDef]:
    return [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef)]


def _lines(node: ast.FunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1
