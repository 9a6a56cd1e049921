"""`ronten gold`: gold files checked, drafted, and exchanged with annotation tools."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand

if TYPE_CHECKING:
    from ronten.types import Annotation

app = typer.Typer(
    help="Check and draft gold annotations, exchange them with annotation tools.",
    no_args_is_help=True,
    rich_markup_mode="rich",
)


@app.command("check")
def check(
    path: Annotated[
        Path,
        typer.Argument(metavar="PATH", help="A .json or .jsonl file, or a folder with such files."),
    ],
) -> None:
    """Check gold files and print every problem as FILE:LINE: ARTICLE: FIELD: message.

    Warnings are things that are rarely right; they do not change the exit code.

    [bold]Example[/bold]

      ronten gold check corpus/gold

    [bold]Exit codes[/bold]

      0  clean, or warnings alone
      1  problems found
      2  wrong usage, or a path that does not exist
    """
    from ronten.errors import Exit
    from ronten.gold.check import check as run_check

    problems = run_check(path)
    for problem in problems:
        typer.echo(problem)
    errors = sum(not problem.warning for problem in problems)
    typer.echo(f"{errors} problems, {len(problems) - errors} warnings", err=True)
    raise typer.Exit(Exit.MISSED if errors else Exit.DONE)


@app.command("describe")
def describe(
    path: Annotated[
        Path,
        typer.Argument(metavar="PATH", help="A .json or .jsonl file, or a folder with such files."),
    ],
) -> None:
    """Print the shape of a corpus: sizes, shares, reporting words, repeated wording.

    With a splits.json in PATH or beside it, the same for each split, and the share of its reporting
    words that no other split has.

    [bold]Example[/bold]

      ronten gold describe corpus/gold/final
    """
    from ronten.evaluate.splits import read_splits
    from ronten.gold.describe import describe as run_describe
    from ronten.gold.files import load_annotations

    annotations = list(load_annotations(path))
    for name, part in run_describe(annotations, read_splits(path)).items():
        typer.echo(
            f"{name}: {part.articles} articles, {part.characters} characters, "
            f"{part.claims} claims, {part.entities} entities, {part.figures} figures"
        )
        typer.echo(
            f"  stance labels {part.stance_labels} over {part.targets} targets; "
            f"claims in shared positions {part.shared_positions}"
        )
        for title, shares in (("attribution", part.attribution), ("types", part.types)):
            values = ", ".join(f"{key} {share:.1%}" for key, share in shares.items())
            typer.echo(f"  {title}: {values}")
        cues = ", ".join(f"{lemma} {share:.1%}" for lemma, share in part.cues[:5])
        typer.echo(f"  cue lemmas: {len(part.cues)}; most frequent: {cues}")
        if part.unseen_cues is not None:
            typer.echo(f"  cue lemmas in no other split: {part.unseen_cues:.1%}")
        pairs = ", ".join(f"{a}~{b} {share:.1%}" for a, b, share in part.overlap[:3])
        typer.echo(f"  most alike articles (13-character runs): {pairs or 'none'}")


@app.command("draft")
def draft(
    articles: Annotated[
        Path,
        typer.Argument(metavar="ARTICLES", help="Articles: a .json or .jsonl file, or a folder."),
    ],
    drafts: Annotated[
        Path,
        typer.Argument(metavar="DRAFTS", help="Drafts with the same ids: a file or a folder."),
    ],
    out: Annotated[
        Path,
        typer.Option("--out", metavar="FOLDER", help="Folder for ID.json, or a .jsonl file."),
    ],
) -> None:
    """Turn drafts, in which spans are quoted substrings, into annotations with offsets.

    A span is "substring", {"s": "substring", "n": 2} for its second occurrence, or
    {"s": "substring", "context": "words around the substring"}. Contents are found at or after the
    start of the previous claim's content, sources and cues nearest to the content in its paragraph,
    entities and figures (all of them, in order) one after another.

    [bold]Example[/bold]

      ronten gold draft articles/ drafts/ --out gold/

    [bold]Exit codes[/bold]

      0  done
      2  some draft cannot be resolved (the others are written), or wrong usage
    """
    from ronten.errors import Exit, UsageError
    from ronten.gold.draft import read_objects, resolve
    from ronten.gold.files import write_annotations

    texts = read_objects(articles)
    resolved = []
    failed = 0
    for name, written in read_objects(drafts).items():
        try:
            if name not in texts:
                raise UsageError(f"{name}: no article with this id in {articles}")
            resolved.append(resolve(texts[name], written))
        except UsageError as error:
            failed += 1
            typer.echo(error, err=True)
    count = write_annotations(out, resolved)
    typer.echo(f"{count} drafts resolved, {failed} not: {out}", err=True)
    raise typer.Exit(Exit.USAGE if failed else Exit.DONE)


class _WithFormats(TyperCommand):
    """A command whose help lists the formats; they are imported for nothing else."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Print the help with what every format holds and what it loses."""
        from ronten.gold.exchange import FORMATS, load_format

        described = ["[bold]Formats[/bold]"]
        for name in FORMATS:
            module = load_format(name)
            lines = [f"[bold]{name}[/bold]", module.HOLDS, *(f"Lost: {x}" for x in module.LOSES)]
            described.append("\n\n".join(lines))
        text = "\n\n" + "\n\n".join(described)
        self.help = (self.help or "").removesuffix(text) + text
        super().format_help(ctx, formatter)


