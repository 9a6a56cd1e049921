"""Type, certainty and polarity of a claim from the form of its last predicate."""

from __future__ import annotations

import re

from ronten.types import ClaimType

_POLICY = re.compile(
    r"(?:べき(?:だ|である|です|だった|では(?:ない|ありません)|もの|とき|時)?|"
    r"(?:なければ|なくては|ねば|ないと)(?:なら(?:ない|ぬ|ず|ん|なかった)|いけ(?:ない|ません)|なりません|ならない)|ねばならない|ざるを得(?:ない|ません)|"
    r"(?:て|で)は(?:なら|いけ)(?:ない|ません|なかった)|(?:て|で)(?:ほしい|欲しい|もらいたい|いただきたい|頂きたい|ください|下さい)|"
    r"(?<!み)たい(?:です|と思(?:う|います|っている))?|たくない|(?:する|な|の)?ほうが(?:いい|よい|良い|望まし(?:い))|方が(?:いい|よい|良い|望ましい)|"
    r"(?:する|し|を|も)?ことを?(?:求め(?:る|ます)|願(?:う|っている|います))|願っています|求められる|求めたい|望まれる|望ましい|すればいい|"
    r"(?:う|よう)ではないか|(?:し|つ|り|き|み|べ|え|け|て)ましょう|(?:を|しなければならない|する|く|ぐ|す|つ|む|ぶ|る|う|的な措置が|対策が|対応が|見直しが|規制が|支援が|改革が)必要(?:がある|があります|だ|である|です|がある(?:だろう|でしょう))?|"
    r"不可欠だ|急務(?:だ|である|です)|が必要(?:だ|です|である|になる|となる)|許されない|許してはならない|せよ|しろ)"
    r"(?:と思う|と考える|と考えます|と思います|ん|の|もの)?(?:だ|です|である|でしょう|だろう)?(?:ろう)?(?:から)?[」』）)]*\Z"
)
_ACTION_NEED = re.compile(
    r"(?:する|す|く|ぐ|つ|む|ぶ|る|う)必要(?:が|は|も)(?:ある|あります|ない|ありません|あった)(?:だろう|でしょう|と思う|と考える)?\Z"
)
_PREDICTION = re.compile(
    r"(?:だろう|でしょう|はずだ|はずです|はずである|に違いない|にちがいない|見通し(?:だ|である|です)?|見込み(?:だ|である|です)?|予定(?:だ|である|です)?|計画(?:だ|である|です)?|方針(?:だ|である|です)?|"
    r"つもり(?:だ|です|である)?|(?:おそれ|恐れ|可能性|公算|リスク|懸念|見込み|危険(?:性)?)(?:が|も|は)(?:ある|あります|高い|大きい|高まる|残る|ない|出てくる|指摘されている)|かねない|"
    r"かもしれない|かもしれません|ことになる|ことになります|ようになる|ていく(?:だろう|でしょう)?|ていきます|(?:に|と|く)なる(?:だろう|でしょう)?|になります|となります|することになる|し得る|しうる|だろうか|でしょうか|"
    r"のではないか|のでは|んじゃないか)(?:と思う|と思います|と考える|と考えている|と見ている|とみている)?[」』）)]*\Z"
)
_CONDITION = re.compile(
    r"(?:れば|えば|けば|せば|てば|めば|べば|ければ|なければ|たら|だら|なら(?:ば)?、|もし|場合(?:は|に|、)|なくても、|限り)"
)
_FUTURE = re.compile(
    r"(?:今後|将来|来年|来月|来週|来期|来春|来秋|年内に|月末までに|明日|翌年|来年度|次期|近く|近い将来|やがて|いずれ|年後|までに)"
)
_PAST = re.compile(
    r"(?:た|だ(?<=んだ)|ました|ていた|でいた|だった|でした|なかった|ませんでした)(?:という|とのこと|の|ん|もの|こと|ところ)?(?:だ|です|である)?[」』）)]*\Z"
)
_PROGRESS = re.compile(
    r"(?:て|で)(?:いる|います|おり|いない|いません|ある|きた|きている|る|ます)(?:という|の|ところ|状態|状況|よう)?(?:だ|です|である)?[」』）)]*\Z"
)
_NONPAST_VERB = re.compile(
    r"(?:する|します|せる|れる|える|ける|げる|める|てる|ねる|べる|く|ぐ|す|つ|ぬ|む|ぶ|う|る|ます)[」』）)]*\Z"
)
_EVALUATION = re.compile(
    r"(?:重要|必要|可能|不可能|困難|容易|明らか|当然|妥当|適切|不適切|有効|無効|十分|不十分|深刻|危険|安全|優秀|有能|有利|不利|公平|不公平|健全|合理的|現実的|非現実的|画期的|理想的|典型的|"
    r"本物|最大|最も|極めて|非常に|とても|かなり|より|過剰|誤り|間違い|問題|課題|進歩|成果|失敗|成功|意味|象徴|証拠|原因|理由|結果|鍵|カギ|要因|背景|べき|まし|残念|光栄|遺憾|大切|魅力|特徴|不可欠|時期尚早|ふさわし|すばらし|素晴らし|"
    r"良い|悪い|よい|高い|低い|強い|弱い|大きい|小さい|多い|少ない|難しい|易しい|やすい|にくい|厳しい|甘い|新しい|古い|早い|遅い|正しい|おかしい|面白い|うれしい|嬉しい|悲しい|恐ろしい|怖い|いい|凄い|すごい|しかない|に過ぎない|にすぎない|に等しい|と言える|といえる|わけではない|とは限らない|"
    r"ではない|じゃない|価値|ものだ|ことだ|からだ|ためだ|点だ|からである|ためである|わけだ|のだ|に値する|示している|意味する|意味している|物語る|示す|つながる|資する|役立つ|寄与する|影響)"
)
_FIGURE = re.compile(r"[\d０-９]")
_NOUN_END = re.compile(
    r"(?:ない|た|る|い|う|く|す|つ|ぬ|む|ぶ|ぐ|だ|です|である|ます|ん|か|よ|ね|ろ)[」』）)]*\Z"
)

