"""The API in the words of OpenAPI 3.1, made from its operations."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from scraper.version import program_version
from scraper.web.api.operations import BASE, OPERATIONS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scraper.web.api.operation import Operation, Parameter


def description() -> Mapping[str, Any]:
    """Return the OpenAPI 3.1 document of all operations."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "News Scraper", "version": program_version()},
        "security": [{}, {"token": []}],
        "paths": _paths(),
        "components": {
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "Of scraper tokens add; none is needed as long as there is no account.",
                }
            },
            "schemas": {
                "Problem": {
                    "type": "object",
                    "required": ["title", "status", "detail"],
                    "properties": {
                        "title": {"type": "string"},
                        "status": {"type": "integer"},
                        "detail": {"type": "string"},
                    },
                    "examples": [
                        {"title": "Not Found", "status": 404, "detail": "the store has no article 'x'"}
                    ],
                }
            },
        },
    }


def _paths() -> Mapping[str, Any]:
    found: dict[str, dict[str, Any]] = {}
    for each in OPERATIONS:
        found.setdefault(f"{BASE}{each.path}", {})[each.method.lower()] = _described(each)
    return found


def _described(operation: Operation) -> Mapping[str, Any]:
    in_path = [part[1:-1] for part in operation.path.split("/") if part.startswith("{")]
    parameters: list[Mapping[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in in_path
    ]
    problem = {
        "description": "What is wrong, and what to do.",
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    asked: Mapping[str, Any] = {}
    done, refused = "200", ["400", "401", "403", "404", "429", "503"]
    if operation.change is None:
        parameters += [_in_query(each) for each in operation.parameters]
    else:
        asked = {"requestBody": _body(operation)}
        done, refused = "202", [*refused, "409", "413", "415"]
    kind = "application/jsonl" if operation.is_lines else "application/json"
    schema: dict[str, Any] = {"schema": {"type": "string" if operation.is_lines else "object"}}
    example = {} if operation.example is None else {"example": operation.example}
    return {
        "operationId": operation.name,
        "summary": operation.told,
        "parameters": parameters,
        **asked,
        "responses": {
            done: {
                "description": operation.told,
                "content": {kind: schema | example},
            },
            **dict.fromkeys(sorted(refused), problem),
        },
    }


def _in_query(each: Parameter) -> Mapping[str, Any]:
    return {
        "name": each.name,
        "in": "query",
        "description": each.told,
        "schema": each.schema,
        "example": json.loads(each.example) if each.kind == "integer" else each.example,
    }


def _body(operation: Operation) -> Mapping[str, Any]:
    """Return what is sent: the first of the fields always, the others as it says."""
    fields = {
        each.name: {**each.schema, "description": each.told, "examples": [each.example]}
        for each in operation.parameters
    }
    schema = {
        "type": "object",
        "required": [operation.parameters[0].name],
        "additionalProperties": False,
        "properties": fields,
    }
    example = {each.name: each.example for each in operation.parameters[:2]}
    return {"required": True, "content": {"application/json": {"schema": schema, "example": example}}}
