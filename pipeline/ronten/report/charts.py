"""The charts of the overview, as Vega-Lite specifications made by Altair.

Colours are not in them: the page gives the palette that fits its colour scheme.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ronten.report.texts import Texts

Rows = Sequence[dict[str, Any]]

SIDES = ("favor", "against", "both", "none")
TYPES = ("fact", "prediction", "policy", "interpretation")
SIGNS = {"favor": "○", "against": "×", "both": "△", "none": ""}
"""Shapes that stand for the sides beside their colours."""

_FIT: Any = {"type": "fit-x", "contains": "padding"}


def matrix(rows: Rows, authors: Sequence[str], topics: Sequence[str], texts: Texts) -> Any:
    """Return the chart of authors by topics: `author`, `topic`, `side`, `n`, `mark`, `href`."""
    import altair as alt

    sides = [side for side in SIDES if any(row["side"] == side for row in rows)]
    ranked = _ranked(_ranked(rows, "topic", topics), "author", authors)
    base = alt.Chart(_data(_named(ranked, texts, "side"))).encode(
        x=alt.X(
            "topic:N",
            sort=_by("topic"),
            title=None,
            scale=alt.Scale(paddingInner=0.06),
            axis=_axis(labelAngle=-40, orient="top"),
        ),
        y=alt.Y(
            "author:N",
            sort=_by("author"),
            title=None,
            scale=alt.Scale(paddingInner=0.1),
            axis=_axis(),
        ),
        tooltip=[
            alt.Tooltip("author:N", title=texts("author")),
            alt.Tooltip("topic:N", title=texts("topic")),
            alt.Tooltip("side:N", title=texts("stance")),
            alt.Tooltip("n:Q", title=texts("claims")),
        ],
    )
    cells = base.mark_rect(cornerRadius=3, cursor="pointer").encode(
        color=_color("side", [texts(side) for side in sides], texts("stance"))
    )
    numbers = base.mark_text(fontWeight="bold", cursor="pointer").encode(text="mark:N")
    layered = (cells + numbers).properties(width=alt.Step(48), height=alt.Step(30))
    return _spec(layered)


def timeline(rows: Rows, unit: str, texts: Texts) -> Any:
    """Return the chart of claims over time: `date`, `type`, `n`; `unit` is day, month or year."""
    import altair as alt

    units = {
        "day": ("utcyearmonthdate", "%m/%d"),
        "month": ("utcyearmonth", "%Y/%m"),
        "year": ("utcyear", "%Y"),
    }
    time_unit, form = units[unit]
    date = alt.X(
        "date:T",
        timeUnit=time_unit,  # type: ignore[arg-type]
        title=None,
        scale=alt.Scale(type="utc"),
        axis=alt.Axis(format=form, labelOverlap=True, tickCount=8),
    )
    chart = (
        alt.Chart(_data(_named(rows, texts, "type")))
        .mark_bar()
        .encode(
            x=date,
            y=alt.Y("n:Q", title=texts("claims"), stack=True, axis=alt.Axis(tickMinStep=1)),
            color=_color("type", [texts(type_) for type_ in TYPES], texts("type")),
            order=alt.Order("order:Q"),
            tooltip=[
                alt.Tooltip("label:N", title=texts("date")),
                alt.Tooltip("type:N", title=texts("type")),
                alt.Tooltip("n:Q", title=texts("claims")),
            ],
        )
        .properties(width="container", height=220, autosize=_FIT)
    )
    return _spec(chart)


def contested(rows: Rows, targets: Sequence[str], texts: Texts) -> Any:
    """Return the chart of claims for and against: `target`, `side`, `n`, `signed`, `href`."""
    import altair as alt

    present = [side for side in SIDES[:2] if any(row["side"] == side for row in rows)]
    chart = (
        alt.Chart(_data(_named(_ranked(rows, "target", targets), texts, "side")))
        .mark_bar(cursor="pointer", cornerRadius=2)
        .encode(
            x=alt.X(
                "signed:Q",
                title=texts("claims"),
                axis=alt.Axis(
                    labelExpr="format(abs(datum.value), ',d')", tickMinStep=1, tickCount=8
                ),
            ),
            y=alt.Y("target:N", sort=_by("target"), title=None, axis=_axis()),
            color=_color("side", [texts(side) for side in present], texts("stance")),
            tooltip=[
                alt.Tooltip("target:N", title=texts("target")),
                alt.Tooltip("side:N", title=texts("stance")),
                alt.Tooltip("n:Q", title=texts("claims")),
            ],
        )
        .properties(width="container", height=28 * len(targets) + 10, autosize=_FIT)
    )
    return _spec(chart)


def entities(rows: Rows, texts: Texts) -> Any:
    """Return the chart of names by claims that hold them: `entity`, `label`, `n`, `href`."""
    import altair as alt

    chart = (
        alt.Chart(_data(_ranked(rows, "entity", [row["entity"] for row in rows])))
        .mark_bar(cursor="pointer", cornerRadius=2)
        .encode(
            x=alt.X("n:Q", title=texts("claims"), axis=alt.Axis(tickMinStep=1)),
            y=alt.Y("entity:N", sort=_by("entity"), title=None, axis=_axis()),
            tooltip=[
                alt.Tooltip("entity:N", title=texts("entity")),
                alt.Tooltip("label:N", title=texts("kind")),
                alt.Tooltip("n:Q", title=texts("claims")),
            ],
        )
        .properties(width="container", height=22 * len(rows) + 10, autosize=_FIT)
    )
    return _spec(chart)


def _data(rows: Rows) -> Any:
    import altair as alt

    made: Any = alt.Data  # it has no types
    return made(values=list(rows))


def _ranked(rows: Rows, column: str, order: Sequence[str]) -> Rows:
    """Return rows with the rank of a value, for `_by`."""
    ranks = {value: rank for rank, value in enumerate(order)}
    return [{**row, f"{column}_rank": ranks[row[column]]} for row in rows]


def _by(column: str) -> Any:
    """Return the order of ranks: a list of values would become code, with what is in them."""
    import altair as alt

    return alt.EncodingSortField(field=f"{column}_rank", op="min")


def _axis(**more: Any) -> Any:
    import altair as alt

    return alt.Axis(labelLimit=170, ticks=False, domain=False, labelPadding=6, **more)


def _color(column: str, names: Sequence[str], title: str) -> Any:
    import altair as alt

    return alt.Color(
        f"{column}:N",
        scale=alt.Scale(domain=list(names)),
        legend=alt.Legend(orient="top", title=title, symbolType="square"),
    )


def _named(rows: Iterable[dict[str, Any]], texts: Texts, column: str) -> list[dict[str, Any]]:
    """Return rows with the names of values in the place of the values."""
    return [{**row, column: texts(row[column])} for row in rows]


def _spec(chart: Any) -> dict[str, Any]:
    spec: dict[str, Any] = chart.to_dict()
    spec.pop("config", None)
    return spec
