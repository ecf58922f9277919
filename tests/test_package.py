"""What is released: one version, pinned requirements, and a README whose commands are the ones that are run."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PINNED = re.compile(
    r"^([a-z0-9][a-z0-9.-]*)==([^\s;]+)( ; [^\\]+)? \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.M
)
FILES = ("constraints.txt", "constraints-test.txt")


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def pins(*names: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for match in PINNED.finditer("".join(map(read, names))):
        found.setdefault(match[1], set()).add(match[2])
    return found


def blocks() -> list[str]:
    return re.findall(r"^```sh\n(.*?)^```", read("README.md"), re.M | re.S)


def names(requirements: list[str]) -> list[str]:
    return [re.split(r"[<>=!~ ;\[]", requirement)[0].lower() for requirement in requirements]


def test_one_version_everywhere() -> None:
    newest = re.search(r"^## \[?(\d+\.\d+\.\d+)", read("CHANGELOG.md"), re.M)
    assert newest
    assert newest[1] == PROJECT["project"]["version"] == version("groundwire")


def test_readme_opens_with_the_command_that_serves_the_sample_articles() -> None:
    first = blocks()[0]
    assert first.rstrip().endswith("groundwire serve --demo")
    assert " -r constraints.txt " in first
    assert read("README.md").splitlines().index("```sh") < 30


def test_readme_states_the_test_command_second() -> None:
    second = blocks()[1]
    assert ".venv/bin/pytest" in second
    assert " -r constraints-test.txt " in second


@pytest.mark.parametrize("name", FILES)
def test_every_requirement_is_pinned_by_hash_and_no_host_is_named(name: str) -> None:
    rest = PINNED.sub("", read(name))
    lines = [line for line in rest.splitlines() if not line.startswith("#")]
    assert lines == ([] if name == "constraints.txt" else ["-r constraints.txt"])


def test_everything_declared_is_pinned_to_what_is_installed() -> None:
    project = PROJECT["project"]
    declared = names([*project["dependencies"], *project["optional-dependencies"]["test"]])
    assert {name: version(name) for name in declared if version(name) not in pins(*FILES).get(name, ())} == {}


def test_the_build_is_pinned_too() -> None:
    assert [requirement.split("==") for requirement in PROJECT["build-system"]["requires"]] == [
        ["hatchling", *pins("constraints.txt")["hatchling"]]
    ]
