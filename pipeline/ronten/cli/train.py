"""`ronten train`: the models that ship with ronten, trained again from their sources."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    help="Train the models that ship with ronten.",
    no_args_is_help=True,
    rich_markup_mode="rich",
)


_Out = Annotated[
    Path, typer.Argument(metavar="OUT", help="Model folder to write, named NAME-VERSION.")
]
_Gold = Annotated[
    Path, typer.Option(metavar="FOLDER", help="Gold corpus; its split 'train' is used.")
]
_Marked = Annotated[
    Path, typer.Option(metavar="FOLDER", help="Articles with marked claims, *.txt (corpus/claims).")
]
_MARKED_FOLDERS = typer.Option(
    metavar="FOLDER",
    help="Articles with marked claims, *.txt (corpus/claims, corpus/registers).",
)
_Names = Annotated[
    Path, typer.Option(metavar="FOLDER", help="Articles with marked names, *.txt (corpus/names).")
]
_Sentences = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="Stockmark's NER data of Wikipedia as JSON lines; wikipedia.tsv in the first marked "
        "folder tells the claims in it.",
    ),
]
_Halves = Annotated[
    Path | None,
    typer.Option(
        metavar="FOLDER", help="Keep the taggers of half the articles here, and use them."
    ),
]
_Seed = Annotated[int, typer.Option(help="Seed of everything random.")]
_Steps = Annotated[int | None, typer.Option(min=1, help="Stop after so many steps, for a trial.")]


_Stockmark = Annotated[
    Path, typer.Option(metavar="FILE", help="Stockmark's NER data of Wikipedia as JSON lines.")
]
_WikipediaFolds = Annotated[
    int, typer.Option(min=0, help="Cross-validate on the Wikipedia data first, in so many folds.")
]


@app.command("ner")
def ner(
    out: _Out,
    wikipedia: _Stockmark,
    gold: _Gold,
    names: _Names,
    marked: Annotated[list[Path], _MARKED_FOLDERS],
    enamdict: Annotated[
        Path, typer.Option(metavar="FILE", help="ENAMDICT as distributed (EUC-JP).")
    ],
    naist: Annotated[
        Path, typer.Option(metavar="FILE", help="naist-jdic.dic as distributed (EUC-JP).")
    ],
    folds: _WikipediaFolds = 0,
    seed: _Seed = 0,
    steps: _Steps = None,
) -> None:
    """Train the tagger of names and write its model folder.

    Card and licence are written by hand. The scores of the cross-validation stand in meta.json.

    [bold]Example[/bold]

      ronten train ner models/ner-0.1.0 --wikipedia train.jsonl --gold corpus/gold/final
      --names corpus/names --marked corpus/claims --marked corpus/registers
      --enamdict enamdict --naist naist-jdic.dic --folds 5
    """
    from ronten.train.ner import Settings, build
    from ronten.train.ner_data import NameData

    scores = build(
        out,
        data=NameData(wikipedia, gold, names, marked),
        enamdict=enamdict,
        naist=naist,
        folds=folds,
        settings=Settings(seed=seed, steps=steps),
        report=_report,
    )
    typer.echo(json.dumps(scores))


@app.command("names-encoder")
def names_encoder(
    out: _Out,
    wikipedia: _Stockmark,
    gold: _Gold,
    names: _Names,
    marked: Annotated[list[Path], _MARKED_FOLDERS],
    folds: _WikipediaFolds = 0,
    seed: _Seed = 0,
    steps: _Steps = None,
) -> None:
    """Teach the pretrained encoder to mark names, after the models 'ner' and 'encoder'.

    Card and licence are written by hand. The scores of the cross-validation, together with taggers
    of the same folds, stand in meta.json. It takes half an hour of two cores that multiply
    bfloat16, five folds three hours more.

    [bold]Example[/bold]

      ronten train names-encoder models/names_encoder-0.1.0 --wikipedia train.jsonl
      --gold corpus/gold/final --names corpus/names --marked corpus/claims
      --marked corpus/registers
    """
    from ronten.train.names_encoder import Settings, build
    from ronten.train.ner_data import NameData

    scores = build(
        out,
        data=NameData(wikipedia, gold, names, marked),
        folds=folds,
        settings=Settings(seed=seed, steps=steps),
        report=_report,
    )
    typer.echo(json.dumps(scores))


def _report(line: str) -> None:
    typer.echo(line, err=True)


@app.command("parser")
def parser(
    out: _Out,
    gold: _Gold,
    marked: _Marked,
    names: _Names,
    texts: Annotated[
        list[Path],
        typer.Option(
            metavar="FILE",
            help="Further sentences: JSON lines with text, utterance or sentence1 and sentence2.",
        ),
    ],
    real: Annotated[
        Path | None,
        typer.Option(metavar="PATH", help="Further gold articles to measure agreement on."),
    ] = None,
    seed: _Seed = 0,
    steps: _Steps = None,
) -> None:
    """Train the dependency parser on the trees that GiNZA's gives.

    Card and licence are written by hand. The agreement with GiNZA on the split 'dev' stands in
    meta.json. It takes half an hour.

    [bold]Example[/bold]

      ronten train parser models/parser-0.1.0 --gold corpus/gold/final --marked corpus/claims
      --names corpus/names --texts ner_wikipedia.jsonl --texts assembly.jsonl
    """
    from ronten.train.parser import Settings, build

    scores = build(
        out,
        gold=gold,
        marked=marked,
        names=names,
        texts=texts,
        real=real,
        settings=Settings(seed=seed, steps=steps),
        report=_report,
    )
    typer.echo(json.dumps(scores))


@app.command("types")
def types(
    out: _Out,
    corpus: _Corpus,
    marked: Annotated[list[Path] | None, _MARKED_FOLDERS] = None,
) -> None:
    """Train the model of claim types on the train split of a gold corpus.

    Card and licence are written by hand. The scores on the dev split stand in meta.json. It takes
    two minutes.

    [bold]Example[/bold]

      ronten train types models/types-0.1.0 --corpus corpus/gold --marked corpus/claims
      --marked corpus/registers
    """
    from ronten.train.types import train_types

    typer.echo(json.dumps(train_types(corpus, out, marked or [])))


@app.command("types-encoder")
def types_encoder(
    out: _Out,
    corpus: _Corpus,
    marked: Annotated[list[Path], _MARKED_FOLDERS],
    seed: _Seed = 0,
    steps: _Steps = None,
) -> None:
    """Teach the pretrained encoder the types of claims.

    Card and licence are written by hand. It takes a quarter of an hour of two cores that multiply
    bfloat16.

    [bold]Example[/bold]

      ronten train types-encoder models/types_encoder-0.1.0 --corpus corpus/gold
      --marked corpus/claims --marked corpus/registers
    """
    from dataclasses import replace

    from ronten.train.types_encoder import SETTINGS, build

    settings = replace(SETTINGS, seed=seed, steps=steps)
    build(out, corpus=corpus, marked=marked, settings=settings, report=_report)


@app.command("claims")
def claims(
    out: _Out,
    gold: _Gold,
    marked: Annotated[list[Path], _MARKED_FOLDERS],
    wikipedia: _Sentences = None,
    halves: _Halves = None,
    teacher: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FOLDER",
            help="A model of this kind whose tagger is learned from beside the labels; of several, "
            "from what they say on average.",
        ),
    ] = None,
    seed: _Seed = 0,
    steps: _Steps = None,
) -> None:
    """Train the tagger of contents, reporting words and sources, and what links them.

    The links learn from what taggers of half the articles mark in the other half. Card and licence
    are written by hand. It takes an hour of one core. Models of other seeds as teachers make up
    for the luck of one.

    [bold]Example[/bold]

      ronten train claims models/claims-0.1.0 --gold corpus/gold/final --marked corpus/claims
      --marked corpus/registers --wikipedia train.jsonl --halves halves
    """
    from ronten.train.claims import Settings, build
    from ronten.train.claims_data import TrainingData

    settings = Settings(seed=seed, steps=steps)
    data = TrainingData(gold, marked, wikipedia)
    build(
        out,
        data=data,
        halves=halves,
        teachers=teacher or (),
        settings=settings,
        report=_report,
    )


@app.command("encoder")
def encoder(
    out: _Out,
    gold: _Gold,
    marked: Annotated[list[Path], _MARKED_FOLDERS],
    texts: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE",
            help="Further sentences whose words become known: JSON lines with text, utterance or "
            "sentence1 and sentence2.",
        ),
    ] = None,
    seed: _Seed = 0,
    steps: _Steps = None,
) -> None:
    """Teach the pretrained encoder to mark claims.

    Card and licence are written by hand. It takes an hour of two cores that multiply bfloat16.

    [bold]Example[/bold]

      ronten train encoder models/encoder-0.1.0 --gold corpus/gold/final --marked corpus/claims
      --marked corpus/registers --texts ner_wikipedia.jsonl
    """
    from ronten.train.claims_data import TrainingData
    from ronten.train.encoder import Settings, build

    settings = Settings(seed=seed, steps=steps)
    build(
        out,
        data=TrainingData(gold, marked),
        texts=texts or (),
        settings=settings,
        report=_report,
    )


@app.command("holders")
def holders(
    out: _Out,
    gold: _Gold,
    marked: Annotated[list[Path], _MARKED_FOLDERS],
    wikipedia: _Sentences = None,
    halves: _Halves = None,
    seed: _Seed = 0,
    steps: _Steps = None,
) -> None:
    """Train the ranker of who holds a claim, after the model `claims`.

    Card and licence are written by hand. It takes about five minutes with the taggers that the
    training of claims kept, half an hour longer without.

    [bold]Example[/bold]

      ronten train holders models/holders-0.1.0 --gold corpus/gold/final --marked corpus/claims
      --marked corpus/registers --wikipedia train.jsonl --halves halves
    """
    from ronten.train.claims import Settings
    from ronten.train.claims_data import TrainingData
    from ronten.train.holders import build

    settings = Settings(seed=seed, steps=steps)
    data = TrainingData(gold, marked, wikipedia)
    build(out, data=data, halves=halves, settings=settings, report=_report)


@app.command("holders-encoder")
def holders_encoder(
    out: _Out,
    gold: _Gold,
    marked: Annotated[list[Path], _MARKED_FOLDERS],
    wikipedia: _Sentences = None,
    seed: _Seed = 0,
    steps: _Steps = None,
) -> None:
    """Teach the pretrained encoder to judge sources and holders, after those that find claims.

    Card and licence are written by hand. It takes an hour and a half of two cores that multiply
    bfloat16.

    [bold]Example[/bold]

      ronten train holders-encoder models/holders_encoder-0.1.0 --gold corpus/gold/final
      --marked corpus/claims --marked corpus/registers --wikipedia train.jsonl
    """
    from ronten.train.claims_data import TrainingData
    from ronten.train.holders_encoder import Settings, build

    settings = Settings(seed=seed, steps=steps)
    data = TrainingData(gold, marked, wikipedia)
    build(out, data=data, settings=settings, report=_report)


@app.command("confidence")
def confidence(
    out: _Out,
    gold: Annotated[
        Path, typer.Option(metavar="FOLDER", help="Gold corpus; its split 'dev' is used.")
    ],
) -> None:
    """Calibrate the confidence of claims on the dev split, after all other models.

    Card and licence are written by hand. It takes a few seconds.

    [bold]Example[/bold]

      ronten train confidence models/confidence-0.1.0 --gold corpus/gold/final
    """
    from ronten.train.confidence import build

    typer.echo(json.dumps(build(out, gold=gold)))


@app.command("checkworthiness")
def checkworthiness(
    out: _Out,
    votes: Annotated[
        Path,
        typer.Option(
            metavar="FILE",
            help="JSON lines with topic, utterance and fact_checkability, a list of 0 and 1.",
        ),
    ],
) -> None:
    """Train the model of check-worthiness on readers' votes.

    Card and licence are written by hand. The scores with each topic left out once stand in
    meta.json. It takes a few minutes.

    [bold]Example[/bold]

      ronten train checkworthiness models/checkworthiness-0.1.0 --votes votes.jsonl
    """
    from ronten.train.checkworthiness import train_checkworthiness

    typer.echo(json.dumps(train_checkworthiness(votes, out)))


_Corpus = Annotated[
    Path,
    typer.Option(
        metavar="FOLDER",
        help="Gold corpus with final/ and splits.json; first/ and second/ are further votes.",
    ),
]
_Votes = Annotated[
    Path,
    typer.Option(
        metavar="FILE",
        help="JSON lines with topic, utterance and stance (0 other, 1 for, 2 against).",
    ),
]
_Sides = Annotated[
    Path, typer.Option(metavar="FOLDER", help="Sides of marked claims, *.tsv (corpus/sides).")
]
_Triples = Annotated[
    Path, typer.Option(metavar="FOLDER", help="Claims that make the same point or not, *.tsv.")
]


@app.command("embedding")
def embedding(
    out: _Out,
    jsts: Annotated[
        Path, typer.Option(metavar="FILE", help="Graded pairs (JSTS train): JSON lines.")
    ],
    valid: Annotated[
        Path, typer.Option(metavar="FILE", help="Graded pairs for the score (JSTS valid).")
    ],
    triples: _Triples,
    seed: _Seed = 0,
    steps: _Steps = None,
) -> None:
    """Train the embedding: ja_ginza's word vectors, turned and refined on pairs.

    Card and licence are written by hand. It takes three minutes. Train `same-point` and `stance`
    anew afterwards: they read its rows.

    [bold]Example[/bold]

      ronten train embedding models/embedding-0.2.1 --jsts jsts-train.jsonl
      --valid jsts-valid.jsonl --triples corpus/triples
    """
    from ronten.train.embedding import Settings, build

    settings = Settings(seed=seed, steps=steps)
    scores = build(out, jsts=jsts, valid=valid, triples=triples, settings=settings, report=_report)
    typer.echo(json.dumps(scores))


@app.command("same-point")
def same_point(
    out: _Out,
    triples: _Triples,
    gold: _Gold,
    seed: _Seed = 0,
    steps: _Steps = None,
) -> None:
    """Train the network that says whether two claims make the same point.

    Card and licence are written by hand. It takes a quarter of an hour.

    [bold]Example[/bold]

      ronten train same-point models/same_point-0.1.0 --triples corpus/triples
      --gold corpus/gold/final
    """
    from ronten.train.same_point import Settings, build

    settings = Settings(seed=seed, steps=steps)
    scores = build(out, triples=triples, gold=gold, settings=settings, report=_report)
    typer.echo(json.dumps(scores))


@app.command("same-point-encoder")
def same_point_encoder(
    out: _Out,
    triples: _Triples,
    gold: _Gold,
    seed: _Seed = 0,
    steps: _Steps = None,
) -> None:
    """Teach the pretrained encoder whether two claims make the same point.

    Card and licence are written by hand. It takes half an hour of two cores that multiply bfloat16.

    [bold]Example[/bold]

      ronten train same-point-encoder models/same_point_encoder-0.1.0 --triples corpus/triples
      --gold corpus/gold/final
    """
    from ronten.train.pair_encoder import Settings
    from ronten.train.same_point_encoder import build

    settings = Settings(seed=seed, steps=steps)
    build(out, triples=triples, gold=gold, settings=settings, report=_report)


@app.command("stance")
def stance(
    out: _Out,
    votes: _Votes,
    triples: _Triples,
    gold: _Gold,
    sides: _Sides,
    marked: _Marked,
) -> None:
    """Train the models of the side a text takes on a target, by itself and in its article.

    Card and licence are written by hand. The scores with each topic of the votes left out once
    stand in meta.json. It takes six minutes.

    [bold]Example[/bold]

      ronten train stance models/stance-0.1.0 --votes votes.jsonl --triples corpus/triples
      --gold corpus/gold/final --sides corpus/sides --marked corpus/claims
    """
    from ronten.train.stance import build

    scores = build(out, votes=votes, triples=triples, gold=gold, sides=sides, marked=marked)
    typer.echo(json.dumps(scores))


@app.command("stance-encoder")
def stance_encoder(
    out: _Out,
    votes: _Votes,
    triples: _Triples,
    gold: _Gold,
    sides: _Sides,
    marked: _Marked,
    folds: Annotated[
        int, typer.Option(min=0, help="Score the votes first, in so many folds of topics.")
    ] = 0,
    seed: _Seed = 0,
    steps: _Steps = None,
) -> None:
    """Teach the pretrained encoder which side a text takes on a target.

    Card and licence are written by hand. It takes 40 minutes of two cores that multiply bfloat16,
    and each fold of topics that is left out (--folds) six more.

    [bold]Example[/bold]

      ronten train stance-encoder models/stance_encoder-0.1.0 --votes votes.jsonl
      --triples corpus/triples --gold corpus/gold/final --sides corpus/sides --marked corpus/claims
    """
    from ronten.train.pair_encoder import Settings
    from ronten.train.stance_encoder import build

    scores = build(
        out,
        votes=votes,
        triples=triples,
        gold=gold,
        sides=sides,
        marked=marked,
        folds=folds,
        settings=Settings(seed=seed, steps=steps),
        report=_report,
    )
    typer.echo(json.dumps(scores))
