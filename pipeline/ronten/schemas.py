"""JSON Schemas of the exchanged documents, generated from the data model.

`python -m ronten.schemas` rewrites the files in `ronten/schema/` that ship with the package.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ronten.errors import unknown_name
from ronten.types import Annotation, AuthorPositions, Record

DOCUMENTS: dict[str, type[Record]] = {"annotation": Annotation, "author": AuthorPositions}
FOLDER = Path(__file__).parent / "schema"


def schema(name: str) -> dict[str, Any]:
    """Return the JSON Schema of a document (`annotation` or `author`).

    Raises `UsageError` for any other name.
    """
    if name not in DOCUMENTS:
        raise unknown_name("document", name, DOCUMENTS, "schema")
    generated = DOCUMENTS[name].model_json_schema(by_alias=True)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"ronten/{name}/1",
        **generated,
    }


def schema_text(name: str) -> str:
    """Return the schema of a document as the text of its file."""
    return json.dumps(schema(name), ensure_ascii=False, indent=2) + "\n"


def main() -> None:
    """Write every schema file."""
    for name in DOCUMENTS:
        (FOLDER / f"{name}.json").write_text(schema_text(name), encoding="utf-8")


if __name__ == "__main__":
    main()
