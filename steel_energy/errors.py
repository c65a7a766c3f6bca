"""Every error this project raises on purpose, in one tree.

    SteelError
    ├── InputError              the caller's data or argument is wrong
    │   ├── NotMeterDataError   a file that is not a meter export at all
    │   ├── SchemaError         a frame that breaks the column contract
    │   ├── ConfigError         a plant, tariff or parameter file that does not validate
    │   ├── NotEnoughDataError  too few readings for what was asked
    │   ├── InfeasiblePlanError no schedule keeps to what a plan is asked for
    │   └── NotFittedError      a forecaster is asked before it is fitted
    ├── SourceError             a source cannot be reached or is not what it should be
    │   └── UnreachableError    it cannot be reached now, and may be in a while
    ├── StorageError            something that must be kept cannot be written or read
    ├── ClusterError            the workers that share a piece of work cannot be reached, or one was lost
    ├── DeliveryError           a channel did not take an alert
    ├── ModelUnavailableError   a model cannot run on this machine: an extra or its weights are missing
    └── BundleError             a model bundle is missing, incomplete or altered
        └── BusyError           another process is changing the bundles

Each error says what is wrong, names the field and carries a remedy; the outermost layer (command line, service)
is the only one that turns it into words for a user. A failure is never replaced by a plausible value.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar, Self

REBUILD = "build it again: make build"
"""The remedy for whatever the assets make and is missing or altered."""


class SteelError(Exception):
    """Base of all errors of this project.

    Attributes:
        message: what is wrong, with the offending values.
        field: the field, column, file or setting it is about; None where there is no single one.
        remedy: what the reader can do about it.
        code: stable machine-readable name of the kind of error.
        reason: stable name of what is wrong, finer than the kind; empty where it has none.
        values: what the message speaks of, by name; moments and days in ISO 8601.
    """

    code: ClassVar[str] = "error"
    reason: str = ""
    values: Mapping[str, str | float] = MappingProxyType({})

    def __init__(self, message: str, *, field: str | None = None, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.remedy = remedy

    def __reduce__(self) -> tuple[object, ...]:
        """A copy with its own attributes, whatever its class takes; Dask changes Python's own way.

        What the system said goes with it, which tells whether it may pass; not every library's errors can be copied.
        """
        said = self.__cause__
        cause = said if isinstance(said, OSError) and type(said).__module__ == "builtins" else None
        return _remade, (type(self), self.args, dict(self.__dict__), cause)

    def named(self, reason: str, **values: str | float) -> Self:
        """This error, such that whoever speaks another language can say it in their own words.

        >>> error = SteelError("needs 8 days, got 2").named("too_few_days", days=8)
        >>> error.reason, error.values["days"]
        ('too_few_days', 8)
        """
        self.reason, self.values = reason, values
        return self

    @property
    def what(self) -> str:
        """Field and message, for where the remedy stands apart."""
        return f"{self.field}: {self.message}" if self.field else self.message

    def __str__(self) -> str:
        return f"{self.what} ({self.remedy})" if self.remedy else self.what


def _remade(
    kind: type[SteelError], args: tuple[object, ...], attributes: dict[str, object], cause: OSError | None
) -> SteelError:
    """An error as it was, from a copy or from another process."""
    error = kind.__new__(kind, *args)
    error.__dict__.update(attributes)
    error.__cause__ = cause
    return error


class InputError(SteelError):
    """The caller's data or argument is wrong."""

    code = "invalid_input"


class NotMeterDataError(InputError):
    """A file that is not a meter export: wrong columns, empty, binary or far too short."""

    code = "not_meter_data"


class SchemaError(InputError):
    """A frame breaks the column contract of ``schema.py``."""

    code = "schema"


class ConfigError(InputError):
    """A plant, tariff or parameter file does not validate."""

    code = "config"


class NotEnoughDataError(InputError):
    """There are too few readings for what was asked."""

    code = "not_enough_data"


class NotFittedError(InputError):
    """A forecaster is asked before it is fitted."""

    code = "not_fitted"

    def __init__(self, name: str) -> None:
        super().__init__("is not fitted", field=name, remedy="call fit first")


class InfeasiblePlanError(InputError):
    """No schedule keeps to what a plan is asked for.

    Attributes:
        conflicts: fields of the request that cannot be kept together; leaving out any one of them would do.
        relaxations: ways out in words, cheapest first.
    """

    code = "infeasible_plan"

    def __init__(
        self,
        message: str,
        *,
        field: str | None = None,
        remedy: str = "",
        conflicts: tuple[str, ...] = (),
        relaxations: tuple[str, ...] = (),
    ) -> None:
        super().__init__(message, field=field, remedy=remedy)
        self.conflicts = conflicts
        self.relaxations = relaxations


class SourceError(SteelError):
    """A source cannot be reached, or its content is not what it should be."""

    code = "source"


class UnreachableError(SourceError):
    """A source cannot be reached now; the same may work in a while."""


class StorageError(SteelError):
    """Something that must be kept cannot be written or read, on a disk or in an object store; nothing was promised."""

    code = "storage"


class ClusterError(SteelError):
    """The workers that share a piece of work cannot be reached, or one was lost; the same may work in a while."""

    code = "cluster"


class DeliveryError(SteelError):
    """A channel did not take an alert.

    Attributes:
        may_pass: whether the same may work a little later.
        retry_after_s: when the receiver asked to be tried again; None where it did not say.
    """

    code = "delivery"

    def __init__(
        self, message: str, *, channel: str, may_pass: bool, remedy: str = "", retry_after_s: float | None = None
    ) -> None:
        super().__init__(message, field=channel, remedy=remedy)
        self.may_pass = may_pass
        self.retry_after_s = retry_after_s


class ModelUnavailableError(SteelError):
    """A model cannot run on this machine: its extra is not installed, or its pretrained weights cannot be had.

    Its row is then absent from the leaderboard, with this message as the reason.
    """

    code = "model_unavailable"


class BundleError(SteelError):
    """A model bundle is missing, incomplete or altered."""

    code = "bundle"


class BusyError(BundleError):
    """Another process is changing the bundles."""

    code = "busy"
