"""Bytes to text: every encoding, ambiguous bytes, damage and binary data."""

from __future__ import annotations

import codecs
import io
import unicodedata

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ronten.errors import Reason
from ronten.read.decode import HEAD, damage, decode, detect, open_text
from ronten.read.refused import Refused

TEXT = "需要は堅調だと田中氏は述べた。\r\n値上げは「避けられない」という。\n"
HALF_WIDTH = "ﾆﾎﾝｺﾞﾉ､ﾊﾝｶｸ･ｶﾀｶﾅﾀﾞｹﾃﾞｶｶﾚﾀﾌﾞﾝｼｮｳﾃﾞｱﾙ｡ｷﾞﾝｺｳﾉﾃﾞｰﾀﾆｵｵｲ｡"

WRITTEN = {
    "utf-8": "utf-8",
    "utf-8-sig": "utf-8-sig",
    "utf-16": "utf-16",
    "cp932": "cp932",
    "shift_jis": "cp932",
    "euc_jp": "euc_jp",
    "iso2022_jp": "iso2022_jp",
    "iso2022_jp_ext": "iso2022_jp_ext",
}
"""How a file may be written, and the codec that says what it then means."""


@pytest.mark.parametrize("codec", WRITTEN)
@pytest.mark.parametrize("text", [TEXT, "チップの輸出", "あ\0い\rうえお"])
def test_every_encoding_comes_back_untouched(codec: str, text: str) -> None:
    assert decode(text.encode(codec)) == text


