"""What the pages say, in Japanese and English."""

from __future__ import annotations

from typing import Literal

from ronten.errors import unknown_name

Lang = Literal["ja", "en"]
LANGS: tuple[Lang, ...] = ("ja", "en")

_TEXTS: dict[str, tuple[str, str]] = {
    # Frame
    "site": ("論点レポート", "Ronten report"),
    "skip": ("本文へ移動", "Skip to content"),
    "menu": ("ページ", "Pages"),
    "overview": ("概要", "Overview"),
    "authors": ("発言者", "Authors"),
    "topics": ("論点", "Topics"),
    "articles": ("記事", "Articles"),
    "search": ("主張を検索", "Search claims"),
    "search_menu": ("検索", "Search"),
    "theme": ("表示の明るさ", "Colour scheme"),
    "theme_auto": ("自動", "Auto"),
    "theme_light": ("明", "Light"),
    "theme_dark": ("暗", "Dark"),
    "noscript": (
        "図と検索には JavaScript が要ります。本文はこのまま読めます。",
        "Charts and search need JavaScript; everything else can be read without it.",
    ),
    "noscript_single": (
        "このファイルのページは JavaScript で表示します。",
        "The pages in this file are shown by JavaScript.",
    ),
    "made_by": ("ronten {version} が作成", "Made by ronten {version}"),
    "offline": (
        "このページは通信をしません。",
        "These pages make no network requests.",
    ),
    "caution": (
        "抽出と立場の判定は自動で、誤りを含みます。引用の前に原文を確かめてください。",
        "Claims and stances are found by machine and may be wrong: check before quoting.",
    ),
    # Things
    "n_claims": ("{n} 件の主張", "{n} claims"),
    "n_articles": ("{n} 本の記事", "{n} articles"),
    "n_authors": ("{n} 人・団体", "{n} authors"),
    "claims": ("主張", "Claims"),
    "claim": ("主張", "Claim"),
    "positions": ("立論", "Positions"),
    "position": ("立論", "Position"),
    "position_id": ("立論の識別子", "Position id"),
    "anonymous": ("匿名の発言者", "Unnamed holders"),
    "rejected": ("読めなかった入力", "Rejected inputs"),
    "period": ("期間", "Period"),
    "undated": ("日付なし", "undated"),
    "untitled": ("無題の記事", "Untitled article"),
    "no_topic": ("論点なし", "no topic"),
    "unnamed": ("無署名の筆者", "Unnamed writer"),
    "unspecified": ("主体の示されない発言", "Unspecified"),
    "date": ("日付", "Date"),
    "author": ("発言者", "Author"),
    "topic": ("論点", "Topic"),
    "article": ("記事", "Article"),
    "source_name": ("媒体", "Published in"),
    "kind": ("種別", "Kind"),
    "stance": ("立場", "Stance"),
    "target": ("対象", "Target"),
    "type": ("種類", "Type"),
    "entity": ("固有名", "Entity"),
    "statement": ("内容", "Statement"),
    "place": ("入力の場所", "Input"),
    "row": ("行", "Row"),
    "reason": ("理由", "Reason"),
    "detail": ("詳細", "Detail"),
    "original_page": ("元の記事", "Original page"),
    "nothing": ("該当するものはありません。", "There is nothing here."),
    "as_table": ("表で見る", "As a table"),
    "more_in": ("ほか {n} 件は {file} にあります。", "{n} more are listed in {file}."),
    "and_more": ("ほか {n} 件", "{n} more"),
    # Overview
    "overview_lead": (
        "{articles} 本の記事から、{authors} の発言者による {claims} 件の主張を取り出しました。",
        "{claims} claims by {authors} named authors, taken from {articles} articles.",
    ),
    "empty_lead": (
        "まだ主張がありません。処理した記事と、読めなかった入力を下に示します。",
        "There are no claims yet. What was processed and rejected is shown below.",
    ),
    "matrix_targets": ("誰が何に賛成・反対か", "Who is for and against what"),
    "matrix_targets_note": (
        "主張が立場を取る対象（列）と発言者（行）。数字は立場を取る主張の数。"
        "マスを選ぶと主張を検索します。",
        "Targets (columns) by authors (rows); numbers count claims that take a side. "
        "Choose a cell to search its claims.",
    ),
    "matrix_topics": ("誰が何を論じているか", "Who talks about what"),
    "matrix_topics_note": (
        "主張の多い論点（列）と発言者（行）。色はその主張が取る立場。マスを選ぶと主張を検索します。",
        "Topics (columns) by authors (rows), coloured by the side their claims take. "
        "Choose a cell to search its claims.",
    ),
    "timeline": ("主張の推移", "Claims over time"),
    "timeline_note": ("記事の日付ごとの主張の数。", "Number of claims by date of the article."),
    "timeline_left": (
        "日付の粗い、または無い主張 {n} 件は図に含みません。",
        "{n} claims without a date this fine are left out.",
    ),
    "contested": ("意見の割れる対象", "Most contested"),
    "contested_note": (
        "賛成と反対の両方がある対象。少ない側の発言者が多い順。",
        "Targets with both sides, by the number of authors on the smaller one.",
    ),
    "entities": ("よく出る固有名", "Most cited entities"),
    "entities_note": ("その名を含む主張の数。", "Number of claims that name them."),
    "disputes": ("食い違う数値", "Figures in dispute"),
    "disputes_note": (
        "同じ論点・同じ量に、発言者によって違う値が挙がっています。",
        "Different authors give different values for one quantity under one topic.",
    ),
    "quantity": ("量", "Quantity"),
    "value": ("値", "Value"),
    "rejected_none": ("すべての入力を処理しました。", "Every input was processed."),
    # Author
    "roles": ("肩書", "Roles"),
    "aliases": ("別表記", "Also known as"),
    "members": ("構成員", "Members"),
    "identity": ("同一とした根拠", "Taken to be one because"),
    "sides": ("対象ごとの立場", "Sides by target"),
    "shifts": ("立場の変化", "Changes of stance"),
    "agrees": ("同じ主張をする人", "Agrees with"),
    "opposes": ("反対の立場の人", "Opposes"),
    "shared": ("共通の立論 {n} 件", "{n} shared positions"),
    "other_values": ("ほかの発言者の値", "Values by others"),
    "joint": ("連名", "joint"),
    "also_in": ("同文の記事", "also in"),
    "first_last": ("{first}〜{last}", "{first} to {last}"),
    "all_claims_of": ("この発言者の主張を検索", "Search this author's claims"),
    # Topic
    "kind_target": ("対象", "Target"),
    "kind_topic": ("話題", "Topic"),
    "face_to_face": ("立場の対比", "The sides, face to face"),
    "no_sides": (
        "この論点で立場を取る主張は見つかっていません。",
        "No claim under this topic was found to take a side.",
    ),
    "other_claims": ("立場を取らない主張", "Claims that take no side"),
    "figures": ("数値", "Figures"),
    "figure": ("数値", "Figure"),
    "measures": ("何の値か", "What it measures"),
    "search_topic": ("この論点の主張を検索", "Search the claims of this topic"),
    # Article
    "text": ("本文", "Text"),
    "holders": ("誰の主張か", "Whose claims"),
    "layers": ("表示するもの", "Show"),
    "layer_claims": ("主張", "Claims"),
    "layer_source": ("出典", "Source"),
    "layer_cue": ("伝達の語", "Reporting word"),
    "layer_entity": ("固有名", "Entities"),
    "layer_figure": ("数値", "Figures"),
    "panel": ("主張の詳細", "Claim details"),
    "panel_hint": (
        "本文の主張を選ぶと、ここに詳細が出ます。J・K キー（または ↓・↑）で前後に移ります。",
        "Choose a claim in the text to see its details; J and K (or ↓ and ↑) move on and back.",
    ),
    "previous": ("前へ", "Previous"),
    "next": ("次へ", "Next"),
    "close": ("閉じる", "Close"),
    "no_claims": (
        "この記事に主張は見つかりませんでした。",
        "No claims were found in this article.",
    ),
    "claim_of": ("{i} / {n}", "{i} of {n}"),
    "holder": ("発言者", "Holder"),
    "source": ("出典", "Source"),
    "cue": ("伝達の語", "Reporting word"),
    "attribution": ("引き方", "Attribution"),
    "certainty": ("確かさ", "Certainty"),
    "negated": ("否定", "Negated"),
    "yes": ("はい", "yes"),
    "confidence": ("信頼度", "Confidence"),
    "check_worthiness": ("検証の必要度", "Check-worthiness"),
    "why": ("取り出した理由", "Why it was extracted"),
    "rule": ("規則", "Rule"),
    "id": ("識別子", "Id"),
    "repeats": ("別の記事と同じ主張（数えません）", "Repeats another article; not counted"),
    # Search
    "search_for": ("ことば", "Words"),
    "search_hint": (
        "空白で区切ると、すべてを含む主張を探します",
        "Words apart by spaces must all occur",
    ),
    "filters": ("絞り込み", "Filters"),
    "any": ("すべて", "Any"),
    "since": ("日付（から）", "From date"),
    "until": ("日付（まで）", "Until date"),
    "min_confidence": ("信頼度の下限", "Least confidence"),
    "sort": ("並べ方", "Order"),
    "sort_new": ("新しい順", "Newest first"),
    "sort_old": ("古い順", "Oldest first"),
    "sort_confidence": ("信頼度の高い順", "Most confident first"),
    "reset": ("条件を消す", "Clear"),
    "results": ("{n} 件中 {from}–{to} 件", "{from}–{to} of {n}"),
    "no_results": (
        "条件に合う主張はありません。条件を減らしてください。",
        "No claim meets these conditions; remove some.",
    ),
    "loading": ("読み込んでいます…", "Loading…"),
    "download_csv": ("CSV で保存", "Save as CSV"),
    "download_json": ("JSON で保存", "Save as JSON"),
    "page_of": ("ページ送り", "Pages of results"),
    # Values
    "fact": ("事実", "fact"),
    "prediction": ("予測", "prediction"),
    "policy": ("提言", "policy"),
    "interpretation": ("解釈", "interpretation"),
    "direct": ("直接引用", "direct"),
    "indirect": ("間接引用", "indirect"),
    "mixed": ("直接と間接", "mixed"),
    "authorial": ("地の文", "authorial"),
    "favor": ("賛成", "favour"),
    "against": ("反対", "against"),
    "both": ("両方", "both"),
    "none": ("立場なし", "no side"),
    "person": ("人物", "person"),
    "company": ("企業", "company"),
    "organization": ("団体", "organization"),
    "government": ("政府・行政", "government"),
    "group": ("集団", "group"),
    "article_author": ("筆者", "writer"),
    "certain": ("断定", "certain"),
    "probable": ("推定", "probable"),
    "possible": ("可能性", "possible"),
    "PERSON": ("人名", "person"),
    "COMPANY": ("企業名", "company"),
    "ORG": ("組織名", "organization"),
    "PLACE": ("地名", "place"),
    "CHIP": ("半導体", "chip"),
    "MODEL": ("AIモデル", "AI model"),
    "PRODUCT": ("製品", "product"),
    "POLICY": ("制度", "policy"),
    "money": ("金額", "money"),
    "percent": ("割合", "percent"),
    "multiplier": ("倍率", "multiplier"),
    "duration": ("期間", "duration"),
    "measure": ("量", "measure"),
    "unit_JPY": ("円", " yen"),
    "unit_USD": ("ドル", " dollars"),
    "unit_EUR": ("ユーロ", " euros"),
    "unit_CNY": ("元", " yuan"),
    "unit_year": ("年", " years"),
    "unit_month": ("か月", " months"),
    "unit_week": ("週間", " weeks"),
    "unit_day": ("日", " days"),
    "unit_hour": ("時間", " hours"),
    "unit_minute": ("分", " minutes"),
    "unit_second": ("秒", " seconds"),
    "unreadable": (
        "開けない、または対応していない種類",
        "cannot be opened, or of no kind that is read",
    ),
    "empty": ("空のファイル", "empty file"),
    "undecodable": ("文字コードを判別できない", "unknown encoding, or not text"),
    "invalid_row": ("行の形式が正しくない", "not a valid row"),
    "no_text": ("文章がない", "no text in it"),
    "not_japanese": ("日本語ではない", "not Japanese"),
    "id_conflict": ("識別子が別の記事と重なる", "id belongs to another text"),
    "duplicate": ("すでに読んだ文章", "already read"),
    "failed": ("抽出中の失敗", "extraction failed"),
    "alias table": ("別名表", "alias table"),
    "alias in an article": ("記事中の別名", "alias in an article"),
    "surname and role": ("姓と肩書の一致", "surname and role"),
    # Why a claim was extracted: each part of its rule
    "rule_own": ("筆者自身の文として読みました。", "Read as a sentence of the writer's own."),
    "rule_tagger": (
        "学習済みモデルが、この範囲を発言の内容と判定しました。",
        "The trained tagger marked this span as what is said.",
    ),
    "rule_turn": (
        "対談やインタビューで、話者の表示に続く発言です。",
        "A turn of an interview or dialogue, after the name of the speaker.",
    ),
    "rule_editor": ("編集部による文と判定しました。", "Read as a note by the editors."),
    "rule_to": ("「〜と」と伝達の語が導く内容です。", "Introduced by と and a reporting word."),
    "rule_koto": (
        "「〜こと」と伝達の語が導く内容です。",
        "Introduced by こと and a reporting word.",
    ),
    "rule_you": (
        "「〜よう」と求める語が導く内容です。",
        "Introduced by よう and a word of asking.",
    ),
    "rule_phrase": ("名詞句が伝達の語の目的語です。", "A noun phrase, object of a reporting word."),
    "rule_noun": (
        "「〜との見方」など、名詞が受ける内容です。",
        "Taken up by a noun, as in との見方.",
    ),
    "rule_nominal": ("伝達の名詞が受ける内容です。", "Taken up by a reporting noun."),
    "rule_according": ("「〜によると」などが示す内容です。", "Introduced by によると or the like."),
    "rule_hearsay": ("「〜という」など伝聞の形です。", "Put as hearsay, as in という."),
    "rule_passive": ("「〜とされる」など受け身の伝達です。", "Put in the passive, as in とされる."),
    "rule_quote": (
        "鉤括弧の引用が発言者に続きます。",
        "A quotation in brackets, tied to its speaker.",
    ),
    "rule_lead_in": ("前置きに続く引用です。", "A quotation after its introduction."),
    "rule_other": ("規則 {rule} によります。", "Found by the rule {rule}."),
}


