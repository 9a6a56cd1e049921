"""The article's own claims: which sentences and clauses the writer asserts."""

from __future__ import annotations

import re

from ronten.components.claims.contents import CONJUNCTIONS
from ronten.text.blocks import BlockKind

_CLAIM_KINDS = frozenset({BlockKind.PARAGRAPH, BlockKind.BULLET, BlockKind.QUOTE})
_QUESTION = re.compile(
    r"(?:[?？]|(?:だろう|でしょう|ましょう|の|です|ます|ない|る|た|い|う|う?べき|どう|なに|何|ある|いる|なん|もの|こと|わけ)か|か(?:な|しら|ね|い)?|どうして|なぜ|のでは)[。．?？!！…」\s]*\Z"
)
_INTERROGATIVE = (
    "ですか",
    "ますか",
    "だろうか",
    "でしょうか",
    "のか",
    "ませんか",
    "たか",
    "るか",
    "ないか",
)
_ORGANISES = re.compile(
    r"\A(?:以下|次に|ここで|まず|では|それでは|本題|本稿|本記事|この記事|今回は|詳しくは|詳細は|続きは)[^。]{0,40}(?:紹介|説明|解説|見て|みて|まとめ|述べ|取り上げ|整理|列挙|掲載|論じ|考え|検討|振り返|お伝え|お届け|触れ|記す|示す)[^。]{0,8}(?:する|します|しよう|しましょう|いこう|いきましょう|いきます|いく|みよう|みましょう|たい|おく|おきます|である|です)?[。：:]?\Z|"
    r"(?:ご覧ください|御覧ください|参照されたい|参照のこと|参照|ご参照ください|お読みください|クリック|こちら(?:から)?)[。！!]?\Z|"
    r"(?:見て|考えて|振り返って|整理して|まとめて|触れて)(?:みよう|みましょう|いこう|いきましょう|みたい|おきたい|おこう|おく)(?:と思う|と思います)?[。]?\Z|"
    r"^(?:以上|以下)(?:が|は)?[、]?[^。]{0,30}(?:だ|である|です|の通り|のとおり|通りだ|とおりだ|とおりである|となる)[。：:]?\Z"
)
_ANNOUNCES = re.compile(
    r"(?:声明|コメント|談話|見解|報告書|レポート|記事|ブログ(?:記事)?|論文|書簡|動画|メッセージ|リリース|プレスリリース|文書|インタビュー|資料|投稿|寄稿|コラム)(?:など)?を[^、。]{0,24}(?:発表|公表|公開|掲載|投稿|出|寄せ|配信|発信|告知|送付|送|刊行)(?:し|さ|た|る|す|して|しており|しました|された|した)*+(?:、[^。]{0,24}(?:告知|発信|紹介|投稿)(?:した|している|しました))?[。]?\Z|"
    r"(?:会見|会談|記者会見|講演|スピーチ|演説|登壇|取材)(?:を|に)?(?:開|行|臨|応|し|し|実施)?(?:した|いた|った|んだ|じた|する|く|う|む|じる|いている|じている|しました|きました)[。]?\Z|"
    r"(?:発言|コメント|談話|声明|言葉|様子)を(?:伝え|紹介し|述べ|語っ|寄せ|出し)(?:た|ている|ました)[。]?\Z|"
    r"[がはも][、]?[^。、をにと]{0,14}(?:報じ|伝え|述べ|語っ|話し|発表し|コメントし|説明し|報道し|答え)(?:た|ている|ました)[。]?\Z|"
    r"(?:さん|氏|彼女?|[長授士者官家手員督])(?:[（(][^（）()]*[）)])?に(?:[^。、]{0,14}を)?(?:聞いた|聞きました|伺った|伺いました|尋ねた|尋ねました|訊いた)[。]?\Z|"
    r"(?:お答え|再質問|一般質問)を?(?:いたし|申し上げ|行い|し)ます[。]?\Z|"
    r"は[、]?(?:およそ)?(?:次の(?:通り|とおり|よう)|こう)(?:だ|です|である|だった|でした)?[。]?\Z|"
    r"(?:紹介|お伝え)(?:する|します|したい|いたします)[。]?\Z|"
    r"(?:発言|やり取り|やりとり|言葉|要旨)[^。、]{0,10}を(?:載せ|拾い?|掲載し?|抜粋し?)(?:する|る|う|します|ます)[。]?\Z|"
    r"(?:さん|氏|[長授士者官家手員督])は(?:そう|こう)?(?:言う|語る|話す|振り返る|打ち明ける|続ける|笑う|明かす)[。]?\Z|"
    r"\A(?:こんにちは|こんばんは)[、。][^。、はがを]{0,16}[。]?\Z|"
    r"(?:会合|会議|会見|意見交換会|勉強会|説明会|懇談会|総会|交渉|審議会|委員会|部会|研究会|講演会|シンポジウム|フォーラム|集会|協議|報告会|討論会|座談会|公聴会|例会|質疑)(?:を(?:[^。、]{0,14}で)?(?:開い|開催し|行っ)|が(?:[^。、]{0,14}で)?(?:開かれ|行われ|開催され|もたれ))(?:た|ました)[。]?\Z|"
    r"について(?:分析|説明|解説|紹介|議論|言及|論評|論じ|述べ|語っ|話し|語り合っ|意見を交わし|協議|話し合っ)(?:し)?(?:て)?(?:いる|た|ている|いた|ました)[。]?\Z"
)
_TRAILING = re.compile(r"[、，]とも?[。．]?\s*\Z")
_NOTE = re.compile(r"[（(][^（()）]*[)）]?[。]?")
_ARGUMENT = re.compile(r"[はがでにも](?![ぁ-ん]{0,1}ある)")
_PREDICATE_END = re.compile(
    r"(?:た|る|い|う|く|す|つ|む|ぶ|ぐ|ぬ|だ|です|ます|ん|である|ない|か|よ|ね|ろ|せよ|べき|ず|まし|はず|から|ため|もの|こと|ところ|わけ|より|のみ|まで)[。．！!」』）)…\s]*\Z"
)


