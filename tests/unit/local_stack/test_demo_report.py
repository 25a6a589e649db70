from typing import Any

from rich.console import Console

from local_stack.demo_report import engine_note, explain_times, structure_table, time_table


def structure(name: str, volume_ml: float, **changes: Any) -> dict[str, Any]:
    mesh = {
        "triangles": 12345,
        "watertight": True,
        "volume_difference_percent": -0.114,
        "deviation_p95_mm": 0.4731,
        "deviation_max_mm": 1.5327,
    }
    made = {"display_name": name, "volume_ml": volume_ml, "mean_hu": 61.4, "truncated": False}
    return made | {"mesh": mesh} | changes


def printed(renderable: Any) -> str:
    console = Console(width=100, record=True, file=None, quiet=False)
    with console.capture() as capture:
        console.print(renderable)
    return capture.get()


def rows(renderable: Any) -> list[list[str]]:
    lines = [line for line in printed(renderable).splitlines() if "│" in line]
    return [[cell.strip() for cell in line.strip("│").split("│")] for line in lines]


def test_structures_come_largest_first_with_their_numbers() -> None:
    table = structure_table([structure("Spleen", 180.04), structure("Liver", 1520.66)])

    assert rows(table) == [
        ["Liver", "1,520.7", "61", "12,345", "-0.11", "0.47/1.53", "yes"],
        ["Spleen", "180.0", "61", "12,345", "-0.11", "0.47/1.53", "yes"],
    ]


def test_doubts_are_visible() -> None:
    table = structure_table(
        [
            structure("Cut off", 3, truncated=True),
            structure("Open", 2, mesh={"triangles": 1, "watertight": False}),
            structure("No mesh", 1, mesh=None, mean_hu=None),
        ]
    )

    assert rows(table) == [
        ["Cut off", "≥ 3.0", "61", "12,345", "-0.11", "0.47/1.53", "yes"],
        ["Open", "2.0", "61", "1", "–", "–", "NO"],
        ["No mesh", "1.0", "–", "–", "–", "–", "–"],
    ]


def test_the_time_is_split_into_the_stages_and_nothing_is_lost() -> None:
    seconds = explain_times(
        {"upload": 1.0, "process": 10.0, "download": 2.0}, {"loading": 1.5, "segmenting": 6.0}
    )

    assert seconds == {
        "upload": 1.0,
        "loading": 1.5,
        "segmenting": 6.0,
        "queue and events": 2.5,
        "download": 2.0,
    }
    assert rows(time_table(seconds))[-1] == ["all", "13.0"]


def test_the_engine_and_its_limits_are_named() -> None:
    text = printed(
        engine_note({"name": "hounsfield", "version": "1", "device": "cpu", "limits": "No organs."})
    )

    assert "hounsfield 1 on cpu" in text
    assert "No organs." in text
