"""The page that tells programmers what they may ask: an OpenAPI document as plain HTML, without a script."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from ui.html.markup import escape

_HEAD = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Groundwire for programs</title>'
    '<meta name="viewport" content="width=device-width, initial-scale=1">'
    '<meta name="color-scheme" content="light dark"><link rel="stylesheet" href="page/paper.css">'
    '<link rel="stylesheet" href="page/docs.css">'
)
"""Not closed: the page's own style and script are for the page alone."""
_BOUNDS = {
    "minimum": "at least {}",
    "maximum": "at most {}",
    "minLength": "at least {} characters",
    "maxLength": "at most {} characters",
    "minItems": "at least {} of them",
    "maxItems": "at most {} of them",
}
Document = Mapping[str, Any]


def manual_html(told: Document) -> str:
    """The page of an OpenAPI document."""
    info, operations = told["info"], list(_operations(told))
    parts = [_part(tag, [one for one in operations if tag["name"] in one[2]["tags"]]) for tag in told["tags"]]
    return (
        f"{_HEAD}<body><main><header><h1>{escape(info['title'])} for programs</h1>{_text(info['description'])}"
        f'<p class="version">Version {escape(info["version"])}. For machines: <a href="openapi.json">openapi.json</a>'
        f' (OpenAPI {escape(told["openapi"])}).</p></header><nav aria-label="Contents">{_contents(operations)}</nav>'
        f"{''.join(parts)}{_records(told['components']['schemas'])}</main></body></html>"
    )


def _operations(told: Document) -> Iterable[tuple[str, str, Document]]:
    for path, methods in told["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


def _contents(operations: Iterable[tuple[str, str, Document]]) -> str:
    items = "".join(
        f'<li><a href="#{escape(one["operationId"])}"><code>{method} {escape(path)}</code></a>'
        f" {escape(one['summary'])}</li>"
        for method, path, one in operations
    )
    return f'<ul>{items}<li><a href="#records">Records</a></li></ul>'


def _part(tag: Document, operations: Iterable[tuple[str, str, Document]]) -> str:
    sections = "".join(_operation(*one) for one in operations)
    return f"<section><h2>{escape(tag['name'])}</h2>{_text(tag['description'])}{sections}</section>"


def _operation(method: str, path: str, one: Document) -> str:
    name = escape(one["operationId"])
    return (
        f'<article id="{name}"><h3><span class="method">{method}</span> <code>{escape(path)}</code></h3>'
        f'<p class="summary">{escape(one["summary"])} <span class="name">{name}</span></p>'
        f"{_text(one.get('description', ''))}{_parameters(one.get('parameters', []))}"
        f"{_body(one.get('requestBody'))}{_replies(one['responses'])}</article>"
    )


def _parameters(parameters: Iterable[Document]) -> str:
    rows = [
        (_name(one["name"], required=one["required"]), one["in"], _type(one["schema"]), _about(one["schema"] | one))
        for one in parameters
    ]
    return _table("In the address", ("Name", "Where", "Type", "Meaning"), rows)


def _body(body: Document | None) -> str:
    kinds = body["content"] if body else {}
    return "".join(
        f"<h4>Body, <code>{escape(kind)}</code></h4><p>{_type(told['schema'])}</p>"
        if "$ref" in told["schema"]
        else _fields(f"Body, {kind}", told["schema"])
        for kind, told in kinds.items()
    )


def _replies(responses: Mapping[str, Document]) -> str:
    rows = [
        (f"<code>{escape(status)}</code>", _reply(one), _line(one["description"]))
        for status, one in responses.items()
    ]
    examples = "".join(_example(one) for one in responses.values())
    return _table("Replies", ("Status", "Body", "Meaning"), rows) + examples


def _reply(one: Document) -> str:
    return "<br>".join(
        f"{_type(told['schema'])}{'' if kind == 'application/json' else f' <code>{escape(kind)}</code>'}"
        for kind, told in one.get("content", {}).items()
    )


def _example(one: Document) -> str:
    shown = [told["example"] for told in one.get("content", {}).values() if "example" in told]
    return "".join(map(_shown, shown))


def _sample(value: object) -> str:
    return f"<p>Such as:</p>{_shown(json.dumps(value, ensure_ascii=False, indent=2))}"


def _shown(text: str) -> str:
    return f'<pre tabindex="0">{escape(text)}</pre>'


def _records(schemas: Mapping[str, Document]) -> str:
    sections = "".join(
        f'<article id="record-{escape(name)}"><h3>{escape(name)}</h3>{_text(one.get("description", ""))}'
        f"{_fields('Fields', one)}{''.join(_sample(each) for each in one.get('examples', ()))}</article>"
        for name, one in schemas.items()
    )
    return f'<section id="records"><h2>Records</h2>{sections}</section>'


def _fields(caption: str, schema: Document) -> str:
    required = schema.get("required", ())
    rows = [
        (_name(name, required=name in required), _type(one), _about(one))
        for name, one in schema.get("properties", {}).items()
    ]
    return _table(caption, ("Name", "Type", "Meaning"), rows)


def _table(caption: str, heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A table of cells that are HTML already; nothing where there are no rows."""
    lines = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in heads)
    table = f"<table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>"
    return (
        f'<div class="wide" tabindex="0" role="group" aria-label="{escape(caption)}">{table}</div>' if lines else ""
    )


def _name(name: str, *, required: bool) -> str:
    return f"<code>{escape(name)}</code>" + (' <span class="needed">required</span>' if required else "")


def _type(schema: Document) -> str:
    """What a value is, records as links to where they are told."""
    if "$ref" in schema:
        name = escape(schema["$ref"].rpartition("/")[2])
        return f'<a href="#record-{name}">{name}</a>'
    if choices := schema.get("anyOf"):
        return " or ".join(dict.fromkeys(_type(one) for one in choices))
    if "enum" in schema or "const" in schema:
        return ", ".join(
            f"<code>{escape(json.dumps(one))}</code>" for one in schema.get("enum", [schema.get("const")])
        )
    if schema.get("type") == "array":
        return f"list of {_type(schema['items'])}"
    return escape(str(schema.get("format") if schema.get("format") == "binary" else schema.get("type", "anything")))


def _about(schema: Document) -> str:
    kinds = [schema, *(one for one in schema.get("anyOf", ()) if one.get("type") != "null")]
    bounds = [text.format(f"{one[key]:,}") for one in kinds for key, text in _BOUNDS.items() if key in one]
    default = schema.get("default")
    usual = [f"<code>{escape(json.dumps(default))}</code> unless given"] if default is not None else []
    return " ".join(filter(None, (_line(schema.get("description", "")), _sentence([*map(escape, bounds), *usual]))))


def _sentence(parts: list[str]) -> str:
    text = "; ".join(parts)
    return f'<span class="bounds">{text[:1].upper()}{text[1:]}.</span>' if text else ""


def _text(text: str) -> str:
    return "".join(f"<p>{_line(part)}</p>" for part in re.split(r"\n\s*\n", text.strip()) if part)


def _line(text: str) -> str:
    """Text in which backquotes mark code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(" ".join(text.split())))
