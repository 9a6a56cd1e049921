"""torch stays out of processes that have no use for it."""

import subprocess
import sys


def printed(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_reading_does_without_torch() -> None:
    code = (
        "import sys, ronten; ronten.load(); print('torch' in sys.modules)\n"
        "import torch; print(torch.ones(2).sum().item())"
    )
    assert printed(code).split() == ["False", "2.0"]


def test_a_program_with_spacy_keeps_its_torch() -> None:
    code = "import spacy, ronten; ronten.load()\nimport thinc.compat; print(thinc.compat.has_torch)"
    assert printed(code) == "True"


def test_a_program_with_torch_keeps_it() -> None:
    code = "import torch, ronten; ronten.load()\nimport thinc.compat; print(thinc.compat.has_torch)"
    assert printed(code) == "True"
