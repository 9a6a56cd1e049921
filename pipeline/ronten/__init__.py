"""ronten: who claims what in Japanese articles, and exactly where the text says so.

    >>> import ronten
    >>> annotation = ronten.extract("山田氏は「需要は堅調だ」と述べた。")

Names are loaded on first use, so that importing the package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ronten.dataset import open as open
    from ronten.embed import load_embedder as load_embedder
    from ronten.extraction import extract as extract
    from ronten.extraction import load as load
    from ronten.stances import stance as stance

_PUBLIC = {
    "load": "ronten.extraction",
    "extract": "ronten.extraction",
    "load_embedder": "ronten.embed",
    "open": "ronten.dataset",
    "stance": "ronten.stances",
}

__all__ = ["__version__", "extract", "load", "load_embedder", "open", "stance"]

try:
    __version__ = version("ronten")
except PackageNotFoundError:  # a checkout that is not installed
    __version__ = "0.0.0"


def __getattr__(name: str) -> Any:
    if name in _PUBLIC:
        return getattr(import_module(_PUBLIC[name]), name)
    raise AttributeError(f"module 'ronten' has no attribute '{name}'")


def __dir__() -> list[str]:
    return sorted(__all__)
