"""How the code hangs together: who imports whom, which file knows which library, and what stays light."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

import rag

ROOT = Path(__file__).parents[1]
OURS = ("rag", "eval", "ui", "seeds")
MAY_IMPORT = {"seeds": {"seeds"}, "rag": {"rag"}, "eval": {"eval", "rag"}, "ui": {"ui", "eval", "rag"}}
KNOWN_TO = {
    "anyio": {"ui.serving.server"},
    "chromadb": {"rag.vectors"},
    "click": {
        *("ui.cli", "ui.commands.ingest", "ui.commands.articles", "ui.commands.options", "ui.commands.terminal"),
        *("ui.commands.mcp", "ui.commands.serve"),
        *("eval.__main__", "eval.commands.group", "eval.commands.shared"),
        *("eval.commands.compare", "eval.commands.injection", "eval.commands.judge"),
        *("eval.commands.new", "eval.commands.report", "eval.commands.run", "eval.commands.score"),
    },
    "dateutil": {"rag.intake.times"},
    "docx": {"rag.intake.docx"},
    "dotenv": {"rag.settings"},
    "fastapi": {"ui.http.api.faults", "ui.http.api.manual", "ui.http.api.routes", "ui.page.layout", "ui.serving.app"},
    "filelock": {"eval.running.journal", "rag.store", "rag.vectors"},
    "gradio": {"ui.page.layout"},
    "httpcore": {"rag.fetching.door"},
    "httpx": {"rag.fetching.answers", "rag.fetching.door", "rag.fetching.fetch"},
    "jinja2": {"eval.reports.html"},
    "langchain": {"rag.chat_models.opening", "rag.embedder"},
    "langchain_core": {
        *("rag.archive", "rag.chain", "rag.embedder", "rag.retriever", "rag.writers"),
        *("rag.chat_models.compatible", "rag.chat_models.opening", "rag.chat_models.provider"),
        "eval.injecting.obedient",
    },
    "langchain_openai": {"rag.chat_models.compatible"},
    "langsmith": {"rag.chain"},
    "lxml": {"rag.intake.feeds", "rag.intake.trees"},
    "markdown_it": {"rag.intake.markdown"},
    "mcp": {"ui.http.assistants.mcp"},
    "onnxruntime": {"rag.networks"},
    "platformdirs": {"rag.settings"},
    "protego": {"rag.fetching.robots"},
    "py3langid": {"rag.intake.languages"},
    "pydantic": {
        "eval.running.outputs",
        "ui.calls",
        "ui.http.api.asked",
        "ui.http.api.ingesting",
        "ui.http.told",
        "ui.http.assistants.tools",
    },
    "pypdfium2": {"rag.intake.pdf"},
    "pytest": {"eval.plugin"},
    "python_multipart": {"ui.http.api.uploads"},
    "rensa": {"rag.copies"},
    "sentencex": {"rag.passages"},
    "snowballstemmer": {"rag.words"},
    "sqlite3": {"rag.database", "eval.provenance"},
    "starlette": {
        *("ui.http.api.faults", "ui.http.api.ingesting", "ui.http.api.manual", "ui.http.api.routes"),
        *("ui.http.api.stream", "ui.http.assistants.mcp", "ui.http.completions.routes"),
        *("ui.http.framed", "ui.http.histories", "ui.http.sent", "ui.http.waiting", "ui.page.layout"),
        *("ui.serving.body", "ui.serving.gate", "ui.serving.login", "ui.serving.origins"),
        *("ui.page.layout", "ui.serving.app", "ui.serving.refusals", "ui.serving.shell"),
    },
    "tiktoken": {"rag.tokens"},
    "tokenizers": {"rag.networks"},
    "tqdm": {"eval.commands.shared", "ui.commands.progress"},
    "trafilatura": {"rag.intake.pages"},
    "uvicorn": {"ui.serving.protocol", "ui.serving.server"},
    "yaml": {"rag.intake.markdown"},
}
LOADS_US = {"pytest"}
"""Imported only where it runs already, so that nobody needs it for the rest."""
EVERYWHERE = {"numpy"}
"""Arrays are how vectors travel; there is no one place for them."""
RECIPES = "rag.models."
"""What rebuilds the bundled files runs on a developer's machine only, with what its own text asks for."""
LONGEST = 400
HEAVY = {"chromadb", "gradio", "langchain", "langchain_core", "mcp", "numpy", "onnxruntime", "openai", "trafilatura"}


@cache
def modules() -> Mapping[str, Path]:
    files = [file for top in OURS for file in (ROOT / top).rglob("*.py")]
    return {_name(file): file for file in sorted(files)}


