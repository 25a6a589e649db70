import pytest
from scan_to_mesh.segmenters import SEGMENTERS, check_engine
from scan_to_mesh.settings import ContainerSettings, InvalidEnvironment


def test_everything_is_read() -> None:
    settings = ContainerSettings.from_environment(
        {
            "ENGINE": "totalsegmentator",
            "ALLOW_WEIGHTS_DOWNLOAD": "true",
            "BIND_TO_HOST": "127.0.0.1",
            "SAGEMAKER_BIND_TO_PORT": "9000",
            "INSTANCE_TYPE": "ml.g6.xlarge",
        }
    )
    assert settings == ContainerSettings(
        "totalsegmentator",
        allow_weights_download=True,
        host="127.0.0.1",
        port=9000,
        instance_type="ml.g6.xlarge",
    )


def test_weights_are_not_downloaded_unless_told_and_the_port_is_sagemakers() -> None:
    assert ContainerSettings.from_environment({"ENGINE": "hounsfield"}) == ContainerSettings(
        "hounsfield", allow_weights_download=False, host="0.0.0.0", port=8080
    )


def test_no_engine_is_chosen_for_a_container_that_was_told_none() -> None:
    with pytest.raises(InvalidEnvironment, match="ENGINE"):
        ContainerSettings.from_environment({})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ALLOW_WEIGHTS_DOWNLOAD", "perhaps"),
        ("SAGEMAKER_BIND_TO_PORT", "http"),
        ("SAGEMAKER_BIND_TO_PORT", "65536"),
    ],
)
def test_a_value_that_cannot_be_understood_is_named(name: str, value: str) -> None:
    with pytest.raises(InvalidEnvironment, match=name):
        ContainerSettings.from_environment({"ENGINE": "hounsfield", name: value})


def test_an_engine_that_does_not_exist_is_refused_with_those_that_do() -> None:
    with pytest.raises(InvalidEnvironment, match="hounsfield, totalsegmentator"):
        check_engine("houndsfield")
    assert set(SEGMENTERS) == {"hounsfield", "totalsegmentator"}
