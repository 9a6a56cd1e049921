"""What becomes of the marks of the tagger: here they are given, whatever a tagger would find."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from spacy.language import Language

from ronten.components.claims.cues import CueFinder
from ronten.components.claims.features import Hinted
from ronten.components.claims.lexicon import load_cues
from ronten.components.claims.models import ClaimModels
from ronten.components.claims.reader import Reader
from ronten.components.claims.tagger import Marked, Marks
from ronten.types import Span


class Marker:
    """Marks what it is told as contents, and nothing else."""

    def __init__(self, models: ClaimModels, spans: Sequence[Span]) -> None:
        self.encoder = models.tagger.encoder
        self.spans = spans

    def mark(self, sentences: Sequence[Hinted]) -> list[Marks]:
        found = []
        for sentence in sentences:
            start, end = sentence.view.sentence.start, sentence.view.sentence.end
            inside = [Marked(span, 1.0) for span in self.spans if start <= span[0] < end]
            found.append(Marks(inside, [], [], []))
        return found


def read(nlp: Language, text: str, *contents: str) -> list[dict[str, object]]:
    """Return the reported claims of a text where the tagger marks these contents."""
    finder = CueFinder(load_cues())
    models = ClaimModels.load(finder.lexicon, nlp.vocab)
    spans = [(text.index(content), text.index(content) + len(content)) for content in contents]
    marker = Marker(models, spans)
    _, claims = Reader(nlp(text), finder, models._replace(tagger=marker)).read()
    return [
        {
            "content": "".join(text[start:end] for start, end in claim["content"]),
            "attribution": claim["attribution"],
            "cue": text[slice(*claim["cue"])] if claim["cue"] else None,
            "source": text[slice(*claim["source"])] if claim["source"] else None,
        }
        for claim in claims
        if claim["attribution"] != "authorial"
    ]


@pytest.mark.parametrize(
    ("text", "marked", "expected"),
    [
        # The words of a quotation end with it.
        (
            "党内には「丸ごとは飲めない。割れても仕方ない」という意見から対立が深まるという見方もある。",
            ["割れても仕方ない」という意見から対立が深まる"],
            [("割れても仕方ない", "direct")],
        ),
        # What is explained in brackets belongs to what they explain.
        (
            "協会は、隣接権（実演者の権利）の延長を求めた。",
            ["権利）の延長"],
            [("隣接権（実演者の権利）の延長", "indirect")],
        ),
        # Nothing is left of what begins at the closing bracket.
        (
            "党内には「割れても仕方ない」という意見から対立が深まるという見方もある。",
            ["」という意見から対立が深まる"],
            [("」という意見から対立が深まる", "indirect")],
        ),
        # Two voices in a quoted sentence stay two.
        (
            "社長は「森氏は無理だと言ったが、春には始まる」と述べた。",
            ["無理だ", "春には始まる"],
            [("無理だ", "direct"), ("春には始まる", "direct")],
        ),
        # Words are what stands in their brackets.
        (
            "女性は首を振り、「逃げろと言われても無理」と憤った。",
            ["「逃げろと言われても無理」"],
            [("逃げろと言われても無理", "direct")],
        ),
        # Quoted words are marked sentence by sentence, not cut at a mark inside a title.
        (
            "放送局は「番組『激突!ハーバー』は終わる。残念だ」と説明した。",
            ["番組『激突", "ハーバー』は終わる", "残念だ"],
            [("番組『激突!ハーバー』は終わる", "direct"), ("残念だ", "direct")],
        ),
    ],
)
def test_contents_keep_their_brackets_whole(nlp, text, marked, expected):
    found = read(nlp, text, *marked)
    assert [(claim["content"], claim["attribution"]) for claim in found] == expected


def test_cue_and_source_are_found_where_the_tagger_marks_none(nlp):
    text = "田代健一社長は会見で、需要は堅調だと述べた。"
    [claim] = read(nlp, text, "需要は堅調だ")
    assert (claim["source"], claim["cue"]) == ("田代健一社長", "述べ")


def test_a_document_of_any_sort_is_an_authority(nlp):
    text = "合意案によると、費用は市が持つ。"
    [claim] = read(nlp, text, "費用は市が持つ")
    assert (claim["source"], claim["cue"]) == ("合意案", "によると")
