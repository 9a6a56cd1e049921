"""Trees out of scores, the network against torch, and the shipped parser on sentences."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from spacy.language import Language
from spacy.tokens import Doc

from ronten.components.parser import BETWEEN, DISTANCES, ENDS, LONGEST, ROOT, Parser, token_keys
from ronten.components.trees import tree

SENTENCES = (
    "田代健一社長は12日、「需要は堅調だ」と述べた。",
    "政府は、来年度から企業への補助金を増やす方針だという。",
    "うん。",
    "専門家によると、半導体の輸出は来年も伸び、関連する企業の業績を押し上げる見通しだ。",
)


@pytest.fixture(scope="module")
def parser(nlp: Language) -> Parser:
    return Parser.shipped(nlp.vocab)


def head_words(nlp: Language, parser: Parser, text: str) -> dict[str, str]:
    """Return the word that every word hangs on; every word may stand there once only."""
    doc = nlp.make_doc(text)
    words = [token.text for token in doc]
    heads, _ = parser.parse(token_keys(doc), [len(doc)])
    return {word: words[i + heads[i]] for i, word in enumerate(words)}


def is_tree(heads: np.ndarray) -> bool:
    """Tell whether heads, given as places, lead to one root from everywhere."""
    ends = heads
    for _ in range(9):
        ends = ends[ends]
    return len(set(ends.tolist())) == 1 and int((heads == np.arange(len(heads))).sum()) == 1


@pytest.mark.parametrize("count", [1, 2, 3, 7, 40])
def test_any_scores_give_one_tree(count: int) -> None:
    rng = np.random.default_rng(count)
    for _ in range(50):
        assert is_tree(tree(rng.normal(size=(count, count)).astype(np.float32)))


def test_the_best_heads_stand_where_they_are_a_tree() -> None:
    scores = np.zeros((4, 4), np.float32)
    wanted = [1, 3, 1, 3]
    scores[range(4), wanted] = 1
    assert tree(scores).tolist() == wanted


def test_a_loop_is_broken_where_it_costs_least() -> None:
    scores = np.zeros((4, 4), np.float32)
    scores[range(4), [1, 0, 3, 3]] = 5
    scores[1, 3] = 4
    scores[0, 3] = 1
    assert tree(scores).tolist() == [1, 3, 3, 3]


def test_of_two_roots_the_better_one_stays() -> None:
    scores = np.zeros((3, 3), np.float32)
    scores[0, 0], scores[1, 2], scores[2, 2] = 2, 3, 5
    scores[0, 1] = 1
    assert tree(scores).tolist() == [1, 2, 2]


def test_distances_grow_with_the_distance() -> None:
    row = BETWEEN[100].tolist()
    assert row[100] == DISTANCES // 2
    assert (min(row), max(row)) == (0, DISTANCES - 1)
    assert all(a <= b for a, b in pairwise(row))


def test_sentences_become_trees(nlp: Language, parser: Parser) -> None:
    for text in SENTENCES:
        doc = nlp.make_doc(text)
        heads, relations = parser.parse(token_keys(doc), [len(doc)])
        assert is_tree(np.arange(len(doc)) + heads)
        roots = [parser.relations[number] == ROOT for number in relations]
        assert roots == (heads == 0).tolist()


def test_easy_heads_are_right(nlp: Language, parser: Parser) -> None:
    heads = head_words(nlp, parser, "社長は「需要は堅調だ」と述べた。")
    assert heads["社長"] == heads["堅調"] == heads["述べ"] == "述べ"
    assert (heads["需要"], heads["と"], heads["た"]) == ("堅調", "堅調", "述べ")
    heads = head_words(nlp, parser, "政府は2日、法案を国会に提出した。")
    assert heads["政府"] == heads["日"] == heads["案"] == heads["国会"] == "提出"
    assert (heads["2"], heads["法"], heads["を"], heads["に"]) == ("日", "案", "案", "国会")


def test_a_sentence_has_the_same_tree_alone_and_among_others(nlp: Language, parser: Parser) -> None:
    keys = [token_keys(nlp.make_doc(text)) for text in SENTENCES] * 15
    sizes = [len(part) for part in keys]
    together = parser.parse(np.concatenate(keys), sizes)
    alone = [parser.parse(part, [len(part)]) for part in keys]
    for number, found in enumerate(together):
        assert found.tolist() == np.concatenate([one[number] for one in alone]).tolist()


def test_brackets_and_ends_are_counted_by_sentence(nlp: Language, parser: Parser) -> None:
    parts = [token_keys(nlp.make_doc(text)) for text in ("「開いた", "前「中（奥）」外", "」。")]
    sizes = np.array([len(part) for part in parts])
    features = parser.encoder.encode(np.concatenate(parts), sizes)
    one = [parser.encoder.encode(part, np.array([len(part)])) for part in parts]
    assert features.depth.tolist() == np.concatenate([f.depth for f in one]).tolist()
    assert features.end.tolist() == np.concatenate([f.end for f in one]).tolist()
    assert one[1].depth.tolist() == [0, 0, 1, 1, 2, 1, 0, 0]
    assert features.end.max() < ENDS


def test_nothing_is_no_trouble(nlp: Language, parser: Parser) -> None:
    heads, relations = parser.parse(np.zeros((0, 4), np.uint64), [])
    assert (len(heads), len(relations)) == (0, 0)
    assert len(nlp("")) == 0


def test_the_longest_sentence_is_parsed_and_a_longer_one_is_flat(nlp: Language) -> None:
    def parsed(count: int) -> Doc:
        return nlp("彼は「" + "雨が" * ((count - 9) // 2) + "降る」と述べた。")

    doc = parsed(LONGEST)
    assert LONGEST - 1 <= len(doc) <= LONGEST
    assert "nsubj_bunsetu" in {token.dep_ for token in doc}
    assert len(list(doc.sents)) == 1
    doc = parsed(LONGEST + 4)
    assert {token.dep_ for token in doc} == {"dep"}
    assert {token.head.i for token in doc} == {len(doc) - 1}
