"""The dataset as web pages that open from disk: no server, no network.

`pages.Pages` makes every page as HTML; this module writes all of them, as a folder or as one file.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape

import ronten
from ronten import dataset as datasets
from ronten.report import claims_data, data
from ronten.report.folder import replacing, replacing_file
from ronten.report.marks import clean
from ronten.report.names import in_folder, in_one_file
from ronten.report.pages import MENU, Page, Pages, script_json
from ronten.report.texts import Texts

FOLDER = "report"
FILE = "report.html"

_ASSETS = Path(__file__).parent / "assets"
_SCRIPTS = ("core.js", "charts.js", "article.js", "search.js")
_LICENCE = (
    "/* Vega, Vega-Lite, Vega-Embed: (c) University of Washington Interactive Data Lab, "
    "BSD-3-Clause, https://vega.github.io */\n"
)


@dataclass
class Reported:
    """What was written: where to begin reading, pages and bytes."""

    start: Path
    pages: int = 0
    bytes: int = 0


def report(
    folder: Path, out: Path | None = None, *, single: bool = False, lang: str = "ja"
) -> Reported:
    """Write the report of an output folder, all or nothing; an earlier report is replaced.

    It goes to `folder/report`, or with `single` to the file `folder/report.html`, if `out` does not
    say otherwise. The same dataset gives the same bytes.

    Raises `UsageError` where there is no finished run, `out` holds anything that no report wrote,
    or there are no texts in the language; `StoreError` where somebody writes to the dataset or
    another schema wrote it.
    """
    texts = Texts(lang)
    out = out or folder / (FILE if single else FOLDER)
    with datasets.open(folder) as dataset:
        site = data.read(dataset, ronten.__version__)
        return _write_file(site, texts, out) if single else _write_folder(site, texts, out)


def assets(texts: Texts) -> dict[str, str]:
    """Return the files that all pages of a folder share, by name."""
    import vl_convert

    bundle: Any = vl_convert.javascript_bundle  # its types ask for what it does not need

    return {
        "assets/style.css": _asset("style.css"),
        "assets/theme.js": _asset("theme.js"),
        "assets/report.js": _script(texts),
        "assets/vega.js": _LICENCE + bundle(),
    }


def claims_script(site: data.Site, texts: Texts) -> str:
    """Return the script that hands the claims to the search page of a folder."""
    columns = script_json(claims_data.columns(site, texts))
    # Browsers read JSON in a string faster than the same values in a script.
    return f"window.rontenClaims = JSON.parse({script_json(str(columns))});\n"


def every_page(pages: Pages) -> Iterator[Page]:
    """Yield all pages, the overview last: what is in dispute is known only then."""
    yield pages.authors()
    yield pages.topics()
    yield pages.articles()
    yield pages.search()
    for document in pages.site.documents():
        yield pages.author(document)
    for topic in pages.site.topics.values():
        yield pages.topic(topic)
    for annotation in pages.site.annotations():
        yield pages.article(annotation)
    yield pages.overview()


def _write_folder(site: data.Site, texts: Texts, out: Path) -> Reported:
    pages = Pages(site, texts, in_folder)
    done = Reported(out / "index.html")
    with replacing(out) as folder:
        for name, text in assets(texts).items():
            folder.write(name, text)
        folder.write("data/claims.js", claims_script(site, texts))
        for page in every_page(pages):
            folder.write(page.name, pages.document(page))
            done.pages += 1
        done.bytes = folder.bytes
    return done


def _write_file(site: data.Site, texts: Texts, out: Path) -> Reported:
    """Write everything into one file: pages lie in templates, which browsers leave alone."""
    pages = Pages(site, texts, lambda _: in_one_file)
    done = Reported(out)
    theme, style = _asset("theme.js"), _asset("style.css")
    made = assets(texts)
    scripts = [theme, *(_inline(made[f"assets/{name}.js"]) for name in ("vega", "report"))]
    with replacing_file(out) as file:
        head = pages.head(
            theme=Markup(theme),
            style=Markup(style),
            scripts=Markup(" ".join(map(_hash, scripts))),
            styles=Markup(_hash(style)),
        )
        file.write(head)
        for page in every_page(pages):
            name, title = escape(page.name), escape(clean(f"{page.title} — {texts('site')}"))
            file.write(
                f'<template data-page="{name}" data-title="{title}" data-menu="{page.menu}">\n'
                f"{page.main}\n</template>\n"
            )
            done.pages += 1
        columns = script_json(claims_data.columns(site, texts))
        file.write(f'<script type="application/json" id="data-claims">{columns}</script>\n')
        for script in scripts[1:]:
            file.write(f"<script>{script}</script>\n")
        file.write("</body>\n</html>\n")
    done.bytes = out.stat().st_size
    return done


def _script(texts: Texts) -> str:
    parts = [f"const TEXTS = {json.dumps(texts.all(), ensure_ascii=False)};\n"]
    return "".join([*parts, *map(_asset, _SCRIPTS)])


def _asset(name: str) -> str:
    return (_ASSETS / name).read_text("utf-8")


def _inline(script: str) -> str:
    """Return a script that may stand inside a page: nothing in it ends the element."""
    return script.replace("</script", "<\\/script").replace("<!--", "<\\!--")


def _hash(content: str) -> str:
    return f"'sha256-{b64encode(sha256(content.encode()).digest()).decode()}'"


__all__ = ["MENU", "Page", "Pages", "Reported", "assets", "claims_script", "every_page", "report"]
