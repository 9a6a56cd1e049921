"""Sorted keys in the files of models."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ronten.key_halves import halves, whole


@given(st.sets(st.integers(0, 2**32 - 1)))
def test_keys_are_read_as_they_were_written(keys):
    told = np.array(sorted(keys), np.uint32)
    counts, lower = halves(told)
    again = whole(counts, lower)
    assert again.dtype == np.uint32
    assert again.tolist() == told.tolist()
    assert counts.nbytes + lower.nbytes == 2 * (1 << 16) + 2 * len(told)
