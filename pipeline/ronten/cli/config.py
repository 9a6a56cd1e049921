"""`ronten config`: every key of the configuration file."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from ronten.cli.options import ConfigFile


def command(
    show: Annotated[
        bool, typer.Option("--show", help="Print the settings in effect instead of the defaults.")
    ] = False,
    config: ConfigFile = None,
) -> None:
    """Print every key of ronten.toml with its default and what it does, as TOML.

    [bold]Example[/bold]

      ronten config > ronten.toml
    """
    from ronten.config import Config, load_config

    # A file that is named is checked even where the defaults are printed.
    effective = load_config(config) if show or config else Config()
    settings = (effective if show else Config()).model_dump(mode="json")
    for key, field in Config.model_fields.items():
        typer.echo(f"# {field.description}")
        value = settings[key]
        # TOML has no null: a key without a value stands there as a comment.
        text = f'# {key} = ""' if value is None else f"{key} = {_toml(value)}"
        typer.echo(f"{text}\n")


def _toml(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
