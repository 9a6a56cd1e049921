"""Whose words a content is where grammar leaves no choice: passives, answers, reports in reports.

The rankers choose the likeliest source; these constructions turn around what is likely.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from ronten.components.claims.reports import Report
from ronten.components.claims.source_spans import ASIDE
from ronten.components.claims.speakers import Speakers
from ronten.components.claims.view import SentenceView
from ronten.types import Attribution, Span

# What others say, where somebody answers it: Xは「A」との批判に「B」と反論した.
_ANSWERED = re.compile(
    r"[」』”]?(?:(?:など|等)?と(?:の|いう|いった|する)|(?:など|等)の)(?P<whose>[^、。「」『』]{0,12}?)"
    r"(?P<noun>(?:批判|指摘|声|質問|疑問|苦情|不満|反対|異論|非難|抗議|要求|要望)(?=(?:など|等)?(?:に|を))"
    r"|(?:懸念|不安|疑念|意見|主張|見方|予測|報道|噂|うわさ)(?!に(?:つい|関し)))(?:など|等)?"
    r"(?:に(?!達|至|傾|立|変わ|な[っる]|落ち着|駆ら|襲わ|悩|苦しむ|思[いうっ]|感じ|終始|固執|徹|基|満ち|包まれ|つなが|繋が|加え|次[いぐ]|続|よ[っりるれ])"
    r"|を(?:受け|踏まえ|念頭|意識|否定|打ち消|退け|一蹴|かわし|かわす|はねつけ|突っぱね|浴び(?!せ)|招い|買[っう]|払拭|封じ))"
)
# Who is said something to is the subject of a passive; who says it stands with に or から.
_SUBJECTS = frozenset("はがも")
_PASSIVELY = re.compile(
    r"(?:批判|非難|指摘|糾弾|揶揄|酷評|称賛|絶賛|警告|忠告|注意|叱責|命令|指示|通告|宣告|勧告)され"
    r"|[言い]われ[たてま]|告げられ|教えられ|命じられ|諭され|.{0,3}刺され|叱られ|怒られ|たしなめられ"
)
# What is thought of somebody is not thought by him: Xは、…と見られている; polite forms are.
_THOUGHT = re.compile(
    r"と?(?:(?:見ら|みら|考えら|信じら|恐れら|報じら|伝えら|見込ま|危ぶま|思わ)れ|疑われ|ささやかれ|囁かれ"
    r"|(?:うわさ|噂|目|懸念|期待|予想|予測|評価|推定|推測|報道|取り沙汰|取りざた)?され|(?:言わ|いわ)れて)"
)
_AGENT = re.compile("(?:に|から)(?:は|も)?、?[「『“]?と?")
# A clause that is a noun in another one: Xは、Yが「A」と述べたことについて「B」と批判した.
_NOMINAL = re.compile(r"[ぁ-ん]{0,6}(?:た|る|い)(?:こと|の|点)(?:に|を|は|で|が|も)")
_INNER = re.compile("が、?[「『“]?")
# What joins those who say it to their words, in front of them.
_VOICED = re.compile(
    r"(?:の|による|によるもので|ら?からの?|からは|から(?:出た|出ている|上がった|寄せられた|あった))[、「『“]*\Z"
)
# Characters between a speaker and words of his that are answered.
_BESIDE = 12
# Whoever is asked or told something does not say it: Aは共同の記者に「…」と話した.
_TOLD = re.compile(
    rf"{ASIDE}(?:の(?:単独)?(?:電話)?(?:取材|記者団?|質問|問い|問いかけ|インタビュー|照会)(?:に|へ)|に対し)"
)
_ASKS = re.compile(
    rf"{ASIDE}(?:から|に)[^。「」『』]{{0,40}}?(?:問われ|聞かれ|きかれ|訊かれ|尋ねられ|質問され|水を向けられ|追及され)"
)
_SAYS = re.compile(rf"[」』]?{ASIDE}[はがも]")
_RETOLD = re.compile("の(?:話|証言|談話?)として、?[「『“]?")
# Characters of the longest match of these; a sentence may have thousands of sources.
_RETOLD_SIZE = 8
_TOLD_BY = re.compile("[」』”]?(?:という|との)")
_WORDS = re.compile("の(?:話|証言|談話|言葉)を(?:伝え|紹介|引|載せ|報じ)")
# Only the press reports.
_REPORTED = re.compile(r"報じ(?!ら)|報道し")
_PRESS = re.compile(
    r"(?:紙|誌|新聞|新報|日報|通信|放送|テレビ|ラジオ|局|電子版|サイト|ニュース|メディア|タイムズ|タイムス|ポスト|トリビューン|ジャーナル|日日|朝刊|夕刊|報道|記事|社)\Z"
)
# Between a subject and words of his: Yが今月9日、「…」.
_QUOTING = re.compile(r"が(?:[^、。「」『』はがをに]{1,12}、)?[「『“]")
# A report within a report: (紙は、)Aが「…」と漏らしている(と伝えた).
_NESTED = re.compile(
    r"[」』]と(?P<verb>[^、。「」とがをに]{1,6}?)(?:て|で)?(?:い?[るた])との?も?[^。、]"
)
# Nobody says it: its subject is not a source that stands outside.
_IMPERSONAL = re.compile(
    r"(?:報じ|伝え|言い伝え|見|み|考え|信じ|恐れ|疑わ|見込ま|危ぶま|噂|うわさ|囁か|ささやか|言わ|いわ|思わ|目|懸念|期待|予想|予測|指摘|批判|評価|推定|推測|試算)"
    r"(?:ら|さ)?れ|とされ|という?[。、]|そう[だで。]|とのこと|らしい"
)
_TOPICS = frozenset("はも")


def settle(report: Report, sources: Sequence[Span], names: Speakers) -> None:
    """Correct the cue and the source that were chosen for a report.

    Args:
        report: a report with what the rankers chose.
        sources: everybody who may speak in the text, sorted.
        names: those of the text.
    """
    _nested(report, sources)
    _told(report, sources)
    _reported(report, sources, names)
    _retold(report, sources)
    _passive(report, sources)
    _embedded(report, sources)
    _beside(report, sources)
    _answered(report, sources)


def take_in_topics(reports: Sequence[Report]) -> None:
    """Begin what nobody says with its topic: 同社はAを買うと報じられた is about 同社, not by it."""
    taken = [span for r in reports for span in (r.source, r.cue, *r.content) if span is not None]
    for report in reports:
        cue, (start, end) = report.cue, report.content[0]
        if cue is None or report.source is not None or report.linked or cue[0] < end:
            continue
        if report.attribution == Attribution.DIRECT:
            continue
        if not _IMPERSONAL.match(report.view.article, cue[0]):
            continue
        begin = _topic(report.view, start)
        if not any(left < start and begin < right for left, right in taken):
            report.content[0] = begin, end


def _topic(view: SentenceView, offset: int) -> int:
    """Return where the topic right before an offset begins; the offset, if none stands there."""
    k = view.at(offset) - 1
    if k > 0 and view.is_comma(k):
        k -= 1
    if k < 1 or not view.outer(k) or view.text[k] not in _TOPICS or not view.is_noun(k - 1):
        return offset
    if not view.is_particle(k) or "副詞可能" in view.tag[k - 1]:
        return offset
    first = k - 1
    while first > 0 and not view.is_mark(first - 1) and view.outer(first - 1):
        first -= 1
    while view.tag[first].startswith("接続詞"):
        first += 1
    return view.start[first]


def _subjects(report: Report, sources: Sequence[Span]) -> list[Span]:
    """Return who is topic or subject before a content, in its sentence."""
    text, start = report.view.article, report.content[0][0]
    first = bisect_left(sources, (report.view.sentence.start, 0))
    before = sources[first : bisect_left(sources, (start, 0))]
    return [span for span in before if span[1] <= start and _SAYS.match(text, span[1])]


def _nested(report: Report, sources: Sequence[Span]) -> None:
    """Take the inner of two reports: a paper that prints what somebody says does not say it."""
    text = report.view.article
    match = _NESTED.match(text, report.content[-1][1])
    if match is None or report.attribution != Attribution.DIRECT:
        return
    inner = [span for span in _subjects(report, sources) if text.startswith("が", span[1])]
    if not inner:
        return
    # Whom it is said to stands with に, unless the verb is passive.
    hears = report.source is not None and text.startswith("に", report.source[1])
    hears = hears and not match["verb"].endswith("れ")
    if report.source is None or report.source[1] <= inner[-1][0] or hears:
        report.cue, report.source = match.span("verb"), inner[-1]


def _told(report: Report, sources: Sequence[Span]) -> None:
    """Keep whom something is said to, and who asked for it, from saying it."""
    text, start = report.view.article, report.content[0][0]
    if report.source is None:
        return
    asks = _ASKS.match(text, report.source[1], max(start, report.source[1]))
    if not asks and not _TOLD.match(text, report.source[1]):
        return
    report.source = max(_subjects(report, sources), default=None)


def _reported(report: Report, sources: Sequence[Span], names: Speakers) -> None:
    """Let the press report, where somebody else stands before what it reports."""
    text = report.view.article
    if report.source is None or report.cue is None or not _REPORTED.match(text, report.cue[0]):
        return

    def prints(span: Span) -> bool:
        called = [text[slice(*span)], *(entity.entity for entity in names.within(*span))]
        return text[span[1] : span[1] + 1] == "』" or any(map(_PRESS.search, called))

    press = [span for span in _subjects(report, sources) if prints(span)]
    if not prints(report.source) and press:
        report.source = press[-1]
    start, end = report.content[0]
    begin = _topic(report.view, start)
    if prints(report.source) and report.source[1] <= begin:
        report.content[0] = begin, end


def _retold(report: Report, sources: Sequence[Span]) -> None:
    """Let whoever told it to the press say it: 紙は関係者の話として、…と報じた.

    Or behind it: 紙は「…」という農民の話を伝えた.
    """
    text, start, end = report.view.article, report.content[0][0], report.content[-1][1]
    retold = [
        span
        for span in sources
        if report.view.sentence.start <= span[0]
        and (
            (0 < start - span[1] <= _RETOLD_SIZE and _RETOLD.fullmatch(text, span[1], start))
            or (
                0 < span[0] - end <= _RETOLD_SIZE
                and _TOLD_BY.fullmatch(text, end, span[0])
                and _WORDS.match(text, span[1])
            )
        )
    ]
    if retold:
        report.source, report.unheld = retold[-1], False


def _passive(report: Report, sources: Sequence[Span]) -> None:
    """Take from the subject of a passive what is said to it: AはBに「…」と批判された."""
    if report.source is None or report.cue is None:
        return
    text, start, begin = report.view.article, report.content[0][0], report.cue[0]
    thought = report.attribution == Attribution.INDIRECT and _THOUGHT.match(text, begin)
    subject = text[report.source[1] : report.source[1] + 1]
    if not (
        (thought and subject in _TOPICS) or (subject in _SUBJECTS and _PASSIVELY.match(text, begin))
    ):
        return
    agents = [
        span
        for span in sources
        if report.view.sentence.start <= span[0]
        and (agent := _AGENT.match(text, span[1])) is not None
        and agent.end() in (start, begin)
    ]
    _said_by(report, max(agents, default=None))


def _embedded(report: Report, sources: Sequence[Span]) -> None:
    """Keep a clause that is a noun apart: Xは、Yが「A」と述べたことについて「B」と批判した."""
    text, start = report.view.article, report.content[0][0]
    if report.source is None or report.cue is None or report.source[1] > start:
        return
    begin, (left, right) = report.view.sentence.start, report.source
    between = text[right:start]
    if between.startswith("が") and _NOMINAL.search(between):
        better = [
            span
            for span in sources
            if begin <= span[0] and span[1] < left and text.startswith("は", span[1])
        ]
    elif between.startswith("は") and _NOMINAL.match(text, report.cue[1]):
        better = [
            span
            for span in sources
            if right < span[0] and _INNER.fullmatch(text[span[1] : start]) is not None
        ]
    else:
        return
    report.source = max(better, default=report.source)


def _beside(report: Report, sources: Sequence[Span]) -> None:
    """Let the subject right before quoted words say them: Xは一蹴したが、Yが「…」と認めた."""
    text, start = report.view.article, report.content[0][0]
    if report.attribution != Attribution.DIRECT or report.source is None or report.unheld:
        return
    near = [
        span
        for span in _subjects(report, sources)
        if span[1] - span[0] > 1 and _QUOTING.fullmatch(text, span[1], start)
    ]
    if near and report.source[1] < near[-1][0]:
        report.source = near[-1]


def _answered(report: Report, sources: Sequence[Span]) -> None:
    """Take what is answered from whoever answers it: others say it, named beside it or not."""
    text = report.view.article
    match = _ANSWERED.match(text, report.content[-1][1])
    if match is None:
        return
    report.cue = match.span("noun")
    start, (before, behind) = report.content[0][0], match.span("whose")
    beside = (
        span
        for span in sources
        if (before <= span[0] and span[1] <= behind)
        or (0 <= start - span[1] < _BESIDE and _VOICED.match(text[span[1] : start]))
    )
    nearest = max(beside, key=lambda span: (span[1], span[1] - span[0]), default=None)
    _said_by(report, nearest)


def _said_by(report: Report, source: Span | None) -> None:
    """Give a report its source; without one, nobody who is named holds it."""
    report.source, report.unheld = source, source is None