_NEGATED = re.compile(
    r"(?:ない|なかった|ません|ませんでした|ず|ぬ|まい|わけではない|とは限らない|とは言えない|ではない|ではありません|はない|はありません|不可能だ|無い|誤りだ|間違いだ|誤りである|否定(?:する|した|している)?)(?:だろう|でしょう|と思う|と考える|のだ|のです|ものだ|はずだ|という|とのこと|か)?(?:だ|です|である)?[」』）)]*\Z"
)
_NOT_NEGATED = re.compile(
    r"(?:ねばなら|なければなら|なくてはなら|なければいけ|なくてはいけ|ざるを得|かもしれ|に違い|に過ぎ|にすぎ|間違い|ほかなら|しか)(?:ない|ません|なかった|ぬ)|かねない|のではないか|ではないだろうか|ではないか"
)
_POSSIBLE = re.compile(
    r"かもしれない|かもしれません|可能性|おそれ|恐れ|かねない|ありうる|あり得る|のではないか|ではないか|のでは\Z|リスク|余地|ことがある|場合もある|とは限らない|だろうか|得る\Z|うる\Z"
)
_PROBABLE = re.compile(
    r"だろう|でしょう|はず|に違いない|にちがいない|とみられる|と見られる|と思われる|見通し|見込み|公算|らしい|ようだ|ようです|模様|そうだ\Z|と思う|と考えられる|とみている|推定|推計|おそらく|恐らく|たぶん|まい\Z|傾向"
)


def claim_type(content: str, cue_kind: str | None, tail: str = "") -> ClaimType:
    """Type of a claim.

    Args:
        content: the content's text, without final stop.
        cue_kind: kind of the reporting word, None for authorial claims.
        tail: what the cue adds to the meaning (`demand` for …よう求めた).
    """
    text = content.rstrip("。．.!！?？、 \u3000\n")
    if tail == "demand" or _ACTION_NEED.search(text) or _POLICY.search(text):
        return ClaimType.POLICY
    if cue_kind == "demand" and _NONPAST_VERB.search(text):
        return ClaimType.PREDICTION if tail == "plan" else ClaimType.POLICY
    if _PREDICTION.search(text):
        return ClaimType.PREDICTION
    past = _PAST.search(text) is not None
    if past:
        return ClaimType.INTERPRETATION if _evaluative_past(text) else ClaimType.FACT
    nonpast = _NONPAST_VERB.search(text) is not None
    progress = _PROGRESS.search(text) is not None
    if cue_kind == "predict" and (nonpast or not _NOUN_END.search(text)):
        return ClaimType.PREDICTION
    if tail == "plan" and nonpast and not progress:
        return ClaimType.PREDICTION
    if nonpast and not progress and (_CONDITION.search(text) or _FUTURE.search(text)):
        return ClaimType.PREDICTION
    if _evaluative(text):
        return ClaimType.INTERPRETATION
    if progress or _FIGURE.search(text) or nonpast:
        return ClaimType.FACT
    return ClaimType.INTERPRETATION if cue_kind else ClaimType.FACT


def certainty(content: str) -> str:
    """How sure the holder is: `certain`, `probable` or `possible`."""
    end = content[-24:]
    if _POSSIBLE.search(end):
        return "possible"
    return "probable" if _PROBABLE.search(end) else "certain"


def negated(content: str) -> bool:
    """Whether the main predicate is negated."""
    text = content.rstrip("。．.!！?？、 \u3000\n")
    return _NEGATED.search(text) is not None and _NOT_NEGATED.search(text[-14:]) is None


def _evaluative(text: str) -> bool:
    return _EVALUATION.search(text[-16:]) is not None


def _evaluative_past(text: str) -> bool:
    return re.search(
        r"(?:かった|だった|でした|のだ|からだ|ためだ|わけではない)[」』）)]*\Z", text
    ) is not None and _evaluative(text)
