"""What can be segmented here."""

from dataclasses import asdict

from iris_oculus.contracts import StructureView, TasksAnswer, TaskView
from iris_oculus.use_cases.processing import Deployment


def tasks_answer(deployment: Deployment) -> TasksAnswer:
    """Tasks of the deployment's engine; ``available`` where their licence allows them here."""
    return TasksAnswer(
        engine=deployment.engine,
        tasks=[
            TaskView(
                name=task.name,
                description=task.description,
                modality=task.modality,
                licence=task.licence,
                available=deployment.allows(task),
                has_fast=task.has_fast,
                structures=[StructureView(**asdict(entry)) for entry in task.structures],
            )
            for task in deployment.tasks().values()
        ],
    )
