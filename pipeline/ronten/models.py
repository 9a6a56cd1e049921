"""Finding and checking the model folders `NAME-VERSION/` that ship with ronten.

Each folder holds `meta.json` (name, version, code range, licence, scores, sha256 per file), weights
and a card. There is one way to find a folder, and the working directory is never searched.
"""

from __future__ import annotations

import hashlib
import json
import os
import tomllib
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import platformdirs
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version

from ronten.errors import ModelNotFound

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

META = "meta.json"
ENVIRONMENT = "RONTEN_MODELS"


@dataclass(frozen=True)
class ModelInfo:
    """One installed model folder, as `ronten models` lists it.

    `size` is in bytes; `problem` says what `verify` found wrong, None if the folder is sound.
    """

    name: str
    version: str
    path: Path
    size: int
    scores: dict[str, Any]
    problem: str | None


def places() -> list[tuple[str, Path]]:
    """Return the folders that are searched for models, in order, each with what it is."""
    found = []
    if from_environment := os.environ.get(ENVIRONMENT):
        found.append((f"${ENVIRONMENT}", Path(from_environment)))
    root = Path(__file__).resolve().parents[2]
    if _is_checkout(root):
        found.append(("the checkout", root / "models"))
    found.append(("the installed package", Path(__file__).resolve().parent / "_models"))
    found.append(("the user cache", platformdirs.user_cache_path("ronten") / "models"))
    return found


def find(name: str, explicit: Path | None = None) -> Path:
    """Return the folder of the model `name`: the highest version in the first place that has it.

    `explicit` is a model folder itself and is taken as it is.
    Raises ModelNotFound with the places looked at and the remedy.
    """
    if explicit is not None:
        if (explicit / META).is_file():
            return explicit
        raise ModelNotFound(f"model '{name}': no {META} in {explicit}; give a model folder")
    for _, place in places():
        if candidates := [path for path in _folders(place) if _split(path)[0] == name]:
            return max(candidates, key=lambda path: _split(path)[1])
    looked = "\n".join(f"  {place} ({what})" for what, place in places())
    raise ModelNotFound(
        f"model '{name}' not found; looked for {name}-VERSION/{META} in\n{looked}\n"
        f"models ship with ronten: run `pip install --force-reinstall ronten`, "
        f"or set {ENVIRONMENT} to a folder that holds {name}-VERSION/"
    )


def verify(path: Path) -> dict[str, Any]:
    """Return the content of `meta.json` after checking every file of the folder `path` against it.

    Raises ModelNotFound if a file is missing or changed, or this ronten is outside the code range.
    """
    meta = _meta(path)
    for file, expected in meta["files"].items():
        if not (path / file).is_file():
            raise ModelNotFound(_damaged(path, f"{file} is missing"))
        if hash_file(path / file) != expected:
            raise ModelNotFound(_damaged(path, f"{file} differs from its sha256 in {META}"))
    try:
        code_range, ours = SpecifierSet(meta["ronten"]), installed_version("ronten")
    except PackageNotFoundError:  # run from source without installation: no version to compare
        return meta
    except InvalidSpecifier as error:
        raise ModelNotFound(_damaged(path, f"{META}: {error}")) from error
    if not code_range.contains(ours, prereleases=True):
        raise ModelNotFound(
            f"model {path} needs ronten {code_range}, this is {ours}; "
            f"run `pip install 'ronten{code_range}'` or use another version of the model"
        )
    return meta


def sound(name: str, explicit: Path | None = None) -> Path:
    """Find a model and check its files; the folder, or ModelNotFound (see `find` and `verify`)."""
    folder = find(name, explicit)
    verify(folder)
    return folder


def save_arrays(arrays: Mapping[str, NDArray[Any]], path: Path) -> None:
    """Write the weights of a model, readable to all; equal arrays give equal bytes."""
    from safetensors.numpy import save_file  # NumPy, which looking for a model does without

    save_file(dict(arrays), path)
    path.chmod(0o644)  # safetensors makes it readable to its owner alone


def available() -> list[ModelInfo]:
    """Return every model folder in every place, in search order."""
    return [_info(path) for _, place in places() for path in _folders(place)]


def fingerprint(path: Path) -> str:
    """Return 16 hex digits that change when any file of the model changes."""
    files = _meta(path)["files"]
    lines = "".join(f"{file} {files[file]}\n" for file in sorted(files))
    return hashlib.sha256(lines.encode()).hexdigest()[:16]


def hash_file(path: Path) -> str:
    """Return the sha256 of a file in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _is_checkout(root: Path) -> bool:
    try:
        project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return bool(project.get("project", {}).get("name") == "ronten")


def _folders(place: Path) -> list[Path]:
    if not place.is_dir():
        return []
    return sorted(path for path in place.iterdir() if _split(path)[0] and (path / META).is_file())


def _split(path: Path) -> tuple[str, Version]:
    name, _, number = path.name.rpartition("-")
    try:
        return name, Version(number)
    except InvalidVersion:
        return "", Version("0")


def _meta(path: Path) -> dict[str, Any]:
    try:
        meta: dict[str, Any] = json.loads((path / META).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelNotFound(_damaged(path, f"{META} cannot be read: {error}")) from error
    wanted = {"name": str, "version": str, "ronten": str, "scores": dict, "files": dict}
    for key, kind in wanted.items():
        if not isinstance(meta, dict) or not isinstance(meta.get(key), kind):
            raise ModelNotFound(_damaged(path, f"{META} has no valid '{key}'"))
    return meta


def _damaged(path: Path, what: str) -> str:
    return f"model {path}: {what}; run `pip install --force-reinstall ronten` to restore it"


def _info(path: Path) -> ModelInfo:
    name, number = _split(path)
    scores, problem = {}, None
    try:
        scores = verify(path)["scores"]
    except ModelNotFound as error:
        problem = str(error)
    size = sum(file.stat().st_size for file in path.rglob("*") if file.is_file())
    return ModelInfo(name, str(number), path, size, scores, problem)
