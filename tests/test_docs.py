"""The command line, the configuration and the tables are documented in docs/formats.md."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest
import typer
from typer.core import TyperCommand

from ronten.cli import app
from ronten.config import Config
from ronten.errors import Exit, Reason
from ronten.store import FILE_NAME, Store
from ronten.tables import TABLES, Table

FORMATS = (Path(__file__).parents[1] / "docs" / "formats.md").read_text(encoding="utf-8")
GROUP = typer.main.get_command(app)
COMMANDS: dict[str, TyperCommand] = GROUP.commands


def section(title: str) -> str:
    found = re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", FORMATS, re.M | re.S)
    assert found, f"docs/formats.md has no section '{title}'"
    return found[1]


@pytest.mark.parametrize("name", COMMANDS)
def test_command_has_help_and_is_documented(name: str) -> None:
    command = COMMANDS[name]
    documented = re.search(rf"^### `ronten {name}.*?(?=^### |\Z)", section("Commands"), re.M | re.S)
    assert documented, f"`ronten {name}` is missing from docs/formats.md"
    assert command.help
    for parameter in command.params:
        if parameter.name == "help":
            continue
        assert parameter.help, f"{name}: {parameter.name} has no help"
        for option in parameter.opts:
            if option.startswith("--"):
                assert f"`{option}" in documented[0], f"{name} {option} is not documented"


def test_no_command_is_documented_that_does_not_exist() -> None:
    documented = set(re.findall(r"^### `ronten (\w+)", section("Commands"), re.M))
    assert documented == set(COMMANDS)


def test_every_key_is_documented() -> None:
    for key, field in Config.model_fields.items():
        assert field.description
        assert f"`{key}`" in section("Configuration")


def test_every_exit_code_and_reason_is_documented() -> None:
    for code in Exit:
        assert re.search(rf"^\| {code.value} \|", section("Exit codes"), re.M)
    for reason in Reason:
        assert f"`{reason.value}`" in section("Input")


def test_every_column_of_the_dataset_is_documented(tmp_path: Path) -> None:
    with Store.open(tmp_path):
        pass
    with duckdb.connect(tmp_path / FILE_NAME, read_only=True) as connection:
        columns = connection.execute(
            "SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal ORDER BY ALL"
        ).fetchall()
    tables = section("Dataset")
    for table, column in columns:
        line = re.search(rf"^\| `{table}` \|.*$", tables, re.M)
        assert line, f"table {table} is not documented"
        assert f"`{column}`" in line[0], f"{table}.{column} is not documented"


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_every_column_of_the_public_tables_is_documented(table: Table) -> None:
    documented = re.search(rf"^### `{table.name}`\n(.*?)(?=^##)", section("Tables"), re.M | re.S)
    assert documented, f"table {table.name} is not documented"
    rows = re.findall(r"^\| `(\w+)` \| (\S+) \| (.*) \|$", documented[1], re.M)
    assert rows == list(map(tuple, table.columns))
    assert table.description in documented[1]
