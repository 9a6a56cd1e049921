"""Fixtures that several test modules share."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from spacy.language import Language

import fake_extraction
from ronten import embed
from ronten.config import Config

# Stored gold and seed articles that lie beside a checkout in some places; tests skip without them.
SHARED = Path(__file__).parents[2] / "shared"


# Files that take longest, first: whoever takes one of them last keeps the other processes waiting.
LONGEST = (
    "test_end_to_end test_ray test_incremental test_browser test_wheel test_killed test_revise"
    " test_extraction test_run test_local test_round_trip test_bench test_train test_reference"
).split()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Order the files by how long they take; their tests stay in order."""
    order = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: order.get(item.path.stem, len(order)))


@pytest.fixture(scope="session", autouse=True)
def pipelines() -> Iterator[None]:
    """Build each extraction pipeline once in a test process: that takes seconds, every time."""
    from ronten import extraction

    load = extraction.load
    built: dict[str, Language] = {}

    def once(config: Config | None = None) -> Language:
        key = (config or Config()).model_dump_json()
        if key not in built:
            built[key] = load(config)
        return built[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(extraction, "load", once)
        yield


@pytest.fixture(scope="session")
def nlp() -> Language:
    """The whole extraction pipeline, built once."""
    from ronten.extraction import load

    return load()


@pytest.fixture
def extraction(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Put helpers/fake_extraction.py and a small embedder in the place of the real ones."""
    monkeypatch.setitem(sys.modules, "ronten.extraction", fake_extraction)
    monkeypatch.setattr(embed, "load_embedder", lambda *_, **__: BIGRAMS)
    return fake_extraction


def chromium() -> str | None:
    """Return where Chromium is, if it is installed."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next(filter(None, map(shutil.which, names)), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """One Chromium; without one the tests are skipped, or fail with RONTEN_REQUIRE_BROWSER=1."""
    found = chromium()
    if found is None:
        missing = "no Chromium here: install the package `chromium` to run the browser tests"
        if os.environ.get("RONTEN_REQUIRE_BROWSER") == "1":
            pytest.fail(missing)
        pytest.skip(missing)
    from playwright.sync_api import sync_playwright

    arguments = [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
        "--disable-background-networking", "--disable-component-update",
    ]  # fmt: skip
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found, args=arguments)
        yield started
        started.close()


def _bigrams(texts: list[str]) -> np.ndarray:
    vectors = np.zeros((len(texts), 256), dtype=np.float64)
    for row, text in enumerate(texts):
        for pair in pairwise(text):
            digest = hashlib.sha256("".join(pair).encode()).digest()
            vectors[row, digest[0]] += 1
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return (vectors / np.where(lengths == 0, 1, lengths)).astype(np.float32)


BIGRAMS = embed.Embedder(fingerprint="bigrams", dim=256, run=_bigrams)
