"""What CloudFormation's functions give for one stage, as far as names need them."""

import re
from typing import Any


def resolve(value: Any, *, stage: str) -> Any:
    """Resolve joins, substitutions and the condition ``IsProd``; leave references to resources.

    Raises
    ------
    ValueError
        If the value uses a function that names have no need of.
    """
    match value:
        case {"Ref": "Stage"}:
            return stage
        case str() | int() | {"Ref": _} | {"Fn::GetAtt": _}:
            return value
        case list():
            return [resolve(entry, stage=stage) for entry in value]
        case {"Fn::If": ["IsProd", then, otherwise]}:
            return resolve(then if stage == "prod" else otherwise, stage=stage)
        case {"Fn::Join": [separator, entries]}:
            return separator.join(resolve(entries, stage=stage))
        case {"Fn::Sub": substitution}:
            return _substitute(substitution, stage)
    raise ValueError(f"no name needs {value}")


def _substitute(substitution: Any, stage: str) -> str:
    text, own = substitution if isinstance(substitution, list) else (substitution, {})
    names = {name: resolve(value, stage=stage) for name, value in own.items()}
    names["Stage"] = stage
    return re.sub(r"\$\{([\w:.]+)\}", lambda found: names.get(found[1], found[0]), text)
