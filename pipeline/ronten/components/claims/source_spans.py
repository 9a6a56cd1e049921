"""Who in a sentence could be a source, and where a source begins and ends."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ronten.components.claims.asked import is_document
from ronten.components.claims.document import Document
from ronten.components.claims.features import Hinted
from ronten.components.claims.speakers import SPEAKING, Speakers, entity_kind, role_kind
from ronten.components.claims.view import SentenceView
from ronten.types import Entity, Kind, Label, Span

# What a clause before a name ends in (計画を支えるA会議).
_CLAUSE = re.compile(r"[るたうくすつぬむぶぐ]\Z|という\Z")
# What joins two names, with what may describe the second (AとBの, Aとその親会社であるB).
_AND = re.compile(
    r"(?P<mark>と|や|及び|および|、|・)、?(?:[^、。「」『』はがをにでもと\n]{1,10}(?:の|である))?[米英仏独露韓]?\Z"
)
_REACH = 16
_SUBJECT = re.compile(r"は|が|も|によ|の|から")
ASIDE = r"(?:[（(][^（）()]{1,30}[）)])?"
"""What may stand in brackets behind somebody, as a part of a pattern."""
_ACTING = re.compile(rf"{ASIDE}紙?(?:の?電子版)?(?:など)?(?:の報道)?(?:{_SUBJECT.pattern})")
# What may stand between a name and what follows it: 氏, a role, brackets.
_TITLED = re.compile(r"(?P<title>[^、。「」（）()]{0,12}?)(?:[（(][^（）()]{1,40}[）)])?")
_CALLED = re.compile(rf"[「『][^「」『』、。\n]{{1,15}}[」』](?={_SUBJECT.pattern})")
_CLOSE = re.compile(r"[）)]")
_ASIDE = re.compile(r"[（(][^（）()]{1,40}[）)]\Z")
_EQUALS = frozenset("=＝")
# What only points, at things.
_NOBODY = frozenset("いずれ どれ これ それ これら それら ここ そこ 何 なに どこ".split())
_OPEN, _CLOSING = frozenset("「『"), frozenset("」』")
# What leads up to somebody and is none of him: まず組合の事務局長, 通夜の席で弟子の一人.
_LEADING = ("副詞", "接続詞", "感動詞")
_PREDICATES = ("動詞", "形容詞", "形状詞", "助動詞")
_VERBAL = ("動詞", "助動詞")
_ADJECTIVES = ("形容詞", "形状詞", "助動詞", "副詞")
# What joins an adjective to its noun: 善良な人.
_JOINS = frozenset("なの")
# A clause tells of who is named before these: 鋳物業を営む顧客の一人, 亡くなった男性の遺族.
_WHOSE_CLAUSE = re.compile(
    r"の(?:[^の]*[\d一二三四五六七八九十]+[人名割社]|[一1１]人|人|者|遺族|家族|[父母]親?|[妻夫娘親]|両親|息子|代理人|弁護人|持ち主)\Z"
    r"|\Aばかり|\A[^の]*人(?:たち)?\Z"
)
_LED = frozenset(["で", "に"])
# What makes somebody anybody, where nothing is said before it that ends in it (縁のある人).
_SOME = re.compile(
    r"(?:(?<=[。、「」\s])|\A)(?:とある|別の)\Z|(?<![がもではのにをと])ある\Z|或る\Z"
)
# What points at somebody whose word says nothing without it.
_POINTING = re.compile(r"[そこあ]の\Z")
_POINTED_AT = frozenset("人 ひと 方 男 女".split())
# What sort of body follows: 野党第一党の国民協和党, 調査会社ベンチャーコンパス.
_SORT_OF = re.compile(
    r"(?:党|会派|団体|組織|NPO|シンクタンク|連合|同盟|組合|労組|機関|チーム|クラブ)の\Z"
)
_SORT = re.compile(r"[一-鿿ァ-ヺー]*[一-鿿](?:メーカー|ファンド|サイト)?")
# What sort of country follows: 南太平洋の島国マルコヴィア(の災害局).
_LAND = re.compile(r"(?:隣国|島国|君主国|内陸国|産油国)の?\Z")
# What leads on to somebody: そのうえで移住した女性.
_LEADS_ON = re.compile(r"[そこ]の(?:うえで|上で|とき|あと|ため)(?=[^のにはも、])")
# When a document tells it, not who: 町の17日午前9時現在(のまとめ).
_AS_OF = re.compile(r"の[0-9０-９一二三四五六七八九十][^の]*現在\Z")
_HONORIFIC = re.compile(r"(?:氏|さん|様|先生)?\Z")
# Words of the longest mention that is read.
_WORDS = 40
# Particles behind somebody who may say something: subject, origin, owner, place (市場では).
_SPEAKS = frozenset(["は", "が", "も", "に", "から", "より", "の", "で"])


def mentions(document: Document, speakers: Speakers, sentence: Hinted) -> Iterator[Span]:
    """Yield whom a sentence mentions that could be a source, and the sources of the rules."""
    view = sentence.view
    found = [draft.speaker for draft in sentence.drafts]
    for k in range(1, len(view)):
        if view.text[k] in _SPEAKS and view.is_particle(k) and view.outer(k):
            found.append(speakers.before(view, k, max(0, k - _WORDS)))
    for speaker in found:
        if speaker is not None:
            span = mended(document, speaker.span)
            if speaks(document, span):
                yield span
    for k in range(1, len(view)):
        speaker = speakers.anyone(view, k, max(0, k - _WORDS)) if _authority(view, k) else None
        if speaker is not None:
            yield mended(document, speaker.span)


def _authority(view: SentenceView, k: int) -> bool:
    """Whether によると or によれば begins at a particle."""
    return view.text[k] == "に" and view.text[k + 1 : k + 2] in (["よる"], ["よれ"])


def mended(document: Document, source: Span) -> Span:
    """Return the source without what stands before a name, and with all who speak together."""
    source = _with_name(document, _before_bracket(document, source))
    source = document.told(*_opened(document, _trimmed(document, source)))
    return _together(document, _said_enough(document, source))


def speaks(document: Document, source: Span) -> bool:
    """Whether a source can speak: an event cannot (A社の躍進), unless it is a document."""
    text, named = document.text[slice(*source)], document.within(source)
    return text not in _NOBODY and (
        "サ変可能" not in document.tokens.tag[document.token(source[1] - 1)]
        or is_document(text)
        or role_kind(text) is not None
        or any(
            e.span[1] == source[1]
            or (e.label == Label.PERSON and "の" not in document.text[e.span[1] : source[1]])
            for e in named
        )
    )


def _before_bracket(document: Document, source: Span) -> Span:
    """Return who stands before a bracket instead of what stands in it: A会長（B会長）は.

    Newspapers put ＝ in the place of brackets: A准教授＝音響学＝は.
    """
    text, (start, end) = document.text, source
    index = document.sentence(start)
    sentence = document.sentences[index]
    closed = end - 1 if text[end - 1 : end] in _EQUALS else end
    joins = text[start - 2 : start - 1]  # that of オズボーン＝リード belongs to the name
    if (
        text[start - 1 : start] in _EQUALS
        and text[closed : closed + 1] in _EQUALS
        and not "ァ" <= joins <= "ヿ"
    ):
        opened, behind = start - 1, closed + 1
    else:
        opened = max(text.rfind(mark, sentence.start, start) for mark in "（(")
        if opened < 0 or any(mark in text[opened:start] for mark in "）)"):
            return source
        closing = _CLOSE.search(text, end, sentence.end)
        if closing is None:
            return source
        behind = closing.end()
    if not _SUBJECT.match(text, behind):
        return source
    # The brackets before these belong to the same: A准教授（41）＝音響学＝は.
    while before := _ASIDE.search(text, sentence.start, opened):
        opened = before.start()
    for entity in reversed(document.between(opened - _REACH, opened)):
        if entity.span[1] <= opened and entity.label in SPEAKING:
            title = text[entity.span[1] : opened]
            if _is_title(title):
                return entity.span[0], opened
            break
    bodies = (name.spans[0] for name in document.described(index))
    return next((body for body in bodies if body[1] == opened), source)


def _with_name(document: Document, source: Span) -> Span:
    """Take in the name of a group that stands in brackets behind it: 高校生グループ「ひらく」は."""
    called = _CALLED.match(document.text, source[1])
    return (source[0], called.end()) if called else source


def _trimmed(document: Document, source: Span) -> Span:
    """Cut off what stands before a name: the affiliation of a person, half a bracket."""
    start, end = _led_up_to(document, *source)
    bracket = max(document.text.rfind(mark, start, end) for mark in "（(")
    if bracket > start and not _CLOSE.search(document.text, bracket, end):
        end = bracket
    text = document.text[start:end]
    if as_of := _AS_OF.search(text):
        end = start + as_of.start()
        text = document.text[start:end]
    opened = max(text.rfind("「"), text.rfind("『"))
    if opened >= 0 and any(closer in text[opened:] for closer in "」』"):
        opened = -1
    torn = max(opened, text.rfind("】") if "【" not in text else -1)
    if torn >= 0 and start + torn + 1 < end:
        start += torn + 1
    named = document.within((start, end))
    if named and named[0].span[0] > start:
        before = document.text[start : named[0].span[0]]
        own = named[0].label == Label.PERSON or (
            named[0].label == Label.COMPANY and named[0].span[1] == end
        )
        own = own or (named[0].span[1] == end and _SORT_OF.search(before) is not None)
        of_sort = named[0].label == Label.COMPANY and _SORT.fullmatch(before) is not None
        if (own and len(named) == 1 and (of_sort or before.endswith(("の", "で", "、")))) or (
            _CLAUSE.search(before)
        ):
            start = named[0].span[0]
    for name in named:
        if name.label == Label.PLACE and _LAND.search(document.text[start : name.span[0]]):
            start = name.span[0]
    # A firm is called by its name, without its country: 米エヌビディア.
    if [entity.label for entity in named] == [Label.PLACE, Label.COMPANY]:
        country, firm = (entity.span for entity in named)
        if country == (start, start + 1) and firm == (start + 1, end):
            start = firm[0]
    return start, end


def _opened(document: Document, source: Span) -> Span:
    """Take in what makes somebody anybody, or points at him: ある選手, その人."""
    text, (start, end) = document.text, source
    first = document.sentences[document.sentence(start)].start
    before = max(first, start - 4), start
    some = _SOME.search(text, *before)
    if some is None and text[start:end] in _POINTED_AT:
        some = _POINTING.search(text, *before)
    return (some.start(), end) if some else source


def _said_enough(document: Document, source: Span) -> Span:
    """Cut a clause off somebody whom other words tell of: 町内で商店を営む|60代の男性."""
    tokens, (start, end) = document.tokens, source
    first, last = document.token(start), document.token(end - 1)
    for k in range(last - 1, first, -1):
        if tokens.tag[k].startswith(_VERBAL) and tokens.text[k] not in _JOINS:
            rest = document.text[tokens.start[k + 1] : end]
            nouns = [j for j in range(k + 1, last + 1) if not tokens.tag[j].startswith("接尾辞")]
            told = any(tokens.tag[j].startswith(_ADJECTIVES) for j in nouns)
            if len(nouns) < 2 or told or _WHOSE_CLAUSE.search(rest) or is_document(rest):
                break
            return source if document.within(source) else (tokens.start[k + 1], end)
    return source


def _led_up_to(document: Document, start: int, end: int) -> Span:
    """Cut off an adverb and a place before somebody, unless a clause tells of him there.

    What leads on to him goes in any case.
    """
    tokens = document.tokens
    first, last = document.token(start), document.token(end - 1)
    told = any(tokens.tag[k].startswith(_PREDICATES) for k in range(first, last))
    while not told and tokens.tag[first].startswith(_LEADING) and first < last:
        if tokens.tag[first + 1].startswith("助詞"):
            break
        first += 1
    for k in range(last - 1, first, -1):
        if tokens.tag[k].startswith(_PREDICATES):
            break
        if tokens.text[k] in _LED and tokens.tag[k].startswith("助詞-格助詞"):
            rest = document.text[tokens.start[k + 1] : end]
            first = k + 1 if role_kind(rest) is not None else first
            break
    start = max(start, tokens.start[first])
    leads_on = _LEADS_ON.match(document.text, start, end)
    return leads_on.end() if leads_on else start, end


def _together(document: Document, source: Span) -> Span:
    """Take in the names that a source is joined to: 青原町と青田市は, Aとその親会社であるBは."""
    text, (start, end) = document.text, source
    first = document.sentences[document.sentence(start)].start
    named = document.within(source)
    behind = end + (text[end : end + 1] in _CLOSING)
    if not named or named[0].span[0] != start or not _ACTING.match(text, behind):
        return source
    last = named[0]
    while True:
        begins = start - (text[start - 1 : start] in _OPEN)  # A通信や『B新聞』
        joint = _AND.search(text, max(first, begins - _REACH), begins)
        if joint is None:
            break
        at = joint.start()
        other = next(
            (
                entity
                for entity in reversed(document.between(max(first, at - 60), at))
                if entity.span[1] <= at
            ),
            None,
        )
        if other is None or not _alike(other, last, joint["mark"]):
            break
        closed = other.span[1] + (text[other.span[1]] in _CLOSING)
        between = _TITLED.fullmatch(text, closed, at)
        if between is None or not _is_title(between["title"]):
            break
        start, last = other.span[0], other
    return start, end


def _alike(one: Entity, other: Entity, mark: str) -> bool:
    """Whether two names can speak together; a comma joins only what is of one kind."""
    if one.label not in SPEAKING or other.label not in SPEAKING or one.entity == other.entity:
        return False
    kinds = entity_kind(one), entity_kind(other)
    if mark in "、・":
        return kinds[0] == kinds[1] and Label.PLACE not in (one.label, other.label)
    return (kinds[0] == Kind.PERSON) == (kinds[1] == Kind.PERSON)


def _is_title(text: str) -> bool:
    return _HONORIFIC.fullmatch(text) is not None or role_kind(text) is not None
