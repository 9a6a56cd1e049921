"""What the form of a claim's last predicate says of its type, certainty and polarity."""

from __future__ import annotations

import re
from typing import NamedTuple

from ronten.types import ClaimType

_CLOSE = r"[」』）)]*\Z"
_COPULA = r"(?:だ|である|です|だった|であった|でした)?"
_THINK = r"(?:と(?:思う|思います|思っている|考える|考えます|(?:考えて|認識して)(?:いる|います)))?"


def _ending(*alternatives: str) -> re.Pattern[str]:
    return re.compile("(?:" + "|".join(alternatives) + ")" + _CLOSE)


_POLICY = _ending(
    # obligation and prohibition
    r"べき(?:だ|である|です|だった|では(?:ない|ありません)|で(?:は)?ない|もの|とき|時)?(?:と|だろう|でしょう|なの|ん)*"
    + _COPULA,
    r"(?:なければ|なくては|ねば|ないと)(?:なら|いけ)(?:ない|ぬ|ん|なかった|ません)" + _COPULA,
    r"なりません|ざるを得(?:ない|ません)|わけには(?:いかない|いきません)",
    r"[てで]は(?:なら|いけ)(?:ない|ません|なかった)(?:の)?" + _COPULA,
    # wishes and requests
    r"[てで](?:ほしい|欲しい|もらいたい|いただきたい|頂きたい)(?:の|もの)?" + _COPULA + _THINK,
    r"(?:ください|下さい|せよ|しろ|なさい|ましょう|ようではないか|ほしい|欲しい)",
    r"(?<![みひつめ])たい(?:の|もの|ところ)?" + _COPULA + _THINK,
    r"(?:願っている|願っています|願う|願います|望む|望みます|求めたい|望まれる|求められる)",
    # advice
    r"(?:ほう|方)が(?:いい|よい|良い|望ましい)(?:の)?" + _COPULA + r"|望ましい" + _COPULA,
    r"(?:すれ|れ|け|せ|て|め|べ|ね|え|げ)ば(?:いい|よい)(?:の|ん)?" + _COPULA + "よ?",
    r"(?:する|す|く|ぐ|つ|む|ぶ|る|う)必要(?:が|は|も)(?:ある|あります|ない|ありません|あった)(?:の|だろう|でしょう)?"
    + _COPULA
    + _THINK,
    r"(?:措置|対策|対応|見直し|規制|支援|改革|議論|検討|整備|強化|配慮|政策|協力|投資|取り組み|再考)(?:が|も)(?:必要|不可欠|急務|求められ(?:る|ている))(?:に(?:な|も)る)?"
    + _COPULA,
    r"急務" + _COPULA + _THINK,
    r"許されない|許してはならない",
)
_INFERENCE = re.compile(r"(?P<before>.{1,3})(?:だろう|でしょう|であろう)" + _THINK + _CLOSE)
_VERB_BEFORE = re.compile(
    r"(?:[うくすつぬむぶぐ]|[いえきけしせちてにねひへみめりれぎげじぜびべ]る|なる|する|くる|ある|れない|せない|らない|わない|かない|さない|たない|まない|きない|しない|えない|けない|めない|べない)\Z"
)
_PREDICTION = _ending(
    r"(?:はず|に違いない|にちがいない)" + _COPULA,
    r"(?:見通し|見込み|予定|計画|方針|つもり|運び|公算)(?:が高い|が大きい)?" + _COPULA,
    r"予定(?:している|しています|される|されている)",
    r"(?:おそれ|恐れ|可能性|公算|リスク|懸念|危険(?:性)?)(?:が|も|は)(?:ある|あります|高い|大きい|高まる|残る|出てくる|生じる|十分(?:に)?ある|否定できない|ないわけではない)(?:の)?"
    + _COPULA,
    r"かねない|かもしれない|かもしれません|(?:し|り|き|え|け|れ)?(?:得る|うる)",
    r"ことに(?:なる|なります|なろう)|ように(?:なる|なります)|ていく|ていきます|ていくこと"
    + _COPULA,
    r"(?:と|く|に)(?:なる|なります)(?:の)?" + _COPULA,
    r"不可避" + _COPULA + r"|避けられない|免れない|必至" + _COPULA,
    r"(?:の|ん)ではないか" + _THINK + r"|のでは|まい",
)
_CONDITION = re.compile(
    r"(?:[れえけせてめべねげ]ば|たら|だら|なら(?:ば)?(?:、|[^なずいぬ])|もし|場合(?:は|に|、)|なくても、|限り、|次第)"
)
_FUTURE = re.compile(
    r"今後|将来|来年|来月|来週|来期|来春|来秋|来夏|年内に|月末までに|明日|翌年|来年度|次期|近い将来|やがて|いずれ|[年月日間]後に|までに|年度中に|以内に|これから"
)
_PAST = _ending(
    r"(?:[^うよ]た|んだ|ました|だった|でした|かった|ませんでした)(?:という|とのこと|の|ん|もの|こと|ところ)?"
    + _COPULA
)
_PROGRESS = _ending(
    r"[てで](?:いる|います|おり|いない|いません|ある|きた|きている|ある)(?:の|ところ|状態|状況|よう)?"
    + _COPULA
)
_NONPAST_VERB = _ending(
    r"(?:[うくすつぬむぶぐ]|[いえきけしせちてにねひへみめりれぎげじぜびべらわかさたまやながば]る|なる|する|くる|ます|ない(?<=[らわかさたまれえけせめべしき]ない))(?:という)?(?:こと|もの)?"
    + _COPULA
)
_STATE_VERB = _ending(
    r"(?:ある|いる|できる|出来る|異なる|違う|ちがう|あたる|当たる|言える|いえる|思う|考える|感じる|わかる|分かる|見える|存在する|含む|持つ|もつ|要する|過ぎない|すぎない|等しい)(?:の)?"
    + _COPULA
)
_EMOTION = _ending(
    r"(?:憤慨|感謝|心配|懸念|期待|自覚|理解|認識|確信|歓迎|失望|反省|後悔|満足|同意|納得|誇り|安堵|実感|痛感|危惧|尊敬)(?:に)?(?:し|思っ|感じ)(?:て)?(?:いる|います|おります|た|ました)",
    r"(?:驚い|喜ん|悲しん|怒っ|信じ|思っ|感じ|考え|悩ん|恐れ|願っ)[てで](?:いる|います)|(?:思い|気持ち|感じ)(?:が|で)(?:ある|あります|いっぱいだ|す)",
)
_EVALUATION = re.compile(
    r"重要|必要|可能|不可能|困難|容易|明らか|当然|妥当|適切|不適切|有効|無効|十分|不十分|深刻|危険|安全|優秀|有能|有利|不利|公平|健全|合理的|現実的|画期的|理想的|典型的|本物|最大|最も|極めて|非常に|過剰|"
    r"誤り|間違い|問題|課題|進歩|成果|失敗|成功|象徴|証拠|原因|理由|鍵|カギ|要因|背景|残念|光栄|遺憾|大切|魅力|特徴|不可欠|時期尚早|ふさわし|すばらし|素晴らし|良い|良く|悪い|よい|高い|低い|強い|弱い|大きい|大きく|小さい|"
    r"難しい|やすい|にくい|厳しい|甘い|正しい|おかしい|面白い|うれしい|嬉しい|悲しい|恐ろしい|怖い|いい|凄い|すごい|しかない|に過ぎない|にすぎない|に等しい|と言える|といえる|わけではない|とは限らない|ではない|じゃない|価値|"
    r"からだ|ためだ|点だ|からである|ためである|わけだ|のだ|のである|なのだ|のです|に値する|示している|示す|意味する|意味している|物語る|物語っている|つながる|資する|役立つ|寄与する|影響|道理|責任|限界|矛盾|脅威|好機|転機|無責任|無駄"
)
_QUANTITY = re.compile(
    r"[\d０-９]|[一二三四五六七八九十百千万億兆]+(?:年|月|日|人|円|社|件|台|個|％|割|倍|回|名)|数[十百千万億]"
)
_COPULA_END = _ending(r"(?:で)?(?:だ|である|です|であります|であろう|なり)")
_VERBAL_END = re.compile(r"[ぁ-ん][」』）)]*\Z")

