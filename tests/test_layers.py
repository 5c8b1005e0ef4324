"""The import graph has no cycle, including imports inside functions and those only for type checkers."""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGES = ("lap_assets", "lap_gui")


def modules() -> dict[str, Path]:
    found = {}
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            found[name.removesuffix(".__init__")] = path
    return found


def imports(node: ast.AST) -> Iterator[str]:
    """Return the names of modules, and of possible modules, that a module imports."""
    if isinstance(node, ast.ImportFrom):
        assert node.level == 0, f"line {node.lineno}: a relative import"
        yield str(node.module)
        yield from (f"{node.module}.{alias.name}" for alias in node.names)
    elif isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    for other in ast.iter_child_nodes(node):
        yield from imports(other)


def import_graph() -> dict[str, set[str]]:
    known = modules()
    return {
        name: {other for other in imports(ast.parse(path.read_text("utf-8"))) if other in known} - {name}
        for name, path in known.items()
    }


def rooms(graph: Mapping[str, set[str]]) -> dict[str, set[str]]:
    """Return the import graph of packages below `lap_assets` and modules in it; `lap_gui` is one node."""

    def room(module: str) -> str:
        first, *rest = module.split(".")
        return ".".join([first, *rest[:1]]) if first == "lap_assets" else first

    found: dict[str, set[str]] = {}
    for module, others in graph.items():
        found.setdefault(room(module), set()).update(room(other) for other in others)
    return {name: others - {name} for name, others in found.items()}


def circles(graph: Mapping[str, set[str]]) -> list[list[str]]:
    """Return the strongly connected components with more than one member."""

    def reached(start: str) -> set[str]:
        seen: set[str] = set()
        waiting = [start]
        while waiting:
            for other in graph[waiting.pop()] - seen:
                seen.add(other)
                waiting.append(other)
        return seen

    reach = {name: reached(name) for name in graph}
    parts = {tuple(sorted({name, *(o for o in reach[name] if name in reach[o])})) for name in graph}
    return sorted(list(part) for part in parts if len(part) > 1)


def test_circles_are_found() -> None:
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": {"a"}}) == [["b", "c"]]
    assert circles({"a": {"b"}, "b": {"c"}, "c": set()}) == []


def test_imports_inside_functions_and_for_type_checkers_count() -> None:
    source = "if TYPE_CHECKING:\n    import a\nelse:\n    import b\ndef f():\n    from c import d\n"
    assert sorted(imports(ast.parse(source))) == ["a", "b", "c", "c.d"]


def test_no_modules_import_each_other_in_a_circle() -> None:
    assert circles(import_graph()) == []


def test_no_rooms_import_each_other_in_a_circle() -> None:
    assert circles(rooms(import_graph())) == []
