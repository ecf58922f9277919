"""A suite: questions with known answers over articles of its own, read from JSON Lines and checked line by line.

The first line is the header, every other line a case. What is wrong is named as ``path:line``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import TypeVar

from eval import json_lines
from eval.cases import Case, Gold, Json, SummaryRequest, case_from, check_keys, text
from rag.errors import BundleError, InputError, UsageError
from rag.records import Article

SHIPPED = Path(__file__).parent / "suites"
SUFFIXES = frozenset({".txt", ".md", ".markdown", ".html", ".htm", ".jsonl"})
MOST = 20
"""Faults of a suite that are told; a file that is no suite at all has as many as lines."""
HEADER = frozenset({"suite", "version", "articles", "description"})

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Suite:
    """Cases and the folder of articles they are asked about."""

    name: str
    version: str
    description: str
    path: Path
    articles: Path
    cases: tuple[Case, ...]
    digest: str
    """SHA-256 over the suite file and its articles."""


def shipped() -> tuple[str, ...]:
    """The names of the suites that come with the package."""
    return tuple(sorted(found.stem for found in SHIPPED.glob("*.jsonl")))


def load_suite(name_or_path: str | Path) -> Suite:
    """The suite of that file, or the shipped one of that name."""
    path = _find(name_or_path)
    lines = list(json_lines.lines(json_lines.content(path)))
    if not lines:
        raise InputError(f"{path}: the suite is empty; its first line must be the header.")
    header = _read(path, *lines[0], _header)
    articles = _articles(path, lines[0][0], header["articles"])
    return Suite(
        name=header["suite"],
        version=header["version"],
        description=header["description"],
        path=path,
        articles=articles,
        cases=_cases(path, lines[1:]),
        digest=_digest(path, articles),
    )


def select(cases: Iterable[Case], *, tags: Iterable[str] = (), limit: int | None = None) -> tuple[Case, ...]:
    """The first ``limit`` cases that carry any of ``tags``; no tags means all cases."""
    cases, wanted = tuple(cases), set(tags)
    known = {tag for case in cases for tag in case.tags}
    if unknown := sorted(wanted - known):
        raise UsageError(f"No case is tagged '{unknown[0]}'. The tags are: {', '.join(sorted(known))}.")
    kept = tuple(case for case in cases if not wanted or wanted & set(case.tags))
    return kept if limit is None else kept[:limit]


def locate(suite: Suite, articles: Iterable[Article]) -> Suite:
    """The suite with every gold article named by its id.

    Raises:
        InputError: an article is unknown, or lacks the quote; all such cases by line.
    """
    known, located, faults = list(articles), [], []
    for case in suite.cases:
        try:
            located.append(_located(case, known))
        except ValueError as error:
            faults.append(f"{suite.path}:{case.line}: case '{case.id}': {error}.")
    _raise(faults)
    return replace(suite, cases=tuple(located))


def article_files(folder: Path) -> tuple[Path, ...]:
    """The files of a folder that hold articles, by relative path; a README that describes them holds none."""
    found = (path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES and path.is_file())
    kept = (path for path in found if path.stem.lower() != "readme")
    return tuple(sorted(kept, key=lambda path: path.relative_to(folder).as_posix()))


def _find(name_or_path: str | Path) -> Path:
    path = Path(name_or_path)
    try:
        found = path.is_file()
    except (OSError, ValueError):
        found = False
    if found:
        return path
    if str(name_or_path) in shipped():
        return SHIPPED / f"{name_or_path}.jsonl"
    names = ", ".join(shipped())
    raise InputError(f"No suite '{name_or_path}'. Give a .jsonl file, or the name of a shipped suite: {names}.")


def _read(path: Path, number: int, line: str, build: Callable[[Json], T]) -> T:
    record = json_lines.record(path, number, line)
    try:
        return build(record)
    except ValueError as error:
        raise InputError(f"{path}:{number}: {error}.") from None


def _header(record: Json) -> dict[str, str]:
    if "id" in record and "suite" not in record:
        raise ValueError("a case where the header should be; start with one line of suite, version and articles")
    check_keys(record, HEADER)
    version = record["version"]
    if isinstance(version, int):
        record = record | {"version": str(version)}
    return {key: text(record, key) for key in sorted(HEADER)}


def _cases(path: Path, lines: list[tuple[int, str]]) -> tuple[Case, ...]:
    cases: dict[str, Case] = {}
    faults = []
    for number, line in lines:
        try:
            case = replace(_read(path, number, line, case_from), line=number)
        except InputError as error:
            faults.append(str(error))
            continue
        if earlier := cases.get(case.id):
            faults.append(f"{path}:{number}: id '{case.id}' is already that of line {earlier.line}; change one.")
        cases.setdefault(case.id, case)
    _raise(faults)
    if not cases:
        raise InputError(f"{path}: the suite has a header but no cases; add one case a line.")
    return tuple(cases.values())


def _raise(faults: list[str]) -> None:
    """All faults of a suite at once, a line each, so that they can be mended at once."""
    if faults:
        more = [f"and {len(faults) - MOST} faults more."] if len(faults) > MOST else []
        raise InputError("\n".join([*faults[:MOST], *more]))


def _articles(path: Path, line: int, named: str) -> Path:
    if named == "seeds":
        return seeds()
    folder = path.parent / named
    if not folder.is_dir():
        raise InputError(f"{path}:{line}: no folder '{named}' beside the suite; correct 'articles' in the header.")
    if folder.resolve() == path.parent.resolve():
        raise InputError(f"{path}:{line}: 'articles' is the suite's own folder; give the articles one of theirs.")
    if not article_files(folder):
        raise InputError(f"{path}:{line}: the folder '{named}' holds no articles; put some there.")
    return folder


def seeds() -> Path:
    """The folder of the sample articles."""
    try:
        return Path(str(files("seeds")))
    except ModuleNotFoundError:
        raise BundleError("The sample articles (package 'seeds') are missing; install Groundwire again.") from None


def _digest(path: Path, folder: Path) -> str:
    total = hashlib.sha256(path.read_bytes())
    for file in article_files(folder):
        content = hashlib.sha256(file.read_bytes()).hexdigest()
        total.update(f"\n{file.relative_to(folder).as_posix()}\n{content}".encode())
    return total.hexdigest()


def _located(case: Case, articles: list[Article]) -> Case:
    gold = tuple(_located_gold(gold, articles) for gold in case.gold)
    request = case.summarize and _located_request(case.summarize, articles)
    return replace(case, gold=gold, summarize=request)


def _located_gold(gold: Gold, articles: list[Article]) -> Gold:
    found = _named(gold.article, articles)
    if gold.quote not in found.text:
        raise ValueError(f"'{gold.article}' does not contain '{_short(gold.quote)}'; quote it exactly")
    return replace(gold, article=found.id)


def _located_request(request: SummaryRequest, articles: list[Article]) -> SummaryRequest:
    story = _named(request.story, articles).id if request.story else None
    return replace(request, articles=tuple(_named(name, articles).id for name in request.articles), story=story)


def _named(name: str, articles: list[Article]) -> Article:
    found = [article for article in articles if name in names(article)]
    if len(found) != 1:
        what = f"{len(found)} articles are" if found else "no article is"
        raise ValueError(f"{what} called '{name}'; give an article's id, file name, address or title")
    return found[0]


def names(article: Article) -> set[str | None]:
    """What an article may be called by: its id, file name with or without its ending, address and title."""
    origin = Path(article.origin) if article.origin else None
    return {article.id, article.url, article.title} | ({origin.name, origin.stem} if origin else set())


def _short(words: str) -> str:
    return words if len(words) <= 60 else words[:57] + "..."