def asks(content: str) -> bool:
    """Whether quoted words only ask (…ですか, …？); …ではないか puts a view forward."""
    text = content.rstrip("。．.！! \u3000")
    if text.endswith(("？", "?")):
        return True
    return text.endswith(_INTERROGATIVE) and not text.endswith(
        ("ではないか", "のでは", "じゃないか")
    )


def trailing(sentence: str) -> int | None:
    """Return where the content of a sentence ends that only と leaves open (…のだ、とも。)."""
    match = _TRAILING.search(sentence)
    return match.start() if match else None


def claim_span(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Trim a sentence to a claim: no conjunction in front, no final stop; None if empty."""
    while start < end and text[start] in " \u3000、，,・　\t\r\n":
        start += 1
    if match := CONJUNCTIONS.match(text, start, end):
        start = match.end()
    while end > start and text[end - 1] in "。．｡.!！ \u3000、，,\r\n\t:：;；":
        end -= 1
    return (start, end) if end - start >= 2 else None


def is_claim(sentence: str, kind: BlockKind) -> bool:
    """Whether the writer asserts something with this sentence.

    Headings, captions, questions, sentences that organise the text or only say that somebody spoke
    and bullets without any predicate or argument are no claims.
    """
    if kind not in _CLAIM_KINDS:
        return False
    text = sentence.strip()
    # A note without a predicate: （9月12日、記念会館にて）.
    if _NOTE.fullmatch(text) and not _PREDICATE_END.search(text):
        return False
    lead = CONJUNCTIONS.match(text)
    if (
        len(text) < 4
        or _QUESTION.search(text)
        or _ORGANISES.search(text[lead.end() :] if lead else text)
        or _ANNOUNCES.search(text)
    ):
        return False
    if not re.search(r"[ぁ-んァ-ヶ一-龯]", text):
        return False
    if kind == BlockKind.BULLET and text.endswith((":", "：")):
        return False
    # A noun phrase says nothing of anything: 夜の教室、保育の申し込み。
    if not _PREDICATE_END.search(text):
        return _ARGUMENT.search(text) is not None
    if kind == BlockKind.BULLET or not re.search(r"[。！!]", text):
        return len(text) > 6
    return True
