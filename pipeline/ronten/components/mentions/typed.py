"""Names that a word in front gives the type of: 映画「X」, 人気バンドX, 新興企業のX."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ronten.components.mentions.view import Candidate, View, is_kanji, is_katakana, is_latin
from ronten.types import Label

WORDS = {
    Label.PRODUCT: """映画 番組 楽曲 曲 シングル アルバム 小説 漫画 マンガ アニメ ドラマ 雑誌 書籍 著書 絵本 ゲーム アプリ アプリケーション サービス ソフト ソフトウェア
        テーマ曲 主題歌 挿入歌 代表曲 戯曲 オペラ ミュージカル 週刊誌 月刊誌 専門誌 情報誌 音楽雑誌 製品 ブランド 新商品 商品 サイト ウェブサイト ブログ
        新型車 プログラミング言語 ツール ライブラリ フレームワーク エディタ チャットボット 対話型AI 検索エンジン OS データベース スマートフォン ロボット 衛星 探査機 ロケット
        パッケージ プラットフォーム アシスタント ディストリビューション""",
    Label.MODEL: "AIモデル 言語モデル 大規模言語モデル 推論モデル 基盤モデル 画像生成AI 動画生成AI 生成AIモデル 埋め込みモデル LLM",
    Label.CHIP: "AI半導体 AIチップ 新型チップ プロセッサ プロセッサー アクセラレータ アクセラレーター",
    Label.COMPANY: """新興企業 スタートアップ ベンチャー企業 運営会社 親会社 子会社 芸能事務所 VTuber事務所 所属事務所 出版社 製作会社 制作会社 半導体大手 IT大手 通信大手
        ネット大手 自動車大手 電機大手 小売り大手 コンビニ大手 広告大手 金融大手 新興 通信会社 航空会社 旅行会社 鉄道会社 建設会社 製薬会社 レコード会社 保険会社 投資会社 調査会社""",
    Label.ORG: """バンド ロックバンド ガールズバンド アイドルグループ 音楽グループ お笑いコンビ ユニット 音楽ユニット 劇団 市民団体 政治団体 政党 NPO法人 NPO シンクタンク
        非営利団体 業界団体 人権団体 環境団体 武装組織 過激派組織 宗教団体""",
    Label.PLACE: "施設 レジャー施設 商業施設 遊園地 テーマパーク 複合施設 集落",
    Label.POLICY: "法律 条約 制度 支援策",
}
LABEL_OF = {word: label for label, row in WORDS.items() for word in row.split()}
TYPE = "|".join(sorted(map(re.escape, LABEL_OF), key=lambda w: (-len(w), w)))
QUOTED = re.compile(rf"(?P<type>{TYPE})の?[「『](?P<name>[^「」『』。\n]{{1,40}})[」』]")
BARE = re.compile(
    rf"(?P<type>{TYPE})(?:の|・|、)?(?P<name>(?:[A-Z][A-Za-z0-9]*[a-z0-9]+[A-Za-z0-9]*|[A-Z]{{3,}})(?:[ .-][A-Z][A-Za-z0-9]*)*)"
    r"(?![A-Za-z0-9])"
)
ACRONYMS = set("API LLM GPU CPU USB SNS IoT SaaS PaaS DVD CD OS VTuber YouTuber NPO NGO HTML URL VR AR EV ESG DX".split())
NO_NAME = re.compile(r".*(?:です|ます|した|する|ない|だ|か|ました)[!?]?$")


def typed(view: View) -> Iterator[Candidate]:
    """Yield names whose type stands directly in front of them."""
    text = view.plain
    for match in QUOTED.finditer(text):
        name = match["name"]
        if match.end() < len(text) and re.match(r"と(?:述|語|話|指摘|し|批判|答|主張)|という声", text[match.end() : match.end() + 4]):
            continue
        label = LABEL_OF[match["type"]]
        if label is not Label.PRODUCT and NO_NAME.match(name):
            continue
        yield Candidate(*match.span("name"), label, view.text[slice(*match.span("name"))], 2)
    for match in BARE.finditer(text):
        if match["name"] not in ACRONYMS:
            span = match.span("name")
            yield Candidate(*span, LABEL_OF[match["type"]], view.text[slice(*span)], 0)


def spreads(name: str) -> bool:
    """Tell whether a name typed once can be recognised without its type elsewhere."""
    return len(name) >= 3 and (
        all(is_latin(c) or c in " .-'" for c in name)
        or all(is_katakana(c) or c == "・" for c in name)
        or len(name) >= 4 and all(map(is_kanji, name))
    )
