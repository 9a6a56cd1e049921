"""The built wheel works in an environment of its own, away from the source tree and offline."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True, text=True)
    return folder


@pytest.fixture(scope="module")
def installed(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment that sees this one's dependencies but not its source tree."""
    home = tmp_path_factory.mktemp("env")
    venv.create(home, with_pip=True)
    python = home / "bin" / "python"
    site = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        check=True, capture_output=True, text=True,
    ).stdout.strip()  # fmt: skip
    # Paths in a .pth file are searched, but .pth files inside them (our editable install) are not.
    Path(site, "dependencies.pth").write_text(
        sysconfig.get_path("purelib") + "\n", encoding="utf-8"
    )
    (wheel,) = built.glob("*.whl")
    install = [python, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps",
               "--ignore-installed", "--disable-pip-version-check", str(wheel)]  # fmt: skip
    subprocess.run(install, check=True, capture_output=True, text=True)
    return home


def call(home: Path, cwd: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "RONTEN"))}
    environment |= {
        "HF_HUB_OFFLINE": "1",
        "http_proxy": "http://127.0.0.1:9",
        "https_proxy": "http://127.0.0.1:9",
    }
    command = [str(home / "bin" / "ronten"), *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, cwd=cwd, env=environment, check=False
    )


def test_archives_hold_what_the_package_needs(built: Path) -> None:
    (wheel,) = built.glob("*.whl")
    (source,) = built.glob("*.tar.gz")
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {"ronten/py.typed", "ronten/schema/author.json"} <= names or "ronten/py.typed" in names
    for data in (
        "components/claims/cues.tsv",
        "components/figures/units.tsv",
        "report/assets/style.css",
        "report/assets/search.js",
        "report/templates/layout.html.jinja",
        "review/assets/review.js",
        "review/templates/claims.html.jinja",
    ):
        assert f"ronten/{data}" in names
    assert any(name.startswith("ronten/_models/embedding-") for name in names)
    assert not any("/tests/" in name or name.startswith("tests") for name in names)
    with tarfile.open(source) as archive:
        members = archive.getnames()
    assert any(name.endswith("pipeline/ronten/extraction.py") for name in members)
    assert any("models/embedding-" in name for name in members)


def test_the_installed_wheel_extracts_and_runs(installed: Path, tmp_path: Path) -> None:
    article = tmp_path / "a.txt"
    article.write_text("田代健一社長は「需要は堅調だ」と述べた。", encoding="utf-8")
    where = subprocess.run(
        [installed / "bin" / "python", "-c", "import ronten; print(ronten.__file__)"],
        check=True, capture_output=True, text=True, cwd=tmp_path,
    ).stdout  # fmt: skip
    assert str(installed) in where
    done = call(installed, tmp_path, "extract", str(article))
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["claims"][0]["content"] == [[8, 14]]
    done = call(installed, tmp_path, "run", str(article), "--out", "out")
    assert done.returncode == 0, done.stderr
    assert len(list((tmp_path / "out" / "authors").glob("*.json"))) == 1
    done = call(installed, tmp_path, "report", "out")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out" / "report" / "assets" / "vega.js").stat().st_size > 500_000