_NEGATED = _ending(
    r"(?:ない|なかった|ません|ませんでした|ず|ぬ|まい|不可能|誤り|間違い)(?:だろう|でしょう|と思う|と考える|の|もの|はず|という|とのこと|から)?"
    + _COPULA
)
_NOT_NEGATED = re.compile(
    r"(?:ねばなら|なければなら|なくてはなら|なければいけ|なくてはいけ|ざるを得|かも(?:し|知)れ|に違い|にちがい|間違い|に過ぎ|にすぎ|に他なら|にほかなら|しか|(?:ほか|他|以外に|手)(?:は)?)(?:ない|ません|なかった|ぬ)"
    r"|かねない|ではないか|じゃないか"
    # what is denied twice is held
    r"|(?<!少)(?:ない|なかった)(?:わけ|こと|の|もの)?(?:で)?(?:は|も)(?:言え|いえ|言い切れ|限ら|あり)?(?:ない|ません)"
    r"|ないとは(?:言え|いえ|言い切れ|限ら)(?:ない|ません)|なく(?:は|も)(?:ない|ありません)"
)
_CHANCE = r"(?:可能性|おそれ|恐れ|リスク|余地|危険性|懸念)"
_LIKELY = re.compile(
    r"(?:可能性|公算|確率)(?:が|は)(?:極めて|かなり|より)?(?:高|大き|濃)[^をに、]{0,6}\Z"
)
# A chance counts where it is the predicate or the noun a content ends in.
_POSSIBLE = re.compile(
    r"かも(?:しれ|知れ)(?:ない|ません|ぬ)|かねない|(?:あり|し|り|え)(?:うる|得る)|ではないか|のでは\Z|ことがある|場合もある"
    r"|とは限らない|だろうか|" + _CHANCE + r"(?:(?:が|は|も|さえ)[^をに、]{0,12})?\Z"
)
_PROBABLE = re.compile(
    r"だろう|でしょう|であろう|はず|に違いない|にちがいない|とみられる|と見られる|と思われる|見通し|見込み|公算|らしい|ようだ|ようです|ように見える|模様|そうだ\Z|と思う|と思います|と考えられる|とみている|推定|推計|まい\Z|傾向"
)


