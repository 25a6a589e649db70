import ast

import pytest

from tests.benchmarks.meshing.ways import WAYS, Way
from tests.conftest import REPOSITORY


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
def test_every_way_has_its_function_and_its_environment(way: Way) -> None:
    module, function = way.entry.split(":")
    # Not imported: other projects' libraries are in an environment of their own.
    source = (REPOSITORY / module.replace(".", "/")).with_suffix(".py").read_text(encoding="utf-8")
    statements = ast.parse(source).body
    defined = {each.name for each in statements if isinstance(each, ast.FunctionDef)}
    assigned = {
        target.id
        for each in statements
        if isinstance(each, ast.Assign)
        for target in each.targets
        if isinstance(target, ast.Name)
    }

    assert function in defined | assigned
    assert (REPOSITORY / "requirements" / f"{way.environment}.txt").exists()
    assert way.ours == (way.environment == "dev")


def test_names_are_unique() -> None:
    assert len({way.name for way in WAYS}) == len(WAYS)
    assert {way.same_meshes_as for way in WAYS} - {""} <= {way.name for way in WAYS}
