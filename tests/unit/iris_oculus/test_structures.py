import importlib.util
import json
import subprocess
import sys
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
import pytest
from iris_oculus.structures import Structure, Task, catalogue

ROOT = Path(__file__).resolve().parents[3]
BODY_SYSTEMS = {
    "cardiovascular",
    "digestive",
    "endocrine",
    "integumentary",
    "lymphatic",
    "muscular",
    "nervous",
    "other",
    "reproductive",
    "respiratory",
    "skeletal",
    "soft_tissue",
    "urinary",
}
ALL_TASKS = [
    pytest.param(task, id=f"{engine}-{name}")
    for engine in ("totalsegmentator", "hounsfield")
    for name, task in catalogue(engine).items()
]
TOTAL = {
    structure.name: structure for structure in catalogue("totalsegmentator")["total"].structures
}
SIDES = ("left", "right")
SPINE = [
    f"vertebrae_{part}{n}"
    for part, last in (("C", 7), ("T", 12), ("L", 5))
    for n in range(1, last + 1)
]


def test_an_unknown_engine_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        catalogue("crystal_ball")


@pytest.mark.parametrize("task", ALL_TASKS)
def test_structures_of_a_task_can_be_told_apart(task: Task) -> None:
    structures = task.structures
    assert structures
    for attribute in ("name", "label_value", "display_name"):
        assert len({getattr(structure, attribute) for structure in structures}) == len(structures)


@pytest.mark.parametrize("task", ALL_TASKS)
def test_values_are_those_that_the_rest_relies_on(task: Task) -> None:
    assert task.modality in {"CT", "MR"}
    assert task.licence in {"open", "commercial", "non_commercial"}
    assert task.description.endswith(".")
    for structure in task.structures:
        assert 1 <= structure.label_value <= 255
        assert structure.name.replace("_", "").isalnum()
        assert structure.body_system in BODY_SYSTEMS
        assert all(0 <= part <= 255 for part in structure.color_rgb)
        assert (structure.snomed_code is None) == (structure.snomed_meaning is None)
        assert structure.snomed_code is None or structure.snomed_code.isdigit()
        assert structure.display_name[0].isupper()


@pytest.mark.parametrize("task", ALL_TASKS)
def test_no_two_structures_of_a_task_share_a_colour(task: Task) -> None:
    colors = [structure.color_rgb for structure in task.structures]
    assert len(set(colors)) == len(colors)


def test_colours_that_we_chose_are_well_apart() -> None:
    chosen = [
        structure.color_rgb
        for structure in catalogue("totalsegmentator")["teeth"].structures
        if structure.snomed_code is None
    ]
    closest = min(
        sum((a - b) ** 2 for a, b in zip(one, other, strict=True)) ** 0.5
        for one, other in combinations(chosen, 2)
    )
    assert len(chosen) == 77
    assert closest >= 24


def _of_body_system(name: str) -> list[tuple[int, int, int]]:
    return [each.color_rgb for each in TOTAL.values() if each.body_system == name]


def test_colours_are_those_of_atlases() -> None:
    bones = [
        structure.color_rgb
        for structure in TOTAL.values()
        if structure.body_system == "skeletal" and structure.name != "costal_cartilages"
    ]
    assert len(bones) == 62
    for red, green, blue in bones:  # ivory
        assert 150 < red <= 255
        assert 0.8 * red < green < red
        assert 0.65 * red < blue < green
    for name, (red, green, blue) in {each.name: each.color_rgb for each in TOTAL.values()}.items():
        if "artery" in name or name in {"aorta", "brachiocephalic_trunk", "heart", "liver"}:
            assert red > 1.8 * max(green, blue)
        if name.endswith("vena_cava") or "iliac_vena" in name or "brachiocephalic_vein" in name:
            assert blue > 1.5 * max(red, green)
        if name.startswith("lung_"):
            assert red > max(green, blue) >= 0.55 * red
    assert all(red > max(green, blue) for red, green, blue in _of_body_system("muscular"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("liver", "kidney_right"),
        ("liver", "gallbladder"),
        ("liver", "stomach"),
        ("spleen", "kidney_left"),
        ("spleen", "stomach"),
        ("stomach", "pancreas"),
        ("stomach", "colon"),
        ("adrenal_gland_left", "pancreas"),
        ("pancreas", "colon"),
        ("duodenum", "pancreas"),
        ("small_bowel", "colon"),
        ("small_bowel", "duodenum"),
        ("kidney_right", "adrenal_gland_right"),
        ("aorta", "inferior_vena_cava"),
        ("aorta", "heart"),
        ("heart", "pulmonary_vein"),
        ("heart", "atrial_appendage_left"),
        ("inferior_vena_cava", "portal_vein_and_splenic_vein"),
        ("lung_upper_lobe_left", "lung_lower_lobe_left"),
        ("lung_upper_lobe_right", "lung_middle_lobe_right"),
        ("lung_middle_lobe_right", "lung_lower_lobe_right"),
        ("iliac_artery_left", "iliac_vena_left"),
        ("sacrum", "hip_left"),
        ("sacrum", "hip_right"),
        ("sternum", "costal_cartilages"),
        *((f"rib_{side}_{n}", f"rib_{side}_{n + 1}") for side in SIDES for n in range(1, 12)),
        *pairwise(SPINE),
    ],
)
def test_neighbours_can_be_told_apart(one: str, other: str) -> None:
    difference = np.subtract(TOTAL[one].color_rgb, TOTAL[other].color_rgb)
    assert np.linalg.norm(difference) >= 30


