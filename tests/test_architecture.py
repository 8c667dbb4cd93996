"""The import rules of the package, and the style that can be read off its source."""

import ast
import importlib
import inspect
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "cancerres_kit"
PUBLIC = {
    "alterations", "atlas", "civic", "display", "explorers", "figures", "lessons", "links",
    "models", "profiles", "reports", "schema", "theme",
}  # fmt: skip

# Each module with what it may import; what those may import is below it, and so allowed too.
MAY_IMPORT = {
    "schema": set(),
    "alterations": {"schema"},
    "excerpts": {"schema"},
    "merging": {"schema"},
    "atlas": {"excerpts", "merging"},
    "civic": {"alterations", "schema"},
    "theme": set(),
    "models": {"schema"},
    "links": {"alterations", "atlas", "theme"},
    "display": {"links"},
    "figures": {"schema", "theme"},
    "profiles": {"alterations", "display", "links"},
    "explorers": {"display", "figures", "links", "models", "profiles"},
    "lessons": {"schema"},
    "reports": {"display", "lessons", "links", "profiles"},
    "__init__": PUBLIC,
    "cli": PUBLIC | {"__init__"},
    "__main__": {"cli"},
}
HEAVY = ("frictionless", "ipywidgets", "nbformat", "papermill", "plotly", "scipy")
MOST_LINES = 300


def files() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def module(path: Path) -> str:
    """Name a file has in the table; a folder counts as one module."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(path: Path) -> set[str]:
    """Modules of ours that a file imports anywhere, itself left out."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            names |= {node.module, *(f"{node.module}.{name.name}" for name in node.names)}
    ours = [name.split(".") for name in names if name and name.split(".")[0] == "cancerres_kit"]
    found = {parts[1] for parts in ours if len(parts) > 1} & set(MAY_IMPORT)
    whole = {"__init__"} if ["cancerres_kit"] in ours and not found else set()
    return (found | whole) - {module(path)}


def below(name: str) -> set[str]:
    """Everything that a module may import."""
    direct = MAY_IMPORT[name]
    return direct.union(*(below(other) for other in direct))


def public_functions(name: str) -> list:
    """Functions, and methods of classes, that a public module shows; overriding ones left out."""
    module = importlib.import_module(f"cancerres_kit.{name}")
    shown = [
        member
        for name, member in inspect.getmembers(module)
        if name in getattr(module, "__all__", dir(module))
        and not name.startswith("_")
        and getattr(member, "__module__", "").startswith(module.__name__)
    ]
    methods = [
        member
        for owner in shown
        if inspect.isclass(owner)
        for name, member in vars(owner).items()
        if not name.startswith("_") and not any(hasattr(base, name) for base in owner.__bases__)
    ]
    return [member for member in [*shown, *methods] if inspect.isfunction(member)]


each_file = pytest.mark.parametrize(
    "path", files(), ids=lambda path: str(path.relative_to(PACKAGE))
)


def test_table_lists_the_modules_there_are():
    assert set(MAY_IMPORT) == {module(path) for path in files()}


@each_file
def test_imports_point_downwards(path):
    assert imported(path) <= below(module(path))


def test_figures_know_neither_tables_nor_lessons():
    assert not below("figures") & {"atlas", "links", "display", "lessons"}


def test_models_know_no_tables():
    assert below("models") == {"schema"}


def test_loading_stays_light():
    code = "import sys, cancerres_kit; cancerres_kit.load(); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not set(HEAVY) & set(done.stdout.split())


@each_file
def test_modules_are_short_and_say_what_they_are_for(path):
    source = path.read_text(encoding="utf-8")
    assert len(source.splitlines()) < MOST_LINES
    assert ast.get_docstring(ast.parse(source))


@each_file
def test_names_say_what_things_are(path):
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    stored = {
        node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    defined = {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    assert not stored & {"df", "data2"}
    assert not [name for name in defined if name.startswith("get_")]
    assert path.stem not in {"utils", "helpers"}


@pytest.mark.parametrize("name", sorted(PUBLIC))
def test_public_functions_are_documented(name):
    for function in public_functions(name):
        text = inspect.getdoc(function) or ""
        where = f"{function.__module__}.{function.__qualname__}"
        signature = inspect.signature(function)
        described = [name for name in signature.parameters if name not in {"self", "cls"}]
        assert not described or "Parameters\n---" in text, where
        missing = [name for name in described if name not in text.partition("Parameters")[2]]
        assert not missing, f"{where} does not describe {missing}"
        if described and str(signature.return_annotation) not in {"None", "NoReturn"}:
            assert "Returns\n---" in text, where
        if any(isinstance(node, ast.Raise) for node in ast.walk(parsed(function))):
            assert "Raises\n---" in text, where


def parsed(function) -> ast.Module:
    return ast.parse(textwrap.dedent(inspect.getsource(function)))