_SIZES = ((10**12, "兆"), (10**8, "億"), (10**4, "万"))


class Texts:
    """The texts of one language."""

    def __init__(self, lang: str) -> None:
        """Raises `UsageError` for a language there are no texts in."""
        if lang not in LANGS:
            raise unknown_name("language", lang, LANGS, "--lang")
        self.lang = lang
        self._column = LANGS.index(lang)  # type: ignore[arg-type]

    def __call__(self, key: str, **values: object) -> str:
        """Return a text with its places filled. Raises `KeyError` for a key there is none of."""
        text = _TEXTS[key][self._column]
        return text.format(**values) if values else text

    def name(self, key: str | None) -> str:
        """Return the name of a value of the data; the value itself where it has none."""
        return self(key) if key in _TEXTS else key or ""

    def number(self, value: float) -> str:
        """Return a number with separators, without zeros that say nothing."""
        return f"{value:,.6f}".rstrip("0").rstrip(".") if value % 1 else f"{value:,.0f}"

    def amount(self, value: float) -> str:
        """Return a number as figures are written: in Japanese with 万, 億 and 兆."""
        size, sign = next(
            ((s, sign) for s, sign in _SIZES if self.lang == "ja" and abs(value) >= s), (1, "")
        )
        return self.number(round(value / size, 4)) + sign

    def unit(self, unit: str | None) -> str:
        """Return a unit as it follows a number."""
        key = f"unit_{unit}"
        return self(key) if key in _TEXTS else unit or ""

    def why(self, rule: str | None) -> list[str]:
        """Return in sentences what a rule of extraction means, one per part."""
        found = []
        for part in (rule or "").split("+"):
            key = f"rule_{part.partition('.')[0]}"
            if part:
                found.append(self(key) if key in _TEXTS else self("rule_other", rule=part))
        return found

    def all(self) -> dict[str, str]:
        """Return every text by key, for scripts."""
        return {key: text[self._column] for key, text in sorted(_TEXTS.items())}
