"""Requests at the same time: every caller gets the answer to its own."""

from concurrent.futures import ThreadPoolExecutor

from tests.functional.running_app import ObservedApp

ROUNDS = 100


def test_every_caller_gets_the_answer_to_its_own_request(app: ObservedApp) -> None:
    """A request that says whose it is, beside others of other functions that do not."""
    paths = ["/jobs?userId=tester", "/openapi.json", "/tasks", "/jobs?userId=tester"]
    with app.http() as http, ThreadPoolExecutor(len(paths)) as callers:
        answers = list(callers.map(http.get, paths * ROUNDS))
    for path, answer in zip(paths * ROUNDS, answers, strict=True):
        assert answer.status_code == 200, (path, answer.text)
        fields = answer.json()
        assert ("jobs" in fields) == path.startswith("/jobs"), path
        assert ("openapi" in fields) == path.startswith("/openapi"), path
