"""torch stays out of processes that are ours alone, and only out of those."""

import subprocess
import sys


def printed(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_our_own_process_reads_without_torch() -> None:
    code = (
        "import sys; from ronten import lean; lean.own_process()\n"
        "import ronten; ronten.load()\n"
        "print('torch' in sys.modules)\n"
        "import torch; print(torch.ones(2).sum().item())"
    )
    assert printed(code).split() == ["False", "2.0"]


def test_a_program_of_others_keeps_its_torch() -> None:
    code = (
        "import sys; from ronten import lean; lean.import_spacy(); print('thinc' in sys.modules)\n"
        "import thinc.compat; print(thinc.compat.has_torch)"
    )
    assert printed(code).split() == ["False", "True"]
