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
_WHOLE = "datum.value % 1 ? '' : format(abs(datum.value), ',d')"
"""Labels of numbers of claims: none between whole ones."""


def matrix(rows: Rows, authors: Sequence[str], topics: Sequence[str], texts: Texts) -> Any:
    """Return the chart of authors by topics: `author`, `topic`, `side`, `n`, `mark`, `href`."""
    import altair as alt

    sides = [side for side in SIDES if any(row["side"] == side for row in rows)]
    ranked = _ranked(_ranked(rows, "topic", topics), "author", authors)
    names = _signed(texts)
    base = alt.Chart(_data(_named(ranked, "side", names))).encode(
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
        color=_color("side", [names[side] for side in sides], texts("stance"))
    )
    numbers = base.mark_text(fontWeight="bold", cursor="pointer").encode(text="mark:N")
    layered = (cells + numbers).properties(width=alt.Step(48), height=alt.Step(30))
    return _spec(layered, sides)


def timeline(rows: Rows, unit: str, texts: Texts) -> Any:
    """Return the chart of claims over time: `date`, `type`, `n`; `unit` is day, month or year."""
    import altair as alt

    units = {
        "day": ("utcyearmonthdate", "%m/%d"),
        "month": ("utcyearmonth", "%Y/%m"),
        "year": ("utcyear", "%Y"),
    }
    time_unit, form = units[unit]
    names = {type_: texts(type_) for type_ in TYPES}
    date = alt.X(
        "date:T",
        timeUnit=time_unit,  # type: ignore[arg-type]
        title=None,
        scale=alt.Scale(type="utc"),
        axis=alt.Axis(
            format=form,
            labelOverlap="greedy",
            tickCount=unit,  # type: ignore[arg-type]
            grid=False,
        ),
    )
    chart = (
        alt.Chart(_data(_named(rows, "type", names)))
        .mark_bar()
        .encode(
            x=date,
            y=alt.Y("n:Q", title=texts("claims"), stack=True, axis=_counts()),
            color=_color("type", list(names.values()), texts("type")),
            order=alt.Order("order:Q"),
            tooltip=[
                alt.Tooltip("label:N", title=texts("date")),
                alt.Tooltip("type:N", title=texts("type")),
                alt.Tooltip("n:Q", title=texts("claims")),
            ],
        )
        .properties(width="container", height=220, autosize=_FIT)
    )
    return _spec(chart, TYPES)


def contested(rows: Rows, targets: Sequence[str], texts: Texts) -> Any:
    """Return the chart of claims for and against: `target`, `side`, `n`, `signed`, `href`."""
    import altair as alt

    names = _signed(texts)
    marked = [{**row, "mark": f"{SIGNS[row['side']]}{row['n']}"} for row in rows]
    base = alt.Chart(_data(_named(_ranked(marked, "target", targets), "side", names))).encode(
        x=alt.X(
            "signed:Q",
            title=texts("claims"),
            scale=alt.Scale(padding=36),  # room for the numbers beside the bars
            axis=_counts(tickCount=8),
        ),
        y=alt.Y("target:N", sort=_by("target"), title=None, axis=_axis()),
        tooltip=[
            alt.Tooltip("target:N", title=texts("target")),
            alt.Tooltip("side:N", title=texts("stance")),
            alt.Tooltip("n:Q", title=texts("claims")),
        ],
    )
    bars = base.mark_bar(cursor="pointer", cornerRadius=2).encode(
        color=_color("side", [names[side] for side in SIDES[:2]], texts("stance"))
    )
    numbers = [
        base.transform_filter(f"datum.signed {sign} 0")
        .mark_text(style="beside", align=align, dx=dx, cursor="pointer")  # type: ignore[arg-type]
        .encode(text="mark:N")
        for sign, align, dx in ((">", "left", 5), ("<", "right", -5))
    ]
    layered = alt.layer(bars, *numbers).properties(
        width="container", height=28 * len(targets) + 10, autosize=_FIT
    )
    return _spec(layered, SIDES[:2])


def entities(rows: Rows, texts: Texts) -> Any:
    """Return the chart of names by claims that hold them: `entity`, `label`, `n`, `href`."""
    import altair as alt

    chart = (
        alt.Chart(_data(_ranked(rows, "entity", [row["entity"] for row in rows])))
        .mark_bar(cursor="pointer", cornerRadius=2)
        .encode(
            x=alt.X("n:Q", title=texts("claims"), axis=_counts()),
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


def _counts(**more: Any) -> Any:
    import altair as alt

    return alt.Axis(labelExpr=_WHOLE, tickMinStep=1, **more)


def _color(column: str, names: Sequence[str], title: str) -> Any:
    import altair as alt

    return alt.Color(
        f"{column}:N",
        scale=alt.Scale(domain=list(names)),
        legend=alt.Legend(orient="top", title=title, symbolType="square"),
    )


def _signed(texts: Texts) -> dict[str, str]:
    """Return the names of the sides with their signs, for those who see no difference in colour."""
    return {side: f"{SIGNS[side]} {texts(side)}".strip() for side in SIDES}


def _named(
    rows: Iterable[dict[str, Any]], column: str, names: dict[str, str]
) -> list[dict[str, Any]]:
    """Return rows with the names of values in the place of the values."""
    return [{**row, column: names[row[column]]} for row in rows]


def _spec(chart: Any, palette: Sequence[str] = ()) -> dict[str, Any]:
    """Return a chart as the page draws it, with the colours of the page that it takes in turn."""
    spec: dict[str, Any] = chart.to_dict()
    spec.pop("config", None)
    spec["usermeta"] = {"palette": list(palette)}
    return spec
