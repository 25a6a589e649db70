import json
import os
from pathlib import Path

import pytest
from iris_oculus.errors import EngineUnavailable
from scan_to_mesh.segmenters.totalsegmentator.runtime import (
    Deployment,
    inside,
    replaced,
    write_configuration,
)

NNUNET_RESULTS = "nnUNet_results"


def test_the_packages_own_variables_are_read(tmp_path: Path) -> None:
    deployment = Deployment.from_environment(
        {
            "TOTALSEG_HOME_DIR": str(tmp_path / "home"),
            "TOTALSEG_WEIGHTS_PATH": str(tmp_path / "weights"),
            "TOTALSEG_LICENSE_NUMBER": "aca_0123456789abcd",
            "TOTALSEG_NON_COMMERCIAL": "true",
        }
    )
    expected = Deployment(
        tmp_path / "weights", tmp_path / "home", "aca_0123456789abcd", non_commercial=True
    )
    assert deployment == expected


def test_weights_lie_where_the_package_puts_its_downloads(tmp_path: Path) -> None:
    deployment = Deployment.from_environment({"TOTALSEG_HOME_DIR": str(tmp_path)})
    assert deployment.weights_dir == tmp_path / "nnunet" / "results"


def test_a_users_own_set_up_is_left_alone() -> None:
    home = Deployment.from_environment({}).home_dir
    assert home != Path.home() / ".totalsegmentator"
    assert Path.home() in home.parents


def test_usage_statistics_are_off(tmp_path: Path) -> None:
    deployment = Deployment(tmp_path / "weights", tmp_path / "new" / "home", "key")
    write_configuration(deployment)
    written = json.loads((deployment.home_dir / "config.json").read_text())
    assert written["send_usage_stats"] is False
    assert written["license_number"] == "key"


def test_a_home_that_cannot_be_made_is_the_engines_being_unavailable(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(EngineUnavailable, match="cannot be written"):
        write_configuration(Deployment(tmp_path, tmp_path / "file" / "home"))


class Stumbled(Exception):
    pass


def stumble_inside(deployment: Deployment) -> None:
    with inside(deployment):
        weights_dir = str(deployment.weights_dir)
        assert os.environ["TOTALSEG_WEIGHTS_PATH"] == os.environ[NNUNET_RESULTS] == weights_dir
        print("/home/jane/scan.nii.gz")  # noqa: T201 -- as the package does
        raise Stumbled


def test_the_process_is_as_it_was_afterwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TOTALSEG_WEIGHTS_PATH", "before")
    monkeypatch.delenv(NNUNET_RESULTS, raising=False)
    with pytest.raises(Stumbled):
        stumble_inside(Deployment(tmp_path / "weights", tmp_path / "home"))
    assert os.environ["TOTALSEG_WEIGHTS_PATH"] == "before"
    assert NNUNET_RESULTS not in os.environ
    assert capsys.readouterr().out == ""


def stumble_with_another(function: str) -> None:
    with replaced(os, function, lambda: "elsewhere"):
        assert getattr(os, function)() == "elsewhere"
        raise Stumbled


def test_a_replaced_function_comes_back() -> None:
    original = os.getlogin
    with pytest.raises(Stumbled):
        stumble_with_another("getlogin")
    assert os.getlogin is original
