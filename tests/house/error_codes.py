"""Every error code that the source can produce, found by reading it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from telnyx_toolkit import errors

#: What takes a code as an argument by place: its name, and which place.
_BY_PLACE = {"Deny": 0, "Problem": 0, "not_yet": 0, "_problem": 0, "Defer": 2}
#: With which exit status an error of it ends a command; those of errors.py say it themselves.
_EXITS = {"Deny": 5, "Defer": 5, "Problem": 6, "not_yet": 6, "_problem": 3}
_SLUG = re.compile(r"[a-z]+(?:_[a-z]+)*")
#: What is raised over MCP alone ends no command.
NO_EXIT = 0
#: One that holds an HTTP status.
DYNAMIC = "telnyx_<status>"
Found = tuple[str, int]


def codes_in(package: Path) -> set[Found]:
    """Each code in the source with its exit status; the sandbox's are Telnyx's, and not ours."""
    found: set[Found] = set()
    for path in package.rglob("*.py"):
        if "simulator" in path.parts:
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found |= set(_codes(tree))
        if path.name == "number_gate.py":
            found |= {(code, 5) for code in _refused_numbers(tree)}
    return found


def _codes(tree: ast.AST) -> Iterator[Found]:
    for node in ast.walk(tree):
        match node:
            case ast.ClassDef():
                yield from _of_class(node)
            case ast.Call():
                yield from _of_call(node)
            case _:
                pass


def _of_class(node: ast.ClassDef) -> Iterator[Found]:
    """`default_code = "busy"` of an error, `code: str = "too_early"` of a verdict."""
    for line in node.body:
        match line:
            case ast.Assign(targets=[ast.Name("default_code")], value=ast.Constant(str(code))):
                yield code, _exit_of(node.name)
            case ast.AnnAssign(target=ast.Name("code"), value=ast.Constant(str(code))) if code:
                yield code, _exit_of(node.name)
            case _:
                pass


def _of_call(node: ast.Call) -> Iterator[Found]:
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    given = [keyword.value for keyword in node.keywords if keyword.arg == "code"]
    place = _BY_PLACE.get(name)
    if place is not None and len(node.args) > place:
        given.append(node.args[place])
    for value in given:
        match value:
            case ast.Constant(str(code)) if _SLUG.fullmatch(code):
                yield code, _exit_of(name)
            case ast.JoinedStr(values=[ast.Constant("telnyx_"), ast.FormattedValue()]):
                yield DYNAMIC, 6
            case ast.JoinedStr():
                raise AssertionError(f"a code that no page can list: {ast.unparse(value)}")
            case _:
                pass


def _refused_numbers(tree: ast.AST) -> Iterator[str]:
    """Its rules are pairs of a code and a reason."""
    for node in ast.walk(tree):
        match node:
            case ast.Tuple(elts=[ast.Constant(str(code)), _]) if _SLUG.fullmatch(code):
                yield code
            case _:
                pass


def _exit_of(name: str) -> int:
    if name in _EXITS:
        return _EXITS[name]
    if name == "ToolkitError":
        return NO_EXIT
    return getattr(errors, name).exit_code if hasattr(errors, name) else NO_EXIT
