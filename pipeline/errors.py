"""What can go wrong, said so that a reader can mend it.

Every message names what failed, where, and what to do. One bad document raises one `PipelineError`; the batch turns it into a
row of `failures` and goes on.
"""


class PipelineError(Exception):
    """Base of all errors that Pactscope raises on purpose.

    Attributes:
        advice: what the user can do about it, one sentence; stands in the `failures` table.
        stage: where in the pipeline it happened (see `records.Failure`), filled in by the analyser.
    """

    stage: str = ""

    def __init__(self, message: str, *, advice: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.advice = advice

    def __str__(self) -> str:
        return f"{self.message} {self.advice}".strip()

    def __reduce__(self) -> tuple[object, ...]:
        """Keeps the keyword-only advice when the error crosses a process."""
        return (_rebuild, (type(self), self.message, self.advice, self.stage))


def _rebuild(kind: type[PipelineError], message: str, advice: str, stage: str) -> PipelineError:
    error = kind(message, advice=advice)
    error.stage = stage
    return error


class ReadError(PipelineError):
    """A file cannot be read: missing, empty, encrypted, truncated, of an unknown format, or without text."""


class CatalogueError(PipelineError):
    """A catalogue, gazetteer, corrections or passages file has a wrong column, value or row."""


class SettingsError(PipelineError):
    """A setting is unknown or has a value that cannot be used."""


class CodebookError(PipelineError):
    """A codebook file is incomplete or contradicts itself."""


class StoreError(PipelineError):
    """An output folder is in use by another run, was written by an incompatible version, or is damaged."""


class UnexpectedError(PipelineError):
    """A fault of Pactscope itself, met on one document; the batch goes on and the failure says what to report."""

    def __init__(self, message: str, *, advice: str = "") -> None:
        super().__init__(message, advice=advice or "This is a fault of Pactscope: please report it with the file.")
