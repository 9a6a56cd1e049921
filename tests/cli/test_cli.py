from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

from ronten import cli
from ronten.config import Config, load_config

ONE = "大原誠「輸出規制は産業を弱める」と述べた。\n天気は\033[31m晴れだ。"
COMMAND = [sys.executable, "-c", "from ronten.cli import main; main()"]


@pytest.fixture
def ronten(monkeypatch: pytest.MonkeyPatch, extraction: ModuleType, tmp_path: Path) -> object:
    """Run the command line in this process, in an empty folder; returns its exit code."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments: object) -> int:
        monkeypatch.setattr(sys, "argv", ["ronten", *map(str, arguments)])
        with pytest.raises(SystemExit) as stop:
            cli.main()
        return int(stop.value.code or 0)

    return call


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "in" / "a.txt"
    path.parent.mkdir()
    path.write_text(ONE, encoding="utf-8")
    return path


def process(*arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.run(
        [*COMMAND, *arguments], input=stdin, capture_output=True, env=environment, check=False
    )


def test_run_ends_with_a_summary_and_the_path_in_a_pipe(ronten, article, capsys) -> None:
    assert ronten("run", article.parent, "--out", "out") == 0
    printed = capsys.readouterr()
    assert "claims: 2\n" in printed.out
    assert printed.out.endswith("result: out\n")
    assert printed.err == ""


def test_run_as_json_and_quiet(ronten, article, capsys) -> None:
    assert ronten("run", article.parent, "--out", "out", "--json") == 0
    summary = json.loads(capsys.readouterr().out)
    assert (summary["new"], summary["state"]["claims"], summary["exit_code"]) == (1, 2, 0)
    assert ronten("run", article.parent, "--out", "out", "--quiet") == 0
    assert capsys.readouterr() == ("", "")


def test_run_says_where_rejections_are_listed(ronten, article, capsys) -> None:
    (article.parent / "b.txt").write_text("", encoding="utf-8")
    assert ronten("run", article.parent, "--out", "out") == 3
    assert "out/rejected.jsonl" in capsys.readouterr().err


def test_options_reach_the_configuration(ronten, article) -> None:
    Path("ronten.toml").write_text("threshold = 0.5\nmin_confidence = 0.1\n", encoding="utf-8")
    options = ("--threshold", "0.9", "--targets", "輸出規制", "--targets", "電力")
    assert ronten("run", article.parent, "--out", "out", *options) == 0
    settings = json.loads(Path("out/run.json").read_text("utf-8"))["configuration"]
    assert settings["threshold"] == 0.9
    assert settings["min_confidence"] == 0.1
    assert settings["targets"] == ["輸出規制", "電力"]


def test_log_file(ronten, article) -> None:
    (article.parent / "b.txt").write_text("破裂する。", encoding="utf-8")
    assert ronten("run", article.parent, "--out", "out", "--log-file", "log") == 3
    log = Path("log").read_text("utf-8")
    assert "WARNING" in log
    assert "b.txt: RuntimeError" in log
    assert '"new": 2' in log


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("run", "nowhere", "--out", "out"), 2, "no such file or folder: 'nowhere'"),
        (("run", "in", "--out", "out", "--config", "none.toml"), 2, "none.toml"),
        (("run", "in", "--out", "out", "--threshold", "7"), 2, "options: key 'threshold'"),
        (("show", "in"), 2, "no finished run here yet"),
        (("show", "in", "--explain", "x:0-1"), 2, "no finished run here yet"),
        (("extract", "in/a.txt", "--out", "in/a.txt"), 2, "would be overwritten"),
        (("extract", "in/a.txt", "--out", "in"), 2, "is a folder; name a file"),
        (("extract", "in", "--out", "in/x.jsonl"), 2, "lies inside the input 'in'"),
        (("extract", "in", "--out", "in/a.txt/x"), 2, "lies inside the input 'in'"),
        (("extract", "-", "--out", "in/a.txt/x"), 2, "in/a.txt"),
        (("run", "in", "--out", "out", "--log-file", "in"), 2, "--log-file in: cannot be written"),
        (("config", "--config", "none.toml"), 2, "none.toml"),
        (("schema", "autor"), 2, "did you mean 'author'"),
    ],
)
def test_errors_are_one_message(ronten, article, capsys, arguments, code, message) -> None:
    assert ronten(*arguments) == code
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("error: ")
    assert message in printed.err
    assert printed.err.count("\n") == 1


def test_wrong_option_is_a_usage_error(ronten) -> None:
    assert ronten("run", "in", "--outt", "out") == 2
    assert ronten("run", "in") == 2


def test_extract_prints_annotations_and_rejections_apart(ronten, article, capsys) -> None:
    (article.parent / "b.txt").write_text("", encoding="utf-8")
    (article.parent / "c.txt").write_text(ONE, encoding="utf-8")
    assert ronten("extract", article.parent) == 3
    printed = capsys.readouterr()
    (annotation,) = (json.loads(line) for line in printed.out.splitlines())
    assert annotation["text"] == ONE
    assert len(annotation["claims"]) == 2
    reasons = [json.loads(line)["reason"] for line in printed.err.splitlines()]
    assert reasons == ["empty", "duplicate"]


def test_extract_keeps_input_order_and_writes_files(ronten, article, capsys) -> None:
    names = ["z.txt", "y.txt"]
    for name in names:
        (article.parent / name).write_text(f"{name}の話だ。", encoding="utf-8")
    assert ronten("extract", *(article.parent / n for n in names), "--out", "x.jsonl") == 0
    lines = Path("x.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["text"][:5] for line in lines] == names
    assert capsys.readouterr().out == ""


def test_show(ronten, article, capsys) -> None:
    ronten("run", article.parent, "--out", "out", "--quiet")
    assert ronten("show", "out") == 0
    _, author = capsys.readouterr().out.splitlines()
    assert author.split("\t")[:3] == ["大原誠", "person", "1"]
    assert ronten("show", "out", "--author", "大原") == 0
    printed = capsys.readouterr().out
    assert "「輸出規制は産業を弱める」" in printed
    claim = printed.split()[-1]
    assert ronten("show", "out", "--explain", claim) == 0
    printed = capsys.readouterr().out
    assert "sentence\t大原誠「【輸出規制は産業を弱める】」と述べた。" in printed
    assert "rule\tquote" in printed
    assert "position\tp-" in printed
    assert "models\tclaims, holders, confidence, types, checkworthiness" in printed
    assert "asked in doubt\tencoder, holders_encoder, types_encoder" in printed
    assert ronten("show", "out", "--positions") == 0
    printed = capsys.readouterr().out
    assert len(printed.splitlines()) == 3
    assert "\033" not in printed
    assert ronten("show", "out", "--author", "佐伯") == 2
    assert ronten("show", "out", "--explain", "x:0-1") == 2
    assert "no claim 'x:0-1'" in capsys.readouterr().err
    ronten("run", article.parent, "--out", "out", "--quiet", "--no-encoder")
    assert ronten("show", "out", "--explain", claim) == 0
    assert "encoder" not in capsys.readouterr().out


def test_query_prints_claims_that_meet_filters(ronten, article, capsys) -> None:
    ronten("run", article.parent, "--out", "out", "--quiet")
    assert ronten("query", "out", "--author", "大原") == 0
    (claim,) = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert (claim["author_name"], claim["text"]) == ("大原誠", "輸出規制は産業を弱める")
    assert ronten("query", "out", "--type", "interpretation", "--limit", "1") == 0
    assert len(capsys.readouterr().out.splitlines()) == 1
    assert ronten("query", "out", "--author", "大原", "--format", "table") == 0
    header, row = capsys.readouterr().out.splitlines()
    assert header.split("\t") == ["published", "author_name", "type", "text", "id"]
    assert row.split("\t")[3] == "輸出規制は産業を弱める"
    assert ronten("query", "out", "--since", "2025") == 0
    assert capsys.readouterr() == ("", "")


def test_query_takes_sql(ronten, article, capsys) -> None:
    ronten("run", article.parent, "--out", "out", "--quiet")
    counted = "SELECT type, count(*) AS n, [text] AS t FROM claims WHERE identified GROUP BY ALL"
    assert ronten("query", "out", counted) == 0
    found = json.loads(capsys.readouterr().out)
    assert found == {"type": "interpretation", "n": 1, "t": ["輸出規制は産業を弱める"]}
    assert ronten("query", "out", counted, "--format", "csv") == 0
    printed = capsys.readouterr().out
    assert printed == '\ufefftype,n,t\r\ninterpretation,1,"[""輸出規制は産業を弱める""]"\r\n'
    assert (
        ronten("query", "out", "SELECT 1 AS a, 2 AS a, '\033[31m' AS b", "--format", "table") == 0
    )
    assert capsys.readouterr().out == "a\ta_1\tb\n1\t2\t[31m\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "give either SQL or filters"),
        (("SELECT 1", "--author", "大原"), "give either SQL or filters"),
        (("SELEC 1",), 'SQL: Parser Error: syntax error at or near "SELEC"'),
        (("DROP VIEW claims",), "SQL: not one SELECT"),
        (("SELECT * FROM read_text('out/run.json')",), "SQL: Permission Error"),
        (("SELECT error('late') FROM claims",), "SQL: Invalid Input Error: late"),
        (("--author", "佐伯"), "out: no author '佐伯'"),
        (("--stance", "favor"), "--stance: a side on what?"),
        (("--since", "soon"), "--since soon: give a date"),
    ],
)
def test_query_errors_are_one_message(ronten, article, capsys, arguments, message) -> None:
    ronten("run", article.parent, "--out", "out", "--quiet")
    assert ronten("query", "out", *arguments) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith(f"error: {message}")
    assert printed.err.count("\n") == 1


def test_query_help_lists_every_column(ronten, capsys) -> None:
    from ronten.tables import TABLES

    assert ronten("query", "--help") == 0
    printed = capsys.readouterr().out
    for table in TABLES.values():
        assert f"{table.name}:" in printed
        for column in table.columns:
            assert re.search(rf"\b{column.name}\b", printed)


@pytest.mark.parametrize("format_", ["jsonl", "parquet", "csv", "huggingface"])
def test_export(ronten, article, capsys, format_) -> None:
    ronten("run", article.parent, "--out", "out", "--quiet")
    assert ronten("export", "out", "--format", format_, "--out", "tables") == 0
    printed = capsys.readouterr()
    assert "claims\t2\n" in printed.out
    assert printed.err == "result: tables\n"
    assert json.loads(Path("tables/export.json").read_text("utf-8"))["format"] == format_
    assert ronten("export", "out", "--format", format_, "--out", "in") == 2
    assert "in: holds what no export wrote (a.txt); name another folder" in capsys.readouterr().err


def test_status(ronten, article, capsys) -> None:
    ronten("run", article.parent, "--out", "out", "--quiet")
    assert ronten("status", "out") == 0
    printed = capsys.readouterr().out
    assert "claims\t2\n" in printed
    assert "files\tup to date\n" in printed
    assert ronten("status", "out", "--json") == 0
    assert json.loads(capsys.readouterr().out)["up_to_date"] is True
    assert ronten("status", "in") == 2
    assert "no finished run here yet" in capsys.readouterr().err


def test_schema_and_models(ronten, capsys) -> None:
    assert ronten("schema", "author") == 0
    assert json.loads(capsys.readouterr().out)["title"] == "AuthorPositions"
    assert ronten("models") == 0
    assert "embedding\t" in capsys.readouterr().out


def test_config_prints_a_file_that_can_be_read_back(ronten, capsys, tmp_path) -> None:
    assert ronten("config") == 0
    printed = capsys.readouterr().out
    assert set(Config.model_fields) == {
        line.removeprefix("# ").split(" = ")[0] for line in printed.splitlines() if " = " in line
    }
    path = tmp_path / "printed.toml"
    path.write_text(printed, encoding="utf-8")
    assert load_config(path) == Config()
    path.write_text('threshold = 0.5\nembedding = "some/model"\n', encoding="utf-8")
    assert ronten("config", "--show", "--config", path) == 0
    shown = tomllib.loads(capsys.readouterr().out)
    assert (shown["threshold"], shown["embedding"]) == (0.5, "some/model")


def test_help_is_quick_and_version_is_printed() -> None:
    started = time.perf_counter()
    assert process("--help").returncode == 0
    assert time.perf_counter() - started < 2  # 0.2 s here; heavy imports take more than 3
    assert process("--version").stdout.startswith(b"ronten ")


def test_help_imports_nothing_heavy() -> None:
    code = "import sys, ronten.cli; print({'spacy', 'torch', 'duckdb', 'numpy'} & set(sys.modules))"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    printed = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, env=environment, check=True
    )
    assert printed.stdout == b"set()\n"


def test_interrupt_leaves_with_130(ronten, article, extraction, monkeypatch, capsys) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(extraction, "annotate", interrupted)
    assert ronten("run", article.parent, "--out", "out") == 130
    assert "Traceback" not in capsys.readouterr().err


def test_a_locked_folder_is_exit_4(ronten, article, capsys) -> None:
    from ronten.store import Store

    with Store.open(Path("out")):
        assert ronten("run", article.parent, "--out", "out") == 4
    assert "locked by process" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["index.json", "authors/*.json", "anonymous.jsonl"])
def test_a_damaged_file_of_the_output_is_named(ronten, article, capsys, name: str) -> None:
    ronten("run", article.parent, "--out", "out", "--quiet")
    (path,) = Path("out").glob(name)
    path.write_text("{", encoding="utf-8")
    assert ronten("show", "out", "--positions") == 2
    printed = capsys.readouterr()
    assert printed.err.startswith(f"error: {path}: missing or damaged")
    assert printed.err.count("\n") == 1


@pytest.mark.parametrize("command", [("config",), ("schema",), ("--help",)])
def test_a_reader_that_leaves_early_is_no_error(command: tuple[str, ...]) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    read_end, write_end = os.pipe()
    os.close(read_end)
    with os.fdopen(write_end, "wb") as closed:
        done = subprocess.run(
            [*COMMAND, *command],
            stdout=closed,
            stderr=subprocess.PIPE,
            env=environment,
            check=False,
        )
    assert (done.returncode, done.stderr) == (0, b"")
