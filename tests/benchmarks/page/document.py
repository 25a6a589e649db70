"""docs/PERFORMANCE.md."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tests.benchmarks.page.inputs import Inputs, Stored
from tests.benchmarks.page.runs import Figures, Network
from tests.built_page import LIMIT_BYTES, Script

FRAME_LIMIT_MS = 50.0
MODEL_LIMIT_MS = 1000.0


@dataclass(frozen=True)
class Found:
    """All that was measured; medians of the repetitions."""

    inputs: Inputs
    repetitions: int
    plain: Sequence[Figures]
    model: Sequence[Figures]
    slices: Sequence[Figures]
    network: Network
    plain_by_network: Sequence[Figures]
    model_by_network: Sequence[Figures]
    first_load: Sequence[Script]
    other_scripts: Sequence[Script]
    drawn_by: str
    processors: int
    load: tuple[float, float]
    """Processes that ran or waited in the last minute, before and after."""


@dataclass(frozen=True)
class _Spread:
    """Of one figure over the repetitions."""

    median: float
    fastest: float

    def cell(self) -> str:
        return f"{self.median:.0f} ({self.fastest:.0f})"

    def within(self, limit: float) -> str:
        """Whether a bar is met."""
        if self.median <= limit:
            return "yes"
        return "when undisturbed" if self.fastest <= limit else "no"


def _spread(runs: Sequence[Figures], name: str) -> _Spread:
    values = sorted(run[name] for run in runs)
    fastest = min(run.get(f"{name}_fastest", run[name]) for run in runs)
    return _Spread(values[len(values) // 2], fastest)


def _megabytes(files: Sequence[Stored], packed: bool) -> float:
    return sum(each.gzip_bytes if packed else each.size_bytes for each in files) / 1e6


def _row(*cells: str) -> str:
    return "| " + " | ".join(cells) + " |"


def _comparison(found: Found) -> Iterator[str]:
    inputs = found.inputs
    model = inputs.ours[:1]
    plain_sent, sent = _megabytes(inputs.obj, packed=True), _megabytes(model, packed=False)
    stored, own = _megabytes(inputs.obj, packed=False), sent
    yield _row("files", f"{len(inputs.obj)}", "1", "")
    yield _row("MB stored", f"{stored:.1f}", f"{own:.1f}", f"{stored / own:.1f}")
    yield _row("MB sent", f"{plain_sent:.1f}", f"{sent:.1f}", f"{plain_sent / sent:.1f}")
    timed = {
        "ms from the last byte's arrival to the first picture": "arrived_to_picture",
        "ms from the first request to the first picture": "asked_to_picture",
    }
    for title, name in timed.items():
        yield _compared(title, _spread(found.plain, name), _spread(found.model, name))
    line = f"{found.network.megabits_per_s:.0f} Mbit/s, {found.network.latency_ms:.0f} ms away"
    yield _compared(
        f"the same, {line}",
        _spread(found.plain_by_network, "asked_to_picture"),
        _spread(found.model_by_network, "asked_to_picture"),
    )
    drawn = {
        "ms a frame while the camera turns": "turn",
        "ms for the picture at rest": "rest",
        "ms a frame when a structure is switched on or off": "toggle",
    }
    for title, name in drawn.items():
        yield _compared(title, _spread(found.plain, name), _spread(found.model, name))
    for title, name in {"turns": "turn_cpu", "switches": "toggle_cpu"}.items():
        yield _whole(found, f"CPU ms of the browser for each frame that {title}", name)
    yield _whole(found, "draw calls", "draw_calls")
    yield _whole(found, "MB of JavaScript's memory", "heap_mb")
    yield _whole(found, "MB of graphics memory", "graphics_mb")


def _compared(title: str, plain: _Spread, ours: _Spread) -> str:
    return _row(title, plain.cell(), ours.cell(), f"{plain.median / ours.median:.1f}")


def _whole(found: Found, title: str, name: str) -> str:
    plain, ours = _spread(found.plain, name).median, _spread(found.model, name).median
    return _row(title, f"{plain:.0f}", f"{ours:.0f}", f"{plain / ours:.1f}")


SLICE_ROWS: Mapping[str, str] = {
    "crosshair dragged over one slice: the two others": "crosshair",
    "crosshair moved through space: all three slices": "crosshair_all",
    "a structure switched on or off: all three slices": "toggle_slices",
    "opacity of the labels dragged: all three slices": "overlay",
    "window dragged: all three slices": "window",
}


def _slices(found: Found) -> Iterator[str]:
    for title, name in SLICE_ROWS.items():
        spread = _spread(found.slices, name)
        cpu = _spread(found.slices, f"{name}_cpu").median
        yield _row(title, spread.cell(), f"{cpu:.0f}", spread.within(FRAME_LIMIT_MS))


def _arrival(found: Found) -> Iterator[str]:
    rows = [
        ("model, alone", _spread(found.model, "arrived_to_picture"), MODEL_LIMIT_MS),
        (
            "model, with the slices loading",
            _spread(found.slices, "model_beside_slices"),
            MODEL_LIMIT_MS,
        ),
        ("slices, with the model", _spread(found.slices, "slices"), None),
    ]
    for title, spread, limit in rows:
        bar, within = (f"{limit:.0f}", spread.within(limit)) if limit else ("", "")
        yield _row(title, spread.cell(), bar, within)


def _scripts(found: Found) -> Iterator[str]:
    for script in found.first_load:
        yield _row(f"`{_stem(script)}`", "at once", _kilobytes(script))
    for script in sorted(found.other_scripts, key=lambda each: -each.gzip_bytes):
        when = "with the viewer" if script.draws else "when needed"
        yield _row(f"`{_stem(script)}`", when, _kilobytes(script))


def _stem(script: Script) -> str:
    """Without the hash of its content, which every change changes."""
    return script.name.rpartition("-")[0] or script.name


def _kilobytes(script: Script) -> str:
    return f"{script.gzip_bytes / 1000:.1f}"


def document(found: Found) -> str:
    """The whole text."""
    inputs = found.inputs
    ct, labels = inputs.ours[1:]
    first = sum(script.gzip_bytes for script in found.first_load)
    return TEXT.format(
        structures=inputs.structures,
        triangles=f"{inputs.triangles:,}",
        repetitions=found.repetitions,
        drawn_by=found.drawn_by,
        processors=found.processors,
        load_before=f"{found.load[0]:.1f}",
        load_after=f"{found.load[1]:.1f}",
        comparison="\n".join(_comparison(found)),
        model_mb=f"{inputs.ours[0].size_bytes / 1e6:.1f}",
        model_gzip_mb=f"{inputs.ours[0].gzip_bytes / 1e6:.1f}",
        glb_mb=f"{inputs.plain_model.size_bytes / 1e6:.1f}",
        ct_mb=f"{ct.size_bytes / 1e6:.1f}",
        labels_mb=f"{labels.size_bytes / 1e6:.1f}",
        arrival="\n".join(_arrival(found)),
        slices="\n".join(_slices(found)),
        frame_limit=f"{FRAME_LIMIT_MS:.0f}",
        heap_mb=f"{_spread(found.slices, 'heap_mb').median:.0f}",
        graphics_mb=f"{_spread(found.slices, 'graphics_mb').median:.0f}",
        scripts="\n".join(_scripts(found)),
        first_kb=f"{first / 1000:.0f}",
        limit_kb=f"{LIMIT_BYTES / 1000:.0f}",
        within="within" if first <= LIMIT_BYTES else "**beyond**",
    )


TEXT = """# How fast the page is

