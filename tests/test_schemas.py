from __future__ import annotations

import json

import pytest
from jsonschema import Draft202012Validator, ValidationError

from ronten import schemas
from ronten.errors import UsageError


@pytest.mark.parametrize("name", schemas.DOCUMENTS)
def test_committed_file_is_what_the_data_model_generates(name: str) -> None:
    committed = (schemas.FOLDER / f"{name}.json").read_text(encoding="utf-8")
    assert committed == schemas.schema_text(name), "run `python -m ronten.schemas`"
    Draft202012Validator.check_schema(json.loads(committed))


def test_annotation_schema_tells_good_from_bad() -> None:
    claim = {
        "id": "x:0-2",
        "content": [[0, 2]],
        "holder": "h1",
        "attribution": "direct",
        "type": "fact",
    }
    holders = [{"id": "h1", "name": "山", "kind": "person"}]
    good = {"id": "x", "text": "雨だ", "holders": holders, "claims": [claim]}
    validator = Draft202012Validator(schemas.schema("annotation"))
    validator.validate(good)
    with pytest.raises(ValidationError):
        validator.validate({**good, "claims": [{**claim, "content": []}]})


def test_unknown_document_is_an_error() -> None:
    with pytest.raises(UsageError, match="did you mean 'author'"):
        schemas.schema("autor")
