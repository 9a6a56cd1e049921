"""The configuration: one `ronten.toml`, checked key by key."""

from __future__ import annotations

import tomllib
from hashlib import sha256
from json import dumps
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, Strict, ValidationError

from ronten.errors import UsageError, unknown_name

FILE_NAME = "ronten.toml"

UserFile = Annotated[Path, Strict(False)]
"""A path, given as text in TOML."""


class Config(BaseModel):
    """Every setting of a run, with its default; descriptions are what `ronten config` prints."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    targets: list[str] = Field(
        default=[],
        description="What claims may take a side on, as noun phrases: ['輸出規制'].",
    )
    lexicon: list[UserFile] = Field(
        default=[],
        description="TSV files of names of your own: surface, label (PERSON COMPANY ORG PLACE CHIP "
        "MODEL PRODUCT POLICY), canonical name.",
    )
    aliases: list[UserFile] = Field(
        default=[],
        description="TSV files that say who or what is meant: alias, canonical name of the author "
        "or entity[, label].",
    )
    reporting_verbs: list[UserFile] = Field(
        default=[],
        description="TSV files of further reporting words: lemma (Sudachi normal form), kind (say "
        "think predict demand concede deny warn evaluate), frames (to koto you np, "
        "comma-separated).",
    )
    embedding: str | None = Field(
        default=None,
        description="Name or folder of a sentence-transformers model; unset: the one that ships.",
    )
    embedding_prompt: str | None = Field(
        default=None,
        description="Text put before every claim when it is embedded, where the model wants one.",
    )
    threshold: float = Field(
        default=0.5,
        gt=0.0,
        le=1.0,
        description="Mean chance from which claims make the same point, above 0 to 1.",
    )
    parse: Literal["selective", "all"] = Field(
        default="selective",
        description="Parse the sentences that need it ('selective') or every sentence ('all').",
    )
    encoder: bool = Field(
        default=True,
        description="Ask a pretrained encoder where the small models are in doubt: it finds names, "
        "claims and sides that they miss and who said it, and doubles what extraction costs.",
    )
    min_confidence: float = Field(
        default=0.0,
        ge=0.0,
        le=1.0,
        description="Claims below this confidence stay out of the author files, 0 to 1.",
    )

    def annotation_fingerprint(self) -> str:
        """Return a hash of every setting (and user file) that an annotation depends on.

        Raises `UsageError` where a user file cannot be read.
        """
        return _digest(
            {
                "targets": self.targets,
                "parse": self.parse,
                "encoder": self.encoder,
                "lexicon": [_content(path, "lexicon") for path in self.lexicon],
                "aliases": [_content(path, "aliases") for path in self.aliases],
                "reporting_verbs": [_content(p, "reporting_verbs") for p in self.reporting_verbs],
            }
        )

    def position_fingerprint(self) -> str:
        """Return a hash of every setting that says which claims make the same point."""
        return _digest(
            {
                "embedding": self.embedding,
                "embedding_prompt": self.embedding_prompt,
                "threshold": self.threshold,
                "encoder": self.encoder,
            }
        )


def load_config(path: Path | None = None, **options: Any) -> Config:
    """Read the configuration file and lay the options over it.

    Without `path`, `ronten.toml` of the working directory is used where there is one. Options that
    are None are not given. Raises `UsageError` naming the file and the key at fault.
    """
    if path is None and Path(FILE_NAME).is_file():
        path = Path(FILE_NAME)
    settings = _read(path) if path else {}
    settings.update({key: value for key, value in options.items() if value is not None})
    return _checked(settings, "options")


def _read(path: Path) -> dict[str, Any]:
    try:
        settings = tomllib.loads(path.read_text("utf-8-sig"))
    except FileNotFoundError:
        raise UsageError(f"{path}: no such configuration file") from None
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: cannot be read: {error}") from error
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path}: not valid TOML: {error}") from error
    config = _checked(settings, str(path))
    folder = path.parent
    for key in ("lexicon", "aliases", "reporting_verbs"):
        if key in settings:
            settings[key] = [folder / entry for entry in getattr(config, key)]
    if "embedding" in settings and (folder / settings["embedding"]).is_dir():
        settings["embedding"] = str(folder / settings["embedding"])
    return settings


def _checked(settings: dict[str, Any], where: str) -> Config:
    for key in settings:
        if key not in Config.model_fields:
            raise unknown_name("key", key, Config.model_fields, where)
    try:
        return Config.model_validate(settings)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise UsageError(f"{where}: key '{key}': {first['msg']}, got {first['input']!r}") from None


def _content(path: Path, key: str) -> str:
    try:
        return sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise UsageError(f"key '{key}': {path} cannot be read: {error.strerror}") from error


def _digest(value: Any) -> str:
    return sha256(dumps(value, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:16]
