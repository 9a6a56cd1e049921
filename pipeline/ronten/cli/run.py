"""`ronten run`: the main job."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import Annotated, Literal

import typer

from ronten.cli.options import ConfigFile, Encoder, Parse, Paths, StdinFormat, Targets
from ronten.cli.progress import AsJson, LogFile, Quiet, Workers, log_to, progress, report


def command(
    paths: Paths,
    out: Annotated[
        Path,
        typer.Option(
            "--out",
            metavar="DIR",
            help="Folder to write to. A folder of an earlier run is brought up to date: unchanged "
            "articles are skipped, positions keep their ids.",
        ),
    ],
    config: ConfigFile = None,
    embedding: Annotated[
        str | None,
        typer.Option(
            "--embedding",
            metavar="NAME_OR_PATH",
            help="Any sentence-transformers model; without it, the one that ships, offline.",
        ),
    ] = None,
    embedding_prompt: Annotated[
        str | None,
        typer.Option(
            "--embedding-prompt",
            metavar="TEXT",
            help="Put before every claim when it is embedded, where the model wants a prompt.",
        ),
    ] = None,
    targets: Targets = None,
    parse: Parse = None,
    encoder: Encoder = None,
    threshold: Annotated[
        float | None,
        typer.Option(
            "--threshold", help="Chance from which claims make the same point, above 0 to 1."
        ),
    ] = None,
    min_confidence: Annotated[
        float | None,
        typer.Option(
            "--min-confidence",
            help="Leave claims below it out of the author files; the annotations keep all.",
        ),
    ] = None,
    recluster: Annotated[
        bool,
        typer.Option(
            "--recluster",
            help="Put all claims into positions anew; recluster.json says what became of each.",
        ),
    ] = False,
    prune: Annotated[
        bool,
        typer.Option(
            "--prune",
            help="Drop articles that an earlier run found under these paths and this one does not.",
        ),
    ] = False,
    workers: Workers = 1,
    engine: Annotated[
        Literal["local", "ray"],
        typer.Option(
            "--engine",
            help="Where articles are annotated: on this machine, or on a Ray cluster (needs the "
            "extra 'ray'); the result is the same.",
        ),
    ] = "local",
    address: Annotated[
        str | None,
        typer.Option(
            "--address",
            metavar="ADDRESS",
            help="The Ray cluster, as `ray start` prints it; without it $RAY_ADDRESS, else one is "
            "started on this machine with all its cores.",
        ),
    ] = None,
    shards: Annotated[
        str | None,
        typer.Option(
            "--shards",
            metavar="FOLDER_OR_URL",
            help="Where the nodes of a Ray cluster leave their results for this run to gather, of "
            "its own and visible to all nodes; DIR/.shards without it.",
        ),
    ] = None,
    stdin_format: StdinFormat = "text",
    quiet: Quiet = False,
    as_json: AsJson = False,
    log_file: LogFile = None,
) -> None:
    """Turn articles into positions by author.

    [bold]Examples[/bold]

      ronten run articles/ --out positions/

      ronten run 2025.jsonl more/ --out positions/ --targets 輸出規制

      cat rows.jsonl | ronten run - --stdin-format jsonl --out positions/

    [bold]Input[/bold]

      A file is one article (txt, md, html) or rows (jsonl, json, csv, parquet)
      with text and optionally id, title, authors, published, source, url,
      genre, targets. NAME.EXT.meta.json beside a file holds its metadata.

    [bold]Output in DIR[/bold]

      authors/NAME-ID.json  a file per person, company, organization, government
      anonymous.jsonl       the same for holders without a proper name
      index.json            all authors with their files
      annotations.jsonl     all articles: claims, holders, entities, figures
      rejected.jsonl        inputs that could not be used, and why
      run.json              version, configuration, models, counts, times
      ronten.duckdb         the dataset all of this is written from

      `ronten show DIR` makes it readable.

    [bold]Exit codes[/bold]

      0  done
      2  wrong usage, or a path that does not exist
      3  done, but some input was rejected (see rejected.jsonl)
      4  DIR is locked by another run, or of another version
    """
    from ronten.config import load_config
    from ronten.read.count import count
    from ronten.run import run

    settings = load_config(
        config,
        embedding=embedding,
        embedding_prompt=embedding_prompt,
        targets=targets or None,
        parse=parse,
        encoder=encoder,
        threshold=threshold,
        min_confidence=min_confidence,
    )
    log_to(log_file)
    stdin = sys.stdin.buffer if "-" in paths else None
    with progress(quiet or as_json, partial(count, paths)) as advance:
        summary = run(
            paths,
            out,
            settings,
            stdin=stdin,
            stdin_format=stdin_format,
            progress=advance,
            recluster=recluster,
            prune=prune,
            workers=workers,
            engine=engine,
            address=address,
            shards=shards,
        )
    report(summary, quiet=quiet, as_json=as_json)
