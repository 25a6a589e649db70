"""Print what CloudFormation makes of a SAM template, without AWS.

Runs in the environment of the SAM command line, which alone holds the translator:
`python transform_template.py template.yaml > transformed.json`.
"""

import json
import sys
from pathlib import Path

from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse


class NoManagedPolicies:
    """The translator asks IAM for AWS's managed policies by name; the template names none."""

    def load(self) -> dict[str, str]:
        """Map names of managed policies to their ARNs."""
        return {}


def main(path: Path) -> None:
    """Translate the template at ``path`` and print it as JSON."""
    template = yaml_parse(path.read_text())
    for resource in template["Resources"].values():
        properties = resource.get("Properties", {})
        # Code and nested templates lie in S3 by the time that CloudFormation sees the template.
        for code in ("CodeUri", "ContentUri"):
            if code in properties:
                properties[code] = "s3://bucket/key"
        if "TemplateURL" in properties:
            properties["TemplateURL"] = "https://bucket.s3.amazonaws.com/key"
    json.dump(transform(template, {}, NoManagedPolicies()), sys.stdout)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
