from __future__ import annotations

import json
from pathlib import Path

import pytest

from ronten import models
from ronten.errors import ModelNotFound


def make(place: Path, folder: str, code_range: str = ">=0") -> Path:
    path = place / folder
    path.mkdir(parents=True)
    (path / "weights.bin").write_bytes(folder.encode())
    name, _, version = folder.rpartition("-")
    meta = {
        "name": name,
        "version": version,
        "ronten": code_range,
        "scores": {"f1": 0.5},
        "files": {"weights.bin": models.hash_file(path / "weights.bin")},
    }
    (path / models.META).write_text(json.dumps(meta))
    return path


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of models that $RONTEN_MODELS names."""
    monkeypatch.setenv(models.ENVIRONMENT, str(tmp_path / "here"))
    return tmp_path / "here"


def test_highest_version_wins(place: Path) -> None:
    make(place, "toy-0.9.0")
    newest = make(place, "toy-0.10.0")
    make(place, "toy-other-3.0.0")
    (place / "toy-99.0.0").mkdir()  # no meta.json: not a model
    assert models.find("toy") == newest


def test_explicit_folder_is_taken_as_it_is(place: Path, tmp_path: Path) -> None:
    make(place, "toy-2.0.0")
    mine = make(tmp_path, "toy-0.1.0")
    assert models.find("toy", mine) == mine
    with pytest.raises(ModelNotFound, match="elsewhere"):
        models.find("toy", tmp_path / "elsewhere")


def test_working_directory_is_never_searched(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(tmp_path, "toy-1.0.0")
    make(tmp_path / "models", "toy-1.0.0")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ModelNotFound) as caught:
        models.find("toy")
    for searched in (str(place), "_models", "cache", "pip install", models.ENVIRONMENT):
        assert searched in str(caught.value)


@pytest.mark.parametrize(
    ("project", "found"),
    [('[project]\nname = "ronten"', True), ('[project]\nname = "other"', False), ("[", False)],
)
def test_checkout_is_known_by_its_project_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, project: str, found: bool
) -> None:
    monkeypatch.delenv(models.ENVIRONMENT, raising=False)
    monkeypatch.setattr(models, "__file__", str(tmp_path / "pipeline" / "ronten" / "models.py"))
    (tmp_path / "pyproject.toml").write_text(project)
    assert ((tmp_path / "models") in [path for _, path in models.places()]) is found


def test_verify_returns_meta(place: Path) -> None:
    assert models.verify(make(place, "toy-1.0.0"))["scores"] == {"f1": 0.5}


def test_verify_names_the_damaged_file(place: Path) -> None:
    path = make(place, "toy-1.0.0")
    (path / "weights.bin").write_bytes(b"changed")
    with pytest.raises(ModelNotFound, match=r"weights\.bin differs"):
        models.verify(path)
    (path / "weights.bin").unlink()
    with pytest.raises(ModelNotFound, match=r"weights\.bin is missing"):
        models.verify(path)


@pytest.mark.parametrize("text", ["{", "[]", '{"name": "toy"}'])
def test_verify_rejects_a_broken_meta(place: Path, text: str) -> None:
    path = make(place, "toy-1.0.0")
    (path / models.META).write_text(text)
    with pytest.raises(ModelNotFound, match=r"meta\.json"):
        models.verify(path)


def test_verify_checks_the_code_range(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "installed_version", lambda name: "0.4.0")
    models.verify(make(place, "toy-1.0.0", ">=0.4,<0.5"))
    with pytest.raises(ModelNotFound, match=r"needs ronten .*this is 0\.4\.0"):
        models.verify(make(place, "toy-2.0.0", ">=0.5"))


def test_available_lists_sound_and_damaged(place: Path) -> None:
    make(place, "toy-1.0.0")
    (make(place, "toy-2.0.0") / "weights.bin").unlink()
    listed = {
        info.version: info.problem for info in models.available() if info.path.parent == place
    }
    assert listed["1.0.0"] is None
    assert "weights.bin is missing" in str(listed["2.0.0"])


def test_fingerprint_follows_the_files(place: Path, tmp_path: Path) -> None:
    first, same = make(place, "toy-1.0.0"), make(tmp_path, "toy-1.0.0")
    other = make(place, "toy-1.0.1")
    assert models.fingerprint(first) == models.fingerprint(same) != models.fingerprint(other)
