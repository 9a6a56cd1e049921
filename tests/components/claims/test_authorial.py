"""Which sentences claim nothing."""

import pytest

from ronten.components.claims.authorial import is_claim, trailing
from ronten.text.blocks import BlockKind


@pytest.mark.parametrize(
    "sentence",
    [
        "本稿では規制の効果を検討する。",
        "詳しくはこちらをご覧ください。",
        "議会は17日、説明会を開いた。",
        "三度目の意見交換会が公民館で行われた。",
        "5代目の蓑輪香織社長（46）に聞いた。",
        "市長に見解を尋ねた。",
        "主なやり取りは次の通り。",
        "会社側の言い分はこうだ。",
        "発言の一部を紹介します。",
        "以下、主な発言を拾う。",
        "今年78歳になる小粒さんは笑う。",
        "夜の日本語教室、保育の申し込みの多言語化。",
        "再質問いたします。",
        "こんにちは、技術部です。",
        "（9月12日、記念会館にて）",
        "なぜ手放したのか。",
        "しかし、本稿では規制の効果を検討する。",
    ],
)
def test_no_claims(sentence):
    assert not is_claim(sentence, BlockKind.PARAGRAPH)


@pytest.mark.parametrize(
    "sentence",
    [
        "必ず主治医に相談してください。",
        "筆者は「年貢返上」だったのではないかと考えている。",
        "料金の穴埋めに充てるべきではないと考えています。",
        "（工事は予定より遅れている）",
        "店は三十年前に開いた。",
        "子どもは筒を拾う。",
        "残るは費用の問題。",
        "祖母に聞いた話は今も覚えている。",
        "調査は第三者委員会が行った。",
        "（株）北斗機械は来春、大阪に新工場。",
        "捜査中のため、詳細はお答えいたしかねます。",
        "こんにちは、都は条例を改正しました。",
    ],
)
def test_claims(sentence):
    assert is_claim(sentence, BlockKind.PARAGRAPH)


@pytest.mark.parametrize(
    ("sentence", "content"),
    [
        ("顔を見ればわかる、とも。", "顔を見ればわかる"),
        ("補助金も出す、と。", "補助金も出す"),
        ("彼は兄と。", None),
        ("それでよい、と言った。", None),
        ("りんご、みかん、とか。", None),
    ],
)
def test_what_ends_with_to_alone(sentence, content):
    end = trailing(sentence)
    assert (sentence[:end] if end is not None else None) == content
