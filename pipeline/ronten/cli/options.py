"""Arguments and options that several verbs share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

Paths = Annotated[
    list[str],
    typer.Argument(
        metavar="PATH",
        help="Files or folders to read (txt, md, html, jsonl, json, csv, parquet), or their URLs "
        "(s3://bucket/folder); - is standard input.",
    ),
]
ConfigFile = Annotated[
    Path | None,
    typer.Option(
        "--config",
        metavar="FILE",
        help="Configuration file; without it, ronten.toml of the working directory if there is "
        "one. `ronten config` prints every key.",
    ),
]
Targets = Annotated[
    list[str] | None,
    typer.Option(
        "--targets",
        "--target",
        metavar="PHRASE",
        help="What claims may take a side on; may be repeated.",
    ),
]
Parse = Annotated[
    Literal["selective", "all"] | None,
    typer.Option("--parse", help="Parse the sentences that need it, or all of them."),
]
Encoder = Annotated[
    bool | None,
    typer.Option(
        "--encoder/--no-encoder",
        help="Ask the pretrained encoder where the small models are in doubt, or never: more "
        "names, claims, holders and sides are missed, in half of the time.",
    ),
]
StdinFormat = Annotated[
    Literal["text", "jsonl"],
    typer.Option("--stdin-format", help="What standard input holds: one text, or rows."),
]
