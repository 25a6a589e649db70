"""Draw lines over categories as an SVG: a few dozen lines instead of a plotting library."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 420, 300
LEFT, RIGHT, TOP, BOTTOM = 56, 16, 40, 64
COLOURS = ("#0b6e99", "#c2571a", "#4d7c0f", "#7c3aed")


@dataclass(frozen=True)
class Line:
    """One line; a value for each category."""

    name: str
    values: tuple[float, ...]


@dataclass(frozen=True)
class Panel:
    """One chart.

    Attributes
    ----------
    title : str
        Says what is drawn, with its unit.
    categories : tuple of str
    axis : str
        What the categories are.
    lines : tuple of Line
    """

    title: str
    categories: tuple[str, ...]
    axis: str
    lines: tuple[Line, ...]


def chart(panels: Sequence[Panel]) -> str:
    """SVG text of the panels, side by side."""
    width = WIDTH * len(panels)
    body = "".join(
        f'<g transform="translate({number * WIDTH} 0)">{_panel(panel)}</g>\n'
        for number, panel in enumerate(panels)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {HEIGHT}"'
        f' font-family="sans-serif" font-size="12">\n'
        f'<rect width="{width}" height="{HEIGHT}" fill="#ffffff"/>\n{body}</svg>\n'
    )


def _panel(panel: Panel) -> str:
    top = _ceiling(max(max(line.values) for line in panel.lines))
    parts = [_text(LEFT, 20, panel.title, bold=True)]
    for step in range(5):
        value = top * step / 4
        y = _y(value, top)
        parts.append(
            f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="#dddddd"/>'
        )
        parts.append(_text(LEFT - 6, y + 4, f"{value:g}", anchor="end"))
    for index, category in enumerate(panel.categories):
        parts.append(_text(_x(index, panel), HEIGHT - BOTTOM + 16, category, anchor="middle"))
    parts.append(_text(WIDTH - RIGHT, HEIGHT - BOTTOM + 32, panel.axis, anchor="end"))
    for number, line in enumerate(panel.lines):
        parts.append(_line(panel, number, line, top))
    return "\n".join(parts)


def _line(panel: Panel, number: int, line: Line, top: float) -> str:
    colour = COLOURS[number]
    points = " ".join(
        f"{_x(index, panel):.1f},{_y(value, top):.1f}" for index, value in enumerate(line.values)
    )
    x = LEFT + number * (WIDTH - LEFT) / len(panel.lines)
    return (
        f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>'
        f'<rect x="{x:.1f}" y="{HEIGHT - 20}" width="10" height="10" fill="{colour}"/>'
        + _text(x + 14, HEIGHT - 11, line.name)
    )


def _x(index: int, panel: Panel) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * (index + 0.5) / len(panel.categories)


def _y(value: float, top: float) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / top


def _ceiling(value: float) -> float:
    """The next of 1, 2, 4, 8 times a power of ten: quarters of it are short numbers."""
    power = 10.0 ** (len(f"{value:.0f}") - 1) if value >= 1 else 0.01
    while power * 8 < value:
        power *= 10
    return next(power * factor for factor in (1, 2, 4, 8, 10) if power * factor >= value)


def _text(x: float, y: float, text: str, *, anchor: str = "start", bold: bool = False) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{weight}>{text}</text>'
