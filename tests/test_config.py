from __future__ import annotations

from pathlib import Path

import pytest

from ronten.config import Config, load_config
from ronten.errors import UsageError


def write(folder: Path, content: str) -> Path:
    path = folder / "ronten.toml"
    path.write_text(content, encoding="utf-8")
    return path


def test_options_win_over_the_file_and_none_is_no_option(tmp_path: Path) -> None:
    path = write(tmp_path, 'threshold = 0.6\nparse = "all"\n')
    config = load_config(path, threshold=0.9, parse=None)
    assert (config.threshold, config.parse) == (0.9, "all")


def test_file_of_the_working_directory_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, 'targets = ["輸出規制"]\n')
    monkeypatch.chdir(tmp_path)
    assert load_config().targets == ["輸出規制"]


def test_paths_are_relative_to_the_file(tmp_path: Path) -> None:
    (tmp_path / "model").mkdir()
    path = write(tmp_path, 'lexicon = ["names.tsv"]\nembedding = "model"\n')
    config = load_config(path)
    assert config.lexicon == [tmp_path / "names.tsv"]
    assert config.embedding == str(tmp_path / "model")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("treshold = 0.5\n", "ronten.toml: unknown key 'treshold'; did you mean 'threshold'?"),
        ('threshold = "high"\n', "key 'threshold': Input should be a valid number, got 'high'"),
        ("threshold = 0.0\n", "key 'threshold'"),
        ('parse = "some"\n', "'selective' or 'all'"),
        ('lexicon = "a.tsv"\n', "key 'lexicon': Input should be a valid list"),
        ("threshold = \n", "not valid TOML"),
    ],
)
def test_errors_name_file_key_and_what_is_expected(
    tmp_path: Path, content: str, message: str
) -> None:
    with pytest.raises(UsageError) as error:
        load_config(write(tmp_path, content))
    assert "ronten.toml" in str(error.value)
    assert message in str(error.value)


def test_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such configuration file"):
        load_config(tmp_path / "other.toml")


def test_fingerprints_follow_what_they_stand_for(tmp_path: Path) -> None:
    names = tmp_path / "names.tsv"
    names.write_text("深星\tCOMPANY\tDeepStar\n", encoding="utf-8")
    before = Config(lexicon=[names])
    first = before.annotation_fingerprint()
    names.write_text("深星\tORG\tDeepStar\n", encoding="utf-8")
    assert before.annotation_fingerprint() != first
    assert Config(threshold=0.4).annotation_fingerprint() == Config().annotation_fingerprint()
    assert Config(threshold=0.4).position_fingerprint() != Config().position_fingerprint()
    assert Config(encoder=False).position_fingerprint() != Config().position_fingerprint()
    assert Config(min_confidence=0.5).position_fingerprint() == Config().position_fingerprint()


def test_unreadable_user_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"'lexicon'.*none\.tsv"):
        Config(lexicon=[tmp_path / "none.tsv"]).annotation_fingerprint()
