"""What the review pages say beyond the report, in Japanese and English."""

from __future__ import annotations

from ronten.report.texts import Texts

_TEXTS: dict[str, tuple[str, str]] = {
    # Frame
    "site": ("論点レビュー", "Ronten review"),
    "offline": (
        "手元の ronten review が表示しています。外部とは通信しません。",
        "Served by ronten review; nothing outside is contacted.",
    ),
    "review": ("確認", "Review"),
    "review_lead": (
        "信頼度の低い主張から順に並べています。選ぶと記事の中で確認できます。",
        "Claims nobody has looked at, least confident first. Choose one to see it in its article.",
    ),
    "progress": ("確認済み {done} / {total} 件", "{done} of {total} reviewed"),
    "next_claims": ("次に確認する主張", "What to review next"),
    "nothing_left": ("未確認の主張はありません。", "Every claim has been reviewed."),
    "older": ("次の {n} 件", "Next {n}"),
    "newer": ("前の {n} 件", "Previous {n}"),
    "write": ("ファイルを書き出す", "Write files"),
    "write_needed": (
        "書き出していない修正があります。",
        "There are corrections that the files do not show yet.",
    ),
    "write_none": ("ファイルは最新です。", "The files are up to date."),
    "write_busy": ("書き出しています…", "Writing…"),
    "write_done": ("書き出しました（{n} 件のファイルを更新）。", "Written; {n} files changed."),
    # Claims
    "accept": ("正しい", "Accept"),
    "reject": ("主張ではない", "Reject"),
    "edit": ("直す", "Correct"),
    "undo": ("取り消す", "Undo"),
    "add": ("主張を追加", "Add a claim"),
    "save": ("保存", "Save"),
    "cancel": ("やめる", "Cancel"),
    "keys": (
        "キー: A 正しい・X 主張ではない・E 直す・U 取り消す・I 追加・J/K 前後・N 次の未確認。"
        "直している間は ←/→ で終わり、Shift+←/→ で始まりを動かします。"
        "Ctrl+Enter で保存、Esc でやめます。",
        "Keys: A accept, X reject, E correct, U undo, I add, J/K next and previous, N next "
        "unreviewed. While correcting: ←/→ move the end, Shift+←/→ the start, Ctrl+Enter saves, "
        "Esc cancels.",
    ),
    "claim_list": ("主張の一覧", "Claims"),
    "choose_hint": ("本文か一覧から主張を選んでください。", "Choose a claim in the text or list."),
    "next_unreviewed": ("次の未確認", "Next unreviewed"),
    "state_open": ("未確認", "not reviewed"),
    "state_accept": ("確認済み", "accepted"),
    "state_edit": ("修正済み", "corrected"),
    "state_add": ("追加", "added"),
    "state_reject": ("却下", "rejected"),
    "state_position": ("立論の変更", "position"),
    "state_superseded": ("置き換え済み", "superseded"),
    "state_undone": ("取り消し済み", "undone"),
    "by": ("{who}、{when}", "{who}, {when}"),
    "was": ("元の識別子", "Extracted as"),
    "rejected_claims": ("却下した主張", "Rejected claims"),
    "unresolved": ("当てはまらなくなった修正", "Corrections that no longer apply"),
    "unresolved_note": (
        "記事が変わったか抽出が変わり、対象の主張が見つかりません。消えてはいません。",
        "The article or its extraction has changed and the claim is not there. Nothing is lost.",
    ),
    "history": ("最近の修正", "Latest corrections"),
    "span": ("範囲", "Span"),
    "span_hint": (
        "本文を選択すると範囲が変わります。",
        "Select text in the article to change the span.",
    ),
    "start_left": ("始まりを左へ", "Start left"),
    "start_right": ("始まりを右へ", "Start right"),
    "end_left": ("終わりを左へ", "End left"),
    "end_right": ("終わりを右へ", "End right"),
    "fragment_add": ("断片を足す", "Add a fragment"),
    "fragment_remove": ("断片を消す", "Remove fragment"),
    "fragment_next": ("足す断片を本文で選択してください。", "Select the fragment in the text."),
    "selection_use": ("本文で選ぶ", "Select in the text"),
    "selection_clear": ("なしにする", "Clear"),
    "holder_new": ("新しい発言者…", "New holder…"),
    "holder_name": ("名前", "Name"),
    "holder_kind": ("種別", "Kind"),
    "holder_proper": ("固有の名前", "A proper name"),
    "target_new": ("対象を加える", "Add a target"),
    "note_sentence": (
        "文の境目をまたいでいます。主張は一文に一つです。",
        "Runs over a sentence border: one claim per sentence.",
    ),
    "note_stop": ("文末の句点は範囲に含めません。", "The final full stop stays outside."),
    "saved": ("保存しました。", "Saved."),
    "undone": ("取り消しました。", "Taken back."),
    "in_report": ("この発言者のページ", "Page of this author"),
    # Positions
    "positions_lead": (
        "同じ論点を述べる主張のまとまりです。統合と切り離しができます。",
        "Claims that make the same point. Merge positions here, or split claims off.",
    ),
    "find_positions": ("主張の言葉で探す", "Find by words of a claim"),
    "find": ("探す", "Find"),
    "merge": ("統合", "Merge"),
    "merge_with": ("別の立論をここに統合", "Merge another position into this one"),
    "merge_this": ("ここに統合", "Merge into this"),
    "split": ("切り離す", "Split off"),
    "merged": ("統合しました。", "Merged."),
    "split_done": ("切り離しました。", "Split off."),
    "op_merge": ("統合: {from} → {into}", "merged {from} into {into}"),
    "op_split": ("切り離し: {from} から", "split off {from}"),
    "only_one": ("主張は一つだけです。", "There is only one claim."),
    # Log-in
    "login": ("合い言葉", "Token"),
    "login_lead": (
        "ronten review を始めるときに決めた合い言葉を入れてください。",
        "Enter the token that ronten review was started with.",
    ),
    "login_go": ("開く", "Open"),
    "login_wrong": ("合い言葉が違います。", "That is not the token."),
    # What can go wrong
    "error": ("できませんでした", "Not possible"),
    "error_locked": (
        "フォルダーは使用中です（{by}）。終わってからもう一度どうぞ。修正は失われていません。",
        "The folder is locked by {by}. Try again when it has finished; your changes are kept here.",
    ),
    "error_session": (
        "このページは古くなりました。読み込み直してください。",
        "This page is out of date: load it again.",
    ),
    "error_gone": (
        "その主張はもうありません。ページを読み込み直してください。",
        "That claim is not here any more: load the page again.",
    ),
    "error_span": (
        "範囲が正しくありません。本文の中で、順に、重ならないように選んでください。",
        "The span is wrong: choose parts of the text, in order, that do not overlap.",
    ),
    "error_value": ("値が正しくありません: {name}", "Not a valid value: {name}"),
    "error_holder": (
        "発言者の名前と種別を入れてください。",
        "Give the holder a name and a kind.",
    ),
    "no_page": ("このページはありません。", "There is no such page."),
    "error_network": (
        "ronten review につながりません。まだ動いていますか。",
        "ronten review does not answer. Is it still running?",
    ),
}


class ReviewTexts(Texts):
    """The texts of the report and of the review in one language."""

    def __call__(self, key: str, **values: object) -> str:
        """Return a text with its places filled. Raises `KeyError` for a key there is none of."""
        if key not in _TEXTS:
            return super().__call__(key, **values)
        text = _TEXTS[key][self._column]
        return text.format(**values) if values else text

    def all(self) -> dict[str, str]:
        """Return every text by key, for scripts."""
        own = {key: text[self._column] for key, text in _TEXTS.items()}
        return dict(sorted({**super().all(), **own}.items()))
