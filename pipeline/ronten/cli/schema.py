"""`ronten schema`: the JSON Schemas."""

from __future__ import annotations

import sys
from typing import Annotated

import typer


def command(
    document: Annotated[
        str, typer.Argument(metavar="DOCUMENT", help="annotation or author.")
    ] = "annotation",
) -> None:
    """Print the JSON Schema of annotations or of author documents."""
    from ronten.schemas import schema_text

    sys.stdout.write(schema_text(document))
