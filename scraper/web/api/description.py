"""The API in the words of OpenAPI 3.1, made from its operations."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from scraper.version import program_version
from scraper.web.api.operations import BASE, OPERATIONS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scraper.web.api.operations import Operation


def description() -> Mapping[str, Any]:
    """Return the OpenAPI 3.1 document of all operations."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "News Scraper", "version": program_version()},
        "paths": {f"{BASE}{operation.path}": {"get": _described(operation)} for operation in OPERATIONS},
        "components": {
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
            }
        },
    }


def _described(operation: Operation) -> Mapping[str, Any]:
    in_path = [part[1:-1] for part in operation.path.split("/") if part.startswith("{")]
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in in_path
    ] + [
        {
            "name": each.name,
            "in": "query",
            "description": each.told,
            "schema": {"type": each.kind},
            "example": json.loads(each.example) if each.kind == "integer" else each.example,
        }
        for each in operation.parameters
    ]
    problem = {
        "description": "What is wrong, and what to do.",
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    kind = "application/jsonl" if operation.is_lines else "application/json"
    return {
        "operationId": operation.name,
        "summary": operation.told,
        "parameters": parameters,
        "responses": {
            "200": {
                "description": operation.told,
                "content": {kind: {"schema": {"type": "string" if operation.is_lines else "object"}}},
            },
            **dict.fromkeys(("400", "404", "503"), problem),
        },
    }
