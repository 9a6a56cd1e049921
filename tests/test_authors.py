from __future__ import annotations

from pathlib import Path

import pytest

from ronten.authors import Author, author_id, authors, holder_rows, read_aliases
from ronten.errors import UsageError
from ronten.store import HolderRow
from ronten.types import Annotation


def row(article: str, id_: str, name: str, kind: str = "person", **values: object) -> HolderRow:
    known = {
        "canonical": name,
        "proper": bool(name),
        "aliases": [],
        "roles": [],
        "members": [],
        **values,
    }
    return HolderRow(article=article, id=id_, name=name, kind=kind, **known)


def identified(rows: list[HolderRow], table: dict[str, str] | None = None) -> list[Author]:
    found, _ = authors(rows, table or {})
    return sorted((a for a in found.values() if a.identified), key=lambda a: a.name)


def test_same_kind_and_name_are_one_author_whatever_the_spacing() -> None:
    (author,) = identified(
        [
            row("1", "h1", "リタ・モーガン"),
            row("2", "h1", "ﾘﾀ モーガン"),
            row("3", "h9", "リタ・モーガン"),
        ]
    )
    assert author.name == "リタ・モーガン"
    assert author.id == author_id("person", "リタモーガン")
    assert author.aliases == ["ﾘﾀ モーガン"]


def test_kinds_stay_apart() -> None:
    assert len(identified([row("1", "h1", "青葉"), row("1", "h2", "青葉", "company")])) == 2


def test_no_merging_on_a_part_of_the_name() -> None:
    rows = [row("1", "h1", "佐伯健", aliases=["佐伯"]), row("2", "h1", "佐伯")]
    assert [a.name for a in identified(rows)] == ["佐伯", "佐伯健"]


def test_an_alias_of_one_author_merges_and_of_two_does_not() -> None:
    one = row("1", "h1", "リタ・モーガン", aliases=["Rita Morgan"])
    alone = row("2", "h1", "Rita Morgan")
    (author,) = identified([alone, one])
    assert (author.name, author.aliases) == ("リタ・モーガン", ["Rita Morgan"])
    other = row("3", "h1", "モーガン商会長", aliases=["Rita Morgan"])
    assert len(identified([one, alone, other])) == 3


def test_names_that_are_aliases_of_each_other_end_in_one() -> None:
    rows = [
        row("1", "h1", "リタ・モーガン", aliases=["Rita Morgan"]),
        row("2", "h1", "Rita Morgan", aliases=["リタ・モーガン"]),
    ]
    assert len(identified(rows)) == 1


def test_alias_table_names_a_role() -> None:
    role = row("1", "h1", "首相", proper=False)
    found, _ = authors([role], {})
    (author,) = found.values()
    assert (author.identified, author.article) == (False, "1")
    spaced = [row(str(n), "h1", "大原 誠") for n in range(2, 5)]
    assert [a.name for a in identified([role, *spaced], {"首相": "大原誠"})] == ["大原誠"]


def test_groups_and_unnamed_writers_live_in_one_article() -> None:
    rows = [
        row("1", "h1", "専門家", "group"),
        row("2", "h1", "専門家", "group"),
        row("1", "h2", "", "article_author"),
        row("1", "h3", "", "unspecified"),
    ]
    found, credits = authors(rows, {})
    assert len(found) == 3
    assert not any(a.identified for a in found.values())
    assert {(c.article, c.holder) for c in credits} == {("1", "h1"), ("2", "h1"), ("1", "h2")}


def test_joint_holder_is_an_author_and_credits_its_members() -> None:
    rows = [
        row("1", "h1", "大原誠、リタ・モーガン", members=["h2", "h3"]),
        row("1", "h2", "大原誠"),
        row("1", "h3", "リタ・モーガン"),
        row("2", "h1", "大原 誠"),
    ]
    found, credits = authors(rows, {})
    joint = next(a for a in found.values() if a.members)
    members = {author_id("person", "大原誠"), author_id("person", "リタモーガン")}
    assert joint.identified
    assert {i for _, i in joint.members} == members
    assert {c.author for c in credits if c.joint} == members
    assert [c.author for c in credits if c.holder == "h1" and c.article == "1" and not c.joint] == [
        joint.id
    ]
    assert len(found) == 3


def test_company_goes_by_the_canonical_name_of_its_entity() -> None:
    annotation = Annotation.model_validate(
        {
            "id": "1",
            "text": "深星は黒字と述べた",
            "holders": [{"id": "h1", "name": "深星", "kind": "company"}],
            "entities": [{"span": [0, 2], "label": "COMPANY", "entity": "DeepStar"}],
        }
    )
    (author,) = identified([*holder_rows(annotation), row("2", "h1", "DeepStar", "company")])
    assert (author.name, author.aliases) == ("DeepStar", ["深星"])


def test_surname_is_not_completed_from_an_entity() -> None:
    annotation = Annotation.model_validate(
        {
            "id": "1",
            "text": "佐伯氏は述べた",
            "holders": [{"id": "h1", "name": "佐伯", "kind": "person"}],
            "entities": [{"span": [0, 2], "label": "PERSON", "entity": "佐伯健"}],
        }
    )
    assert holder_rows(annotation)[0].canonical == "佐伯"


def test_proper_is_taken_from_the_holder_where_it_says_so() -> None:
    annotation = Annotation.model_validate(
        {
            "id": "1",
            "text": "首相",
            "holders": [
                {"id": "h1", "name": "首相", "kind": "person", "proper": False},
                {"id": "h2", "name": "大原", "kind": "person"},
                {"id": "h3", "name": "", "kind": "person"},
            ],
        }
    )
    assert [r.proper for r in holder_rows(annotation)] == [False, True, False]


def test_alias_table_errors_name_file_and_line(tmp_path: Path) -> None:
    path = tmp_path / "aliases.tsv"
    path.write_text("# who is who\n首相\t大原誠\n\n", encoding="utf-8")
    assert read_aliases([path]) == {"首相": "大原誠"}
    path.write_text("首相\t大原誠\n総裁 大原誠\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"aliases\.tsv, line 2: expected alias TAB"):
        read_aliases([path])
    with pytest.raises(UsageError, match="cannot be read"):
        read_aliases([tmp_path / "none.tsv"])
