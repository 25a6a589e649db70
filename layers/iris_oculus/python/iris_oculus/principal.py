"""Who asks."""

from dataclasses import dataclass

from iris_oculus.errors import InvalidField, JobNotYours
from iris_oculus.job import Job


@dataclass(frozen=True)
class Principal:
    """The caller of a use case.

    Attributes
    ----------
    subject : str or None
        The token's subject; None for an anonymous caller, while sign-in is off.
    user_id : str or None
        What an anonymous caller says to be; a label, no proof.
    """

    subject: str | None = None
    user_id: str | None = None

    @property
    def owner(self) -> str:
        """Owner of what this caller makes; tokens and labels never share a name.

        Raises
        ------
        InvalidField
            If an anonymous caller gave no ``userId``.
        """
        if self.subject is not None:
            return f"subject:{self.subject}"
        if not self.user_id:
            raise InvalidField("userId is missing.", hint='Say whose job it is: "userId": "…".')
        return f"anonymous:{self.user_id}"

    def require_access(self, job: Job) -> None:
        """Check that the caller may see and change a job.

        An anonymous caller who gives no ``userId`` may reach any anonymous job whose id it knows:
        as long as sign-in is off, the unguessable id is the key.

        Raises
        ------
        JobNotYours
            If the job belongs to somebody else.
        """
        if self.subject is None and not self.user_id and job.owner.startswith("anonymous:"):
            return
        if (self.subject is None and not self.user_id) or job.owner != self.owner:
            raise JobNotYours("This job belongs to somebody else.")
