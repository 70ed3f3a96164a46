"""What people type is cut, stripped or mended in one place: `foundation.text`, `foundation.numbers`, `cases.written`.

Whoever does it beside them changes a value silently, or lets through what they refuse. Looked at are views, which have
a request, and actions, which have an actor (`by`): there every text comes from somebody.
"""

import ast
from pathlib import Path

from django.conf import settings

CHANGING = {"strip", "lstrip", "rstrip", "replace", "removeprefix", "removesuffix", "translate"}
BY_ITSELF = {
    "payments/ledger/opening.py: label[:200]": "the name of a procedure or a facility, which nobody types",
    "payments/paying/attempts.py: method[:24]": "a provider's word for the way of paying, no person's",
    "desk/money.py: posted.get(name, '').translate(TRIANGLES)": "▲ is how accounts write a minus; `read_yen` follows",
}
"""File and expression → why the text may be changed there."""


def typed_names(function):
    """The names in a function that hold what somebody typed: of the request, and the texts that an action is given."""
    arguments = [*function.args.args, *function.args.kwonlyargs]
    is_action = any(one.arg == "by" for one in arguments)
    names = {one.arg for one in arguments if is_action and one.annotation and ast.unparse(one.annotation) == "str"}
    names |= {one.arg for one in arguments if one.annotation and ast.unparse(one.annotation) == "Mapping[str, str]"}
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and _is_typed(node.value, names):
            names |= {one.id for target in node.targets for one in ast.walk(target) if isinstance(one, ast.Name)}
        if isinstance(node, ast.NamedExpr) and _is_typed(node.value, names):
            names.add(node.target.id)
    return names


def _is_typed(value, names):
    """Whether a text is the request's as it came: nothing has read it yet."""
    match value:
        case ast.Name(id=name):
            return name in names
        case ast.Attribute(value=ast.Name(id="request"), attr="POST" | "GET"):
            return True
        case ast.Call(func=ast.Attribute(value=of, attr="get" | "getlist" | "lower" | "upper")):
            return _is_typed(of, names)
        case ast.Call(func=ast.Attribute(value=of, attr=change)) if change in CHANGING:
            return _is_typed(of, names)
        case ast.Subscript(value=of):
            return _is_typed(of, names)
        case ast.BoolOp(values=several) | ast.Tuple(elts=several):
            return any(_is_typed(one, names) for one in several)
        case ast.IfExp(body=one, orelse=other):
            return _is_typed(one, names) or _is_typed(other, names)
    return False


def changes(source):
    """The expressions by which something typed is stripped, replaced or cut."""
    for function in [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)]:
        names = typed_names(function)
        for node in ast.walk(function):
            match node:
                case ast.Call(func=ast.Attribute(value=of, attr=change)) if change in CHANGING:
                    changed = _is_typed(of, names)
                case ast.Subscript(value=of, slice=ast.Slice()):
                    changed = _is_typed(of, names)
                case _:
                    changed = False
            if changed:
                yield ast.unparse(node)


def found():
    root = Path(settings.PACKAGE)
    for path in sorted(root.rglob("*.py")):
        short = str(path.relative_to(root))
        if "tests" not in path.parts and not short.startswith(("catalogue/", "foundation/", "config/", "design/")):
            for line in changes(path.read_text()):
                yield f"{short}: {line}"


def test_nothing_typed_is_cut_or_stripped_beside_the_reader():
    assert sorted(set(found())) == sorted(BY_ITSELF)


def test_the_guard_finds_what_it_looks_for():
    """The control."""
    view = 'def page(request):\n    desk = request.POST.get("desk") or request.GET["q"]\n    return desk.strip()[:20]'
    assert len(list(changes(view))) == 2
    assert list(changes('def page(request):\n    return request.POST.get("q", "").replace("a", "")'))
    assert list(changes("def close(slots, because: str, *, by):\n    return because[:400]"))
    assert not list(changes('def page(request):\n    return sought(request.GET.get("q", ""), 200)[:3]'))