@cache
def imported(file: Path, *, at_run_time: bool = False) -> frozenset[str]:
    """Dotted names a file imports, inside functions too; limited to those that more than a type checker sees."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return frozenset(name for node in _statements(tree, at_run_time) for name in _names(node))


def test_packages_import_one_way() -> None:
    wrong = [
        f"{module} imports {name}"
        for module, file in modules().items()
        for name in imported(file)
        if _top(name) in OURS and _top(name) not in MAY_IMPORT[_top(module)]
    ]
    assert wrong == []


def test_no_modules_import_each_other_in_a_circle() -> None:
    _no_circle(_imports())


@pytest.mark.parametrize("top", ["eval", "ui", "ui.http"])
def test_no_parts_of_a_package_import_each_other_in_a_circle(top: str) -> None:
    graph: dict[str, set[str]] = {}
    for module, names in _imports().items():
        if part := _part(module, top):
            graph.setdefault(part, set()).update(other for name in names if (other := _part(name, top)))
    _no_circle({part: names - {part} for part, names in graph.items()})


@pytest.mark.parametrize("module", ["rag.records", "rag.errors"])
def test_foundations_import_nothing_but_the_standard_library(module: str) -> None:
    assert {_top(name) for name in imported(modules()[module])} <= sys.stdlib_module_names


def test_each_outside_library_is_known_where_the_table_says() -> None:
    knowing: dict[str, set[str]] = {library: set() for library in KNOWN_TO}
    for module, file in modules().items():
        for library in _outside(imported(file)) | ({"sqlite3"} & imported(file)):
            knowing.setdefault(library, set()).add(module)
    everywhere = {library: knowing.pop(library) for library in EVERYWHERE}
    assert all(everywhere.values())
    assert {library: users for library, users in knowing.items() if not _only_recipes(users)} == KNOWN_TO


def test_what_is_imported_is_declared_and_what_is_declared_is_imported() -> None:
    libraries = {
        library
        for module, file in modules().items()
        if not module.startswith(RECIPES)
        for library in _outside(imported(file))
    }
    assert _distributions(libraries - LOADS_US) == _declared("dependencies")


def test_what_tests_import_is_declared() -> None:
    files = sorted((ROOT / "tests").glob("*.py"))
    libraries = (
        {library for file in files for library in _outside(imported(file))}
        - {file.stem for file in files}
        - {"benchmarks"}
    )
    assert _distributions(libraries) <= _declared("dependencies") | _declared("test")


def test_the_library_only_exports_what_it_names() -> None:
    tree = ast.parse((ROOT / "rag/__init__.py").read_text(encoding="utf-8"))
    defined = [node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    assert defined in ([], ["__getattr__"])
    assert rag.__all__ == sorted(rag.__all__)
    assert all(hasattr(rag, name) for name in rag.__all__)


@pytest.mark.parametrize("arguments", [["--help"], ["ask", "--help"], ["eval", "run", "--help"]], ids=" ".join)
def test_help_loads_no_slow_library(arguments: list[str]) -> None:
    loaded = _python(f"""
import sys
from ui.cli import cli
try:
    cli({arguments!r})
except SystemExit:
    print("loaded:", *{{name.partition(".")[0] for name in sys.modules}})
""")
    assert set(loaded.rpartition("loaded:")[2].split()) & HEAVY == set()


def test_no_file_is_long() -> None:
    lengths = {module: len(file.read_text(encoding="utf-8").splitlines()) for module, file in modules().items()}
    assert {module: lines for module, lines in lengths.items() if lines > LONGEST} == {}


def test_every_module_says_what_it_is_for() -> None:
    assert [
        name for name, file in modules().items() if not ast.get_docstring(ast.parse(file.read_text("utf-8")))
    ] == []


def test_no_file_names_a_registry_or_a_home_folder() -> None:
    # Written in pieces, or this file would be the first to be found.
    forbidden = re.compile(
        b"py" + rb"pi\.org|pythonhosted\.|registry\.npmjs\.|deb\.debian\.|/(root|home/\w+|Users/\w+)/"
    )
    found = {
        f"{file.relative_to(ROOT)}: {match[0].decode()}"
        for file in _committed()
        for match in [forbidden.search(file.read_bytes())]
        if match
    }
    assert found == set()


def _imports() -> dict[str, set[str]]:
    """Which of our modules each of them imports at run time."""
    return {module: _our_modules(imported(file, at_run_time=True)) - {module} for module, file in modules().items()}


def _no_circle(graph: Mapping[str, Iterable[str]]) -> None:
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" <- ".join(error.args[1]))


def _part(module: str, top: str) -> str | None:
    """The package or file directly within a package that a module is, or is in."""
    within = module.removeprefix(f"{top}.")
    return None if within == module else within.partition(".")[0]


def _only_recipes(users: Iterable[str]) -> bool:
    return all(user.startswith(RECIPES) for user in users)


def _name(file: Path) -> str:
    return ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def _top(name: str) -> str:
    return name.partition(".")[0]


def _statements(node: ast.AST, at_run_time: bool) -> Iterator[ast.Import | ast.ImportFrom]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import | ast.ImportFrom):
            yield child
        elif not (at_run_time and isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING"):
            yield from _statements(child, at_run_time)


def _names(node: ast.Import | ast.ImportFrom) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    assert node.level == 0, f"line {node.lineno}: imports are absolute"
    return [f"{node.module}.{alias.name}" for alias in node.names]


def _our_modules(names: Iterable[str]) -> set[str]:
    """``from rag import dates`` names a module, ``from rag.claims.dates import Span`` something in one."""
    return {name if name in modules() else name.rpartition(".")[0] for name in names if _top(name) in OURS}


def _outside(names: Iterable[str]) -> set[str]:
    return {_top(name) for name in names} - sys.stdlib_module_names - set(OURS)


def _distributions(libraries: Iterable[str]) -> set[str]:
    known = packages_distributions()
    return {_normal(known[library][0]) for library in libraries}


def _declared(group: str) -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    requirements = project.get(group) or project["optional-dependencies"][group]
    return {_normal(re.split(r"[<>=!~ ;\[]", requirement)[0]) for requirement in requirements}


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _committed() -> list[Path]:
    """Every file that is or may come to be under version control; where there is none, every file."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, check=False,
    )  # fmt: skip
    names = listing.stdout.decode().split("\0") if listing.returncode == 0 else []
    files = [ROOT / name for name in names] if any(names) else [*modules().values(), *ROOT.glob("*.*")]
    return [file for file in files if file.is_file()]


def _python(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