_TAIL = 200
_FINAL = "。．.!！?？、 \u3000\n"
_TRAITS = {
    "policy": _POLICY,
    "inference": _INFERENCE,
    "prediction": _PREDICTION,
    "condition": _CONDITION,
    "future": _FUTURE,
    "past": _PAST,
    "progress": _PROGRESS,
    "nonpast": _NONPAST_VERB,
    "state": _STATE_VERB,
    "emotion": _EMOTION,
    "copula": _COPULA_END,
}
# A past clause with one of these endings and an evaluation judges (…は妥当だった).
_JUDGED = _ending(r"かった", r"だった", r"でした", r"のだ", r"からだ", r"ためだ")
_PLANS = re.compile(r"発表|表明|公表|決定|明らか|打ち出|通告|宣言|約束")


class Reading(NamedTuple):
    """What the form of a content says: the type the rules give it, and the traits they saw."""

    type: ClaimType
    traits: tuple[str, ...]


def read_form(content: str, cue_kind: str | None, tail: str = "") -> Reading:
    """Read the type of a claim off the form of its content, as a sign for the model of types.

    Args:
        content: the content's text.
        cue_kind: kind of the reporting word, None for authorial claims.
        tail: what the reporting word makes of the content: `demand` (…よう求めた) or `plan`
            (…すると発表した).
    """
    # Only the end of a content tells its form; a bounded tail keeps long ones cheap.
    text = content[-_TAIL:].rstrip(_FINAL)
    traits = {name for name, pattern in _TRAITS.items() if pattern.search(text)}
    if _EVALUATION.search(text[-18:]):
        traits.add("evaluation")
    return Reading(_type(text, traits, cue_kind, tail), tuple(sorted(traits)))


def _type(text: str, traits: set[str], cue_kind: str | None, tail: str) -> ClaimType:
    acts = "nonpast" in traits and "state" not in traits
    progress = "progress" in traits
    if tail == "demand" or "policy" in traits:
        return ClaimType.POLICY
    if tail == "plan" and acts and not progress:
        return ClaimType.PREDICTION
    if (match := _INFERENCE.search(text)) is not None:
        future = _VERB_BEFORE.search(match["before"]) or "future" in traits
        return ClaimType.PREDICTION if future else ClaimType.INTERPRETATION
    if "prediction" in traits and not progress:
        return ClaimType.PREDICTION
    if cue_kind == "demand" and acts and not progress:
        return ClaimType.POLICY
    if "emotion" in traits:
        return ClaimType.INTERPRETATION
    if "past" in traits:
        judged = "evaluation" in traits and _JUDGED.search(text)
        return ClaimType.INTERPRETATION if judged else ClaimType.FACT
    if cue_kind == "predict" and (acts or not _VERBAL_END.search(text)):
        return ClaimType.PREDICTION
    if acts and not progress and not traits.isdisjoint(("condition", "future")):
        return ClaimType.PREDICTION
    if "evaluation" in traits:
        return ClaimType.INTERPRETATION
    if progress or _QUANTITY.search(text) or "初めて" in text[-12:]:
        # 「税収は18億円増える」 said by somebody mostly looks ahead.
        ahead = cue_kind is not None and acts and not progress
        return ClaimType.PREDICTION if ahead else ClaimType.FACT
    if cue_kind is None and (acts or not _VERBAL_END.search(text)) and "copula" not in traits:
        return ClaimType.FACT
    return ClaimType.INTERPRETATION


def plan_of(word: str) -> str:
    """What a reporting word makes of a plain verb: `plan` (…すると発表した) or nothing special."""
    return "plan" if _PLANS.search(word) else ""


def certainty(content: str) -> str:
    """How sure the holder is: `certain`, `probable` or `possible`."""
    end = content[-24:].rstrip(_FINAL)
    if _LIKELY.search(end):
        return "probable"
    if _POSSIBLE.search(end):
        return "possible"
    return "probable" if _PROBABLE.search(end) else "certain"


def negated(content: str) -> bool:
    """Whether the main predicate is negated."""
    text = content[-_TAIL:].rstrip(_FINAL)
    return _NEGATED.search(text) is not None and _NOT_NEGATED.search(text[-16:]) is None
