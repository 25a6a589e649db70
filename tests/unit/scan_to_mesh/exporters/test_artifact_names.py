import pytest
from iris_oculus.structures import catalogue
from scan_to_mesh.exporters.artifact_names import require_artifact_name, structure_file_name


@pytest.mark.parametrize("engine", ["totalsegmentator", "hounsfield"])
def test_every_structure_of_the_catalogue_names_its_file(engine: str) -> None:
    for task in catalogue(engine).values():
        for structure in task.structures:
            assert structure_file_name(structure.name, "stl") == f"{structure.name}.stl"


@pytest.mark.parametrize(
    "name", ["", ".", "../liver", "a/b", "a b", "a\n", "-liver", "li.ver", "żołądek", "x" * 81]
)
def test_a_name_is_refused_rather_than_changed(name: str) -> None:
    with pytest.raises(ValueError, match="artifact's name"):
        structure_file_name(name, "stl")


@pytest.mark.parametrize("name", ["model", "Model", "preview", "segmentation"])
def test_a_structure_cannot_take_the_name_of_the_whole(name: str) -> None:
    with pytest.raises(ValueError, match="whole model"):
        structure_file_name(name, "obj")


@pytest.mark.parametrize("name", ["model.web.glb", "segmentation.nii.gz", "lung_left.stl"])
def test_flat_names_pass(name: str) -> None:
    assert require_artifact_name(name) == name


@pytest.mark.parametrize(
    "name", ["liver", "a/b.stl", "..stl", ".stl", "a.stl\n", "a.stl/", "a.b.c.d"]
)
def test_other_names_do_not(name: str) -> None:
    with pytest.raises(ValueError, match="flat artifact name"):
        require_artifact_name(name)
