"""Every document of the repository: links lead somewhere, diagrams are of mermaid's form and true.

Mermaid's own parser weighs 150 MB and wants a browser. What breaks diagrams in practice is checked
instead: an unknown kind, a line that is none of its kind, a name that was never declared.
"""

import re
import subprocess
from pathlib import Path

import pytest
from iris_oculus.job import JobStatus

from tests.conftest import REPOSITORY

DOCUMENTS = sorted(
    path.relative_to(REPOSITORY).as_posix()
    for pattern in ("*.md", "docs/*.md", ".github/*.md", "tests/*/weights/*.md")
    for path in REPOSITORY.glob(pattern)
)
_NODE = r"[\w/-]+(?:\[\(?\"[^\"]+\"\)?\])?"
FLOWCHART = re.compile(
    rf"{_NODE}(?: & {_NODE})*(?: -\.?->(?:\|\"[^\"]+\"\|)? {_NODE}(?: & {_NODE})*)*"
)
MESSAGE = re.compile(r"(\w+)(?:-{1,2}>>|-\))(\w+): \S.*")
TRANSITION = re.compile(r"(\[\*\]|\w+) --> (\w+)(?:: \S.*)?")


def read(name: str) -> str:
    return (REPOSITORY / name).read_text(encoding="utf-8")


def anchors(path: Path) -> set[str]:
    """Ids that GitHub gives the titles of a document."""
    text = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    titles = re.findall(r"^#+ (.*)$", text, flags=re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title).strip().lower().replace(" ", "-") for title in titles}


def diagrams() -> list[tuple[str, list[str]]]:
    """Kind and lines of every diagram."""
    found = []
    for name in DOCUMENTS:
        for block in re.findall(r"^```mermaid\n(.*?)^```", read(name), flags=re.M | re.S):
            head, *lines = [line.strip() for line in block.splitlines() if line.strip()]
            found.append((head, lines))
    return found


@pytest.mark.skipif(not (REPOSITORY / ".git").exists(), reason="no clone: git lists nothing")
def test_every_document_of_the_repository_is_looked_at() -> None:
    tracked = subprocess.check_output(["git", "ls-files", "*.md"], cwd=REPOSITORY, text=True)
    assert set(tracked.split()) <= set(DOCUMENTS)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_lead_somewhere(name: str) -> None:
    links = re.findall(r"\]\((?!https?:)([^)\s]+)\)", read(name))
    for target, _, anchor in (link.partition("#") for link in links):
        path = (REPOSITORY / name).parent / target if target else REPOSITORY / name
        assert path.exists(), target
        if anchor:
            assert anchor in anchors(path), (target, anchor)


def test_diagrams_are_of_kinds_that_are_checked() -> None:
    heads = [head for head, _ in diagrams()]
    assert heads
    assert set(heads) <= {"flowchart TD", "flowchart LR", "sequenceDiagram", "stateDiagram-v2"}


def test_flowcharts_are_nodes_and_arrows() -> None:
    lines = [line for head, lines in diagrams() if head.startswith("flowchart") for line in lines]
    assert [line for line in lines if not FLOWCHART.fullmatch(line)] == []


def test_messages_go_between_declared_participants() -> None:
    for lines in (lines for head, lines in diagrams() if head == "sequenceDiagram"):
        declared = {line.split()[1] for line in lines if line.startswith("participant ")}
        depth = 0
        for line in lines:
            if line.startswith("participant "):
                continue
            depth += line.startswith("loop ") - (line == "end")
            assert depth >= 0
            if not line.startswith("loop ") and line != "end":
                message = MESSAGE.fullmatch(line)
                assert message, line
                assert set(message.groups()) <= declared
        assert depth == 0


def test_states_are_those_of_a_job_and_of_the_page() -> None:
    drawn = []
    for lines in (lines for head, lines in diagrams() if head == "stateDiagram-v2"):
        transitions = [TRANSITION.fullmatch(line) for line in lines]
        assert None not in transitions
        drawn.append({name for each in transitions if each for name in each.groups()} - {"[*]"})
    session = (REPOSITORY / "frontend/src/session/session_state.ts").read_text()
    # Every job may become "deleted": said in words, since an arrow from each hides the rest.
    of_a_job = {status.value for status in JobStatus} - {"deleted"}
    of_the_page = set(re.findall(r"^  name: '(\w+)'$", session, re.MULTILINE))
    assert drawn == [of_a_job, of_the_page]
