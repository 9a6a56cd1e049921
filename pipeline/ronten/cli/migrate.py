"""`ronten migrate`: an output folder of an older version, brought up to date."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ronten.cli.options import ConfigFile
from ronten.cli.progress import AsJson, LogFile, Quiet, Workers, log_to, progress, report


def command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Output folder of `ronten run`.")],
    config: ConfigFile = None,
    workers: Workers = 1,
    quiet: Quiet = False,
    as_json: AsJson = False,
    log_file: LogFile = None,
) -> None:
    """Bring an output folder of an older version, or of other models, up to date.

    Nothing has to be read again: the texts lie in the folder. Articles that would be annotated
    otherwise today are annotated anew; claims that stay what they are keep their position, and
    recluster.json says what became of each old position. Without --config the settings of the last
    run are used.

    [bold]Examples[/bold]

      ronten migrate positions/

      ronten migrate positions/ --workers 8

    [bold]Exit codes[/bold]

      0  done
      2  there is no such folder
      3  done, but an article could not be annotated anew (see rejected.jsonl); it stays as it was
      4  DIR is locked by another run, or of a newer version
    """
    from ronten.config import load_config
    from ronten.run import migrate

    log_to(log_file)
    settings = load_config(config) if config else None
    with progress(quiet or as_json) as advance:
        summary = migrate(folder, settings, progress=advance, workers=workers)
    report(summary, quiet=quiet, as_json=as_json)