def test_total_is_the_whole_of_totalsegmentators_main_task() -> None:
    task = catalogue("totalsegmentator")["total"]
    assert [structure.label_value for structure in task.structures] == list(range(1, 118))
    assert (task.modality, task.licence, task.has_fast) == ("CT", "open", True)
    assert all(structure.snomed_code for structure in task.structures)


@pytest.mark.parametrize(
    ("name", "label_value", "display_name", "body_system", "snomed_code"),
    [
        ("spleen", 1, "Spleen", "lymphatic", "78961009"),
        ("liver", 5, "Liver", "digestive", "10200004"),
        ("adrenal_gland_left", 9, "Left adrenal gland", "endocrine", "23451007"),
        ("lung_upper_lobe_left", 10, "Left upper lobe of lung", "respiratory", "45653009"),
        ("vertebrae_T12", 32, "T12 vertebra", "skeletal", "23215003"),
        ("heart", 51, "Heart", "cardiovascular", "80891009"),
        ("iliac_vena_right", 68, "Right common iliac vein", "cardiovascular", "46027005"),
        ("gluteus_minimus_left", 84, "Left gluteus minimus", "muscular", "75297007"),
        ("rib_right_12", 115, "Right rib 12", "skeletal", "43993008"),
    ],
)
def test_known_structures(
    name: str, label_value: int, display_name: str, body_system: str, snomed_code: str
) -> None:
    structure = TOTAL[name]
    assert structure.label_value == label_value
    assert structure.display_name == display_name
    assert structure.body_system == body_system
    assert structure.snomed_code == snomed_code


@pytest.mark.parametrize("task", ALL_TASKS)
def test_left_and_right_are_pairs_that_differ_in_nothing_else(task: Task) -> None:
    by_name = {structure.name: structure for structure in task.structures}
    for name, left in by_name.items():
        words = name.split("_")
        if "left" not in words:
            continue
        assert "left" in left.display_name.lower()
        assert "right" not in left.display_name.lower()
        mirrored = "_".join("right" if word == "left" else word for word in words)
        if mirrored in by_name:
            _assert_mirror_images(left, by_name[mirrored])


def _assert_mirror_images(left: Structure, right: Structure) -> None:
    as_right = left.display_name.replace("Left", "Right").replace("left", "right")
    assert right.display_name == as_right
    assert right.body_system == left.body_system


def test_what_needs_a_licence_says_so() -> None:
    tasks = catalogue("totalsegmentator")
    assert tasks["heartchambers_highres"].licence == "commercial"
    assert tasks["brain_aneurysm"].licence == "non_commercial"
    assert tasks["total_mr"].licence == "open"
    assert tasks["total_mr"].modality == "MR"
    assert not tasks["lung_vessels"].has_fast


def test_the_embedded_engines_part_is_current() -> None:
    source = json.loads((ROOT / "scripts/catalogue/hounsfield.json").read_text(encoding="utf-8"))
    committed = json.loads(
        (ROOT / "layers/iris_oculus/python/iris_oculus/data/catalogue.json").read_text(
            encoding="utf-8"
        )
    )
    assert committed["engines"]["hounsfield"] == source


@pytest.mark.skipif(
    importlib.util.find_spec("totalsegmentator") is None,
    reason="needs TotalSegmentator: run by `make test-totalsegmentator`",
)
def test_the_catalogue_is_what_the_installed_totalsegmentator_says() -> None:
    script = ROOT / "scripts/generate_catalogue.py"
    done = subprocess.run([sys.executable, script, "--check"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