def test_utf16_big_endian_with_mark() -> None:
    assert decode(codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be")) == TEXT


@settings(max_examples=150, deadline=None)
@given(
    text=st.text(st.characters(exclude_categories=["Cs"]), max_size=200),
    kana=st.text("あいうえおかがきぎくんのはにをアイウエオカガッーヴ", min_size=20, max_size=60),
    place=st.integers(0, 200),
    codec=st.sampled_from(sorted(WRITTEN)),
)
def test_any_text_with_kana_round_trips(text: str, kana: str, place: int, codec: str) -> None:
    # What a codec cannot represent is dropped, so that every codec sees many texts.
    able = "".join(char for char in text if char.encode(codec, "ignore")[:8])
    whole = able[:place] + kana + able[place:]
    whole = "".join(c for c in whole if unicodedata.category(c) != "Cc" or c in "\0\r\n\t")
    assume(whole.count("\0") * 10 <= len(whole) and not whole.startswith("\ufeff"))
    data = whole.encode(codec)
    assume(data.decode(WRITTEN[codec], "replace") == whole)
    assert decode(data) == whole


@settings(max_examples=80, deadline=None)
@given(
    half=st.text("ｱｲｳｴｵｶｷｸｹｺﾝﾞﾟ､｡･｢｣", max_size=60),
    kanji=st.text("亜唖娃阿哀愛挨姶逢葵茜穐瑪瑙縺譁蟄", max_size=60),
    kana=st.text("あいうアイウのがッー", min_size=20, max_size=40),
    codec=st.sampled_from(["cp932", "euc_jp", "utf-8", "iso2022_jp_ext"]),
)
def test_kana_win_over_misleading_neighbours(half: str, kanji: str, kana: str, codec: str) -> None:
    text = half + kanji + kana + half
    assert decode(text.encode(codec)) == text


@pytest.mark.parametrize("text", [HALF_WIDTH, "ｶﾌﾞｼｷｶﾞｲｼｬ ﾔﾏﾀﾞ", "ｲｱｲｳ"])
def test_half_width_katakana_alone_is_cp932(text: str) -> None:
    assert decode(text.encode("cp932")) == text


@pytest.mark.parametrize("text", ["首相は会見で説明した", "彼はこう述べた", "価格は上がる"])
def test_cut_utf8_is_not_taken_for_cp932(text: str) -> None:
    cut = text.encode()[:-1]
    cut.decode("cp932")  # valid there, and nonsense
    with pytest.raises(Refused, match="is not UTF-8"):
        decode(cut)


@pytest.mark.parametrize(
    ("char", "jis"),
    [("①", "2d21"), ("Ⅳ", "2d38"), ("№", "2d62"), ("㈱", "2d6a"), ("﨑", "7975"), ("髙", "7c62")],
)
def test_vendor_characters_in_euc_and_jis(char: str, jis: str) -> None:
    before, after = "需要は", "堅調だと述べた"
    high = bytes(byte | 0x80 for byte in bytes.fromhex(jis))
    euc = before.encode("euc_jp") + high + after.encode("euc_jp")
    low = b"\x1b$B" + bytes.fromhex(jis) + b"\x1b(B"
    mail = before.encode("iso2022_jp") + low + after.encode("iso2022_jp")
    inside = mail.replace(b"\x1b(B\x1b$B", b"")
    assert decode(euc) == decode(mail) == decode(inside) == before + char + after
    assert "".join(open_text(io.BytesIO(euc), "\n")) == before + char + after


def test_declared_encoding_decides_only_where_bytes_leave_a_choice() -> None:
    both = "瑪瑙".encode("cp932")
    assert decode(both, "shift_jis") == "瑪瑙"
    assert decode(both, "EUC-JP") != "瑪瑙"
    assert decode(TEXT.encode("utf-8"), "shift_jis") == TEXT
    assert decode(TEXT.encode("cp932"), "utf-8") == TEXT
    assert decode(TEXT.encode("cp932"), "no-such-encoding") == TEXT
    unused_in_cp932 = b"\xb0\xfd\xa4\xa4\xa4\xbf"
    assert decode(unused_in_cp932, "shift_jis") == unused_in_cp932.decode("euc_jp")


@pytest.mark.parametrize(
    ("data", "offset"),
    [
        (TEXT.encode()[:-2], len(TEXT.encode()) - 4),  # cut inside a character
        (codecs.BOM_UTF8 + "本文".encode() + b"\xff", 9),
        ("価格は上がる。".encode() * 30 + b"\xfe" + "価格".encode(), 630),
        (TEXT.encode("cp932") + b"\xfd", len(TEXT.encode("cp932"))),
        (TEXT.encode("euc_jp") + b"\xff", len(TEXT.encode("euc_jp"))),
        (codecs.BOM_UTF16_LE + "本".encode("utf-16-le") + b"\x00\xd8", 4),
    ],
)
def test_damage_is_named_by_its_offset(data: bytes, offset: int) -> None:
    with pytest.raises(Refused, match=rf"byte {offset} \(0x") as refusal:
        decode(data)
    assert refusal.value.reason == Reason.UNDECODABLE


@pytest.mark.parametrize(
    "data",
    [
        bytes(range(256)) * 40,
        b"\x89PNG\r\n\x1a\n" + bytes(2000),
        b"\x7fELF" + bytes(500),
        bytes(1000),
        "ASCII in UTF-16".encode("utf-16-le"),
    ],
)
def test_binary_data_is_refused(data: bytes) -> None:
    with pytest.raises(Refused, match="byte") as refusal:
        decode(data)
    assert refusal.value.reason == Reason.UNDECODABLE


def test_detection_does_not_stumble_at_the_end_of_the_head() -> None:
    text = "a" + "需要は堅調だ。" * (HEAD // 10)
    for codec in ("utf-8", "cp932", "euc_jp"):
        assert decode(text.encode(codec)) == text


def test_ascii_of_any_length_in_front_hides_nothing() -> None:
    text = "<!-- style -->\n" * HEAD + TEXT
    for codec in ("utf-8", "cp932", "euc_jp", "iso2022_jp"):
        assert decode(text.encode(codec)) == text


def test_lines_of_a_stream_that_cannot_seek() -> None:
    class Pipe(io.BytesIO):
        def seek(self, *_: object) -> int:
            raise OSError("a pipe")

    text = "".join(f"{number}行目の需要は堅調だ\r\n" for number in range(30_000))
    for codec in ("utf-8-sig", "cp932", "utf-16"):
        assert "".join(open_text(Pipe(text.encode(codec)), "\n")) == text


def test_a_bad_byte_costs_one_line() -> None:
    lines = [f"{number}行目の需要".encode("cp932") for number in range(50)]
    lines[20] += b"\xfd"
    stream = open_text(io.BytesIO(b"\n".join(lines)), "\n")
    refused = [damage(line, stream.encoding) for line in stream]
    assert [number for number, refusal in enumerate(refused) if refusal] == [20]
    assert "0xfd" in str(refused[20])


def test_half_a_character_at_the_end_of_utf16_costs_one_line() -> None:
    stream = open_text(io.BytesIO("一\n二\n三".encode("utf-16")[:-1]), "\n")
    assert [damage(line, stream.encoding) is None for line in stream] == [True, True, False]


def test_detect_reports_the_mark_it_saw() -> None:
    assert detect(codecs.BOM_UTF8 + b"a").mark == 3
    assert detect("あ".encode("utf-16")).name == "UTF-16"
