"""`ronten models`: what is installed."""

from __future__ import annotations

from ronten.cli.tables import print_table


def command() -> None:
    """List the models that are installed, with their scores, and check their files."""
    from ronten.models import available

    print_table(
        ("model", "version", "MB", "scores", "state", "path"),
        [
            (
                info.name,
                info.version,
                f"{info.size / 1e6:.1f}",
                ", ".join(f"{name} {score}" for name, score in info.scores.items()),
                info.problem or "ok",
                str(info.path),
            )
            for info in available()
        ],
    )
