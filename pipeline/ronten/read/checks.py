"""What every text must pass before it becomes an article."""

from __future__ import annotations

import re

from ronten.errors import Reason
from ronten.read.fields import refuse_surrogates
from ronten.read.refused import Refused

_KANA = "ぁ-ゖゝ-ゟァ-ヺー-ヿㇰ-ㇿｦ-ﾟ"
_KANJI = "々〆\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_JAPANESE = re.compile(f"[{_KANA}{_KANJI}]")
_ENOUGH_LETTERS = 200
_JAPANESE_SHARE = 0.05


def check(text: str) -> None:
    """Raise `Refused` for a text with lone surrogates, without content or not in Japanese."""
    refuse_surrogates(text, "'text'")
    if not text.strip():
        raise Refused(Reason.NO_TEXT, "nothing but white space")
    letters = sum(map(str.isalpha, text))
    japanese = len(_JAPANESE.findall(text))
    if letters >= _ENOUGH_LETTERS and japanese < _JAPANESE_SHARE * letters:
        raise Refused(
            Reason.NOT_JAPANESE, f"{japanese} of {letters} letters are kana or kanji (under 5 %)"
        )