A finished job of {structures} structures and {triangles} triangles, with slices of 320³ voxels, in
Chromium: the page's own viewer beside the plain way to show such a result, which is one OBJ file a
structure through three's `OBJLoader`, one mesh with a plain material each. Written by

```sh
make benchmark-page
```

which makes the files from a synthetic body (always the same), builds both pages as the real one is
built, and opens them in turns, {repetitions} tabs each with an empty cache. It takes some minutes.

**Read the ratios.** This run had {processors} processors, which {load_before} processes at a time
wanted when it began and {load_after} when it ended, itself included, and no graphics card: pictures
are drawn on the same processors, by

```text
{drawn_by}
```

Times are medians, with the fastest in brackets: that is closest to what it takes when nothing else
wants the processors. A graphics card draws all of this many times as fast.

## The model, beside the plain way

| | plain: OBJ | page: `model.web.glb` | ratio |
| --- | ---: | ---: | ---: |
{comparison}

- **Sent**: OBJ files with gzip, as a careful server would; `model.web.glb` as it is stored. With
  gzip it would be {model_gzip_mb} MB instead of {model_mb} MB; `model.glb`, for other programs, is
  {glb_mb} MB.
- **First picture**: with all structures, when its pixels could be read back, so that it has really
  been drawn; the browser's own composing of the page comes after that, alike for both. Parsing and
  compiling shaders are in it.
- **A frame** lasts from the event until its pixels could be read back. Both views are of one size.
  The page draws its own more coarsely while it moves on slow graphics, and finely again at rest
  ("picture at rest", both with fourfold multisampling as long as that is affordable); the plain way
  draws every picture alike.
- **CPU** is that of all processes of the browser, its composing and the graphics included, and
  depends little on what else runs.
- **Graphics memory** counts vertices, indices, textures and render targets as they were asked for,
  without the canvas itself.
- Neither draws anything while nothing changes.

## From arrival to picture

| | ms | limit | within |
| --- | ---: | ---: | --- |
{arrival}

The slices' files are {ct_mb} MB and {labels_mb} MB here; a worker unpacks them. Noise makes this
scan larger than most.

## Slices of 320³

A frame of the page with all four panes (1600 × 1000 pixels), from the event to its pixels. The 3D
view follows when the slices have been still for a moment, and slow graphics draw slices more
coarsely while they move.

| | ms | CPU ms | within {frame_limit} ms |
| --- | ---: | ---: | --- |
{slices}

With model and slices, JavaScript holds {heap_mb} MB and the graphics {graphics_mb} MB: the scan in
half precision and the label map are textures; both are also kept for reading values at the
crosshair.

"When undisturbed" says that the fastest were within the limit, and the median was not: the machine
was busy, or only just fast enough.

## JavaScript

| script | loaded | kB with gzip |
| --- | --- | ---: |
{scripts}

What the browser loads at once is {first_kb} kB, {within} the limit of {limit_kb} kB, and holds
nothing that draws: `tests/e2e` checks both.

## Not measured

- A real graphics card, a phone, Firefox and Safari: none was at hand.
- A real person's scan: shapes and noise here are made, and real surfaces are less smooth, which
  makes every format larger alike.
- The way to AWS: files came from the same machine, and once through a line that the browser itself
  slowed down.
"""
