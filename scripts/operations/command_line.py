"""How every command of this package ends: 0, or an error that says what to do."""

import sys
from collections.abc import Callable

from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError

from scripts.operations.deployment import OperationFailed


def run(command: Callable[[], None]) -> int:
    """Run a command and turn its errors into lines on stderr.

    Returns
    -------
    int
        The process's exit code: 0, or 1 after an error.
    """
    try:
        command()
    except OperationFailed as error:
        return _complain(str(error))
    except NoCredentialsError:
        return _complain(
            "There are no AWS credentials.\n  Run `aws configure sso`, or set AWS_PROFILE."
        )
    except ClientError as error:
        detail = error.response.get("Error", {})
        return _complain(
            f"AWS refused {error.operation_name}: {detail.get('Code')}: {detail.get('Message')}\n"
            "  Nothing after this step was done. Mend what it names, then run the command again."
        )
    except BotoCoreError as error:
        return _complain(f"AWS cannot be reached: {error}\n  Check the network and the region.")
    return 0


def _complain(text: str) -> int:
    print(f"error: {text}", file=sys.stderr)
    return 1
