"""`ronten train`: the models that ship, trained again."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    help="Train the models that ship, from data that you name.",
    no_args_is_help=True,
    rich_markup_mode="rich",
)

Out = Annotated[
    Path, typer.Option("--out", help="Model folder to write, named NAME-VERSION.", metavar="DIR")
]


@app.command("types")
def types(
    corpus: Annotated[
        Path,
        typer.Argument(
            metavar="CORPUS",
            help="A gold corpus: final/, splits.json, and first/ and second/ if there are any.",
        ),
    ],
    out: Out,
) -> None:
    """Train the model of claim types on the train split of a gold corpus.

    The scores on its dev split are printed and written to meta.json. It takes a minute.

    [bold]Example[/bold]

      ronten train types corpus/gold --out models/types-0.1.0
    """
    from ronten.train.types import train_types

    _print(train_types(corpus, out))


@app.command("checkworthiness")
def checkworthiness(
    votes: Annotated[
        Path,
        typer.Argument(
            metavar="VOTES",
            help="JSON lines with topic, utterance and fact_checkability, a list of 0 and 1.",
        ),
    ],
    out: Out,
) -> None:
    """Train the model of check-worthiness on readers' votes.

    The scores with each topic left out once are printed and written to meta.json. It takes a few
    minutes.

    [bold]Example[/bold]

      ronten train checkworthiness votes.jsonl --out models/checkworthiness-0.1.0
    """
    from ronten.train.checkworthiness import train_checkworthiness

    _print(train_checkworthiness(votes, out))


def _print(scores: Mapping[str, float]) -> None:
    for name, value in scores.items():
        typer.echo(f"{name} {value}")
