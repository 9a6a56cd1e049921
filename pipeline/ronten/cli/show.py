"""`ronten show`: an output folder as readable tables."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ronten.cli.tables import plain, print_table

if TYPE_CHECKING:
    from ronten.output import Explanation
    from ronten.types import AuthorPositions, Claim, Span


def command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Output folder of `ronten run`.")],
    author: Annotated[
        str | None,
        typer.Option(
            "--author",
            metavar="NAME_OR_ID",
            help="Show this author's positions with quotations and article ids.",
        ),
    ] = None,
    positions: Annotated[
        bool, typer.Option("--positions", help="Show the positions over all authors.")
    ] = False,
    explain: Annotated[
        str | None,
        typer.Option(
            "--explain",
            metavar="CLAIM",
            help="Show where a claim stands and which rule or model made it.",
        ),
    ] = None,
) -> None:
    """Show an output folder: its authors, its positions, one author, or one claim.

    [bold]Examples[/bold]

      ronten show positions/

      ronten show positions/ --author 田中

      ronten show positions/ --explain 2f1c9e0a7b3d4c55:120-164
    """
    from ronten import output

    if explain:
        from ronten.run import last_config

        _print_claim(output.explain(folder, explain), encoder=last_config(folder).encoder)
    elif author:
        _print_author(output.author(folder, author))
    elif positions:
        print_table(
            ("position", "topic", "claims", "articles", "authors", "statement"),
            [
                (
                    view.id,
                    view.topic,
                    str(view.claims),
                    str(len(view.articles)),
                    ", ".join(view.authors),
                    view.statement,
                )
                for view in output.positions(folder)
            ],
        )
    else:
        print_table(
            ("author", "kind", "claims", "positions", "id"),
            [
                (e["name"], e["kind"], str(e["claims"]), str(e["positions"]), e["id"])
                for e in output.index(folder)["authors"]
            ],
        )


def _print_author(document: AuthorPositions) -> None:
    typer.echo(f"{plain(document.name)} ({document.kind.value}, {document.id})")
    if document.aliases:
        typer.echo(f"also: {plain(', '.join(document.aliases))}")
    if document.members:
        typer.echo(f"members: {plain(', '.join(document.members))}")
    for position in document.positions:
        when = " – ".join(dict.fromkeys(d for d in (position.first, position.last) if d))
        head = (position.id, f"×{position.weight}", position.topic.label, when)
        typer.echo(f"\n{plain(' '.join(part for part in head if part))}")
        for claim in position.claims:
            mark = " (joint)" if claim.joint else ""
            typer.echo(f"  「{plain(claim.text)}」{mark}")
            typer.echo(f"    {plain(claim.title or claim.article)}  {claim.id}")


def _print_claim(explanation: Explanation, *, encoder: bool) -> None:
    claim, text = explanation.claim, explanation.annotation.text
    print_table(
        ("field", "value"),
        [
            ("claim", claim.id),
            ("article", explanation.annotation.metadata.title or explanation.annotation.id),
            ("holder", f"{explanation.holder.name} ({explanation.holder.kind.value})"),
            ("sentence", _marked(text, claim.sentence, claim.content)),
            ("source", _cut(text, claim.source)),
            ("cue", _cut(text, claim.cue)),
            ("attribution", claim.attribution.value),
            ("type", claim.type.value),
            ("certainty", claim.certainty or ""),
            ("negated", "" if claim.negated is None else str(claim.negated).lower()),
            ("rule", claim.rule or ""),
            ("models", ", ".join(_models(claim))),
            ("asked in doubt", ", ".join(_asked(claim)) if encoder else ""),
            ("confidence", "" if claim.confidence is None else f"{claim.confidence:.4f}"),
            ("position", claim.position or ""),
        ],
    )


def _models(claim: Claim) -> list[str]:
    """Return the models that had a share in a claim, in the order of their work."""
    from ronten.types import Attribution

    own = claim.attribution == Attribution.AUTHORIAL
    tagger = [] if own or claim.rule in ("turn", "editor", "quote.torn") else ["claims"]
    holders = [] if own or claim.rule == "editor" else ["holders"]
    return [*tagger, *holders, "confidence", "types", "checkworthiness"]


def _asked(claim: Claim) -> list[str]:
    """Return the models that are asked where those that had a share are in doubt."""
    beside = {"claims": "encoder", "holders": "holders_encoder", "types": "types_encoder"}
    return [beside[model] for model in _models(claim) if model in beside]


def _cut(text: str, span: Span | None) -> str:
    return "" if span is None else text[slice(*span)]


def _marked(text: str, sentence: Span | None, content: list[Span]) -> str:
    """Return the sentence with 【】 round the claim's content."""
    start, end = sentence or (content[0][0], content[-1][1])
    parts = []
    for fragment in content:
        parts += [text[start : fragment[0]], "【", text[slice(*fragment)], "】"]
        start = fragment[1]
    return "".join(parts) + text[start:end]