Format = Annotated[
    str,
    typer.Argument(metavar="FORMAT", help="label-studio, doccano, brat, docbin or json."),
]


@app.command("export", cls=_WithFormats)
def export_(
    format_: Format,
    source: Annotated[
        Path,
        typer.Argument(
            metavar="SOURCE",
            help="Gold (.json, .jsonl, a folder of them) or an output folder of `ronten run`.",
        ),
    ],
    out: Annotated[
        Path,
        typer.Option("--out", metavar="PATH", help="File to write; a folder for brat."),
    ],
    reviewed: Annotated[
        bool,
        typer.Option(
            "--reviewed",
            help="Only articles in which somebody has looked at every claim (`ronten review`).",
        ),
    ] = False,
) -> None:
    """Write annotations for an annotation tool, for spaCy, or as gold.

    [bold]Examples[/bold]

      ronten gold export label-studio corpus/gold/final --out tasks.json

      ronten gold export docbin positions/ --out train.spacy

      ronten gold export json positions/ --out gold/ --reviewed
    """
    from ronten.gold.exchange import load_format
    from ronten.gold.files import is_reviewed, load_annotations

    annotations = load_annotations(source)
    if reviewed:
        annotations = filter(is_reviewed, annotations)
    count = load_format(format_).write(out, annotations)
    typer.echo(f"{count} articles: {out}", err=True)


@app.command("import", cls=_WithFormats)
def import_(
    format_: Format,
    path: Annotated[
        Path,
        typer.Argument(metavar="PATH", help="File or folder that the tool has written."),
    ],
    out: Annotated[
        Path,
        typer.Option("--out", metavar="PATH", help="Folder for ID.json, or a .jsonl file."),
    ],
    label: Annotated[
        list[str] | None,
        typer.Option(
            "--label",
            metavar="THEIRS=OURS",
            help="Read a label of the tool as one of ours (Organization=ORG); may be repeated.",
        ),
    ] = None,
) -> None:
    """Read what an annotation tool or spaCy has written as gold annotations.

    What has no place in the annotation guidelines is kept under the key "unmapped" and counted.

    [bold]Examples[/bold]

      ronten gold import label-studio export.json --out gold/

      ronten gold import brat news/ --out gold.jsonl --label Organization=ORG
    """
    from ronten.gold.exchange import load_format
    from ronten.gold.exchange.assemble import unmapped
    from ronten.gold.files import write_annotations

    strange: Counter[str] = Counter()

    def counted() -> Iterator[Annotation]:
        for annotation in load_format(format_).read(path, _pairs(label or [])):
            strange.update(unmapped(annotation))
            yield annotation

    count = write_annotations(out, counted())
    typer.echo(f"{count} articles: {out}", err=True)
    if strange:
        listed = ", ".join(f"{name} ({number})" for name, number in strange.most_common())
        typer.echo(f"kept as unmapped: {listed}; --label THEIRS=OURS reads them", err=True)


def _pairs(labels: list[str]) -> dict[str, str]:
    from ronten.errors import UsageError, unknown_name
    from ronten.gold.exchange.graph import LABELS

    pairs = {}
    for item in labels:
        theirs, mark, ours = item.partition("=")
        if not (theirs and mark):
            raise UsageError(f"--label {item}: write THEIRS=OURS, as in Organization=ORG")
        if ours not in LABELS:
            raise unknown_name("label", ours, LABELS, "--label")
        pairs[theirs] = ours
    return pairs
