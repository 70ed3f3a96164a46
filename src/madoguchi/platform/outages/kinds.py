"""Faults that pass by themselves: the database or the mail server is away, a disk is full. And those that do not."""

import errno
import smtplib
from collections.abc import Iterator

import psycopg

_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})
_PASSING_STATES = ("08", "53", "57P", "58", "25006")
"""SQLSTATE (PostgreSQL, appendix A): connection, resources (53100: disk full, 53300: too many connections), ended by
the operator or starting up, input and output, and a standby that took the place of the primary (read-only)."""


def causes(fault: BaseException | None) -> Iterator[BaseException]:
    """The fault, what caused it, and what was being handled when it was raised, each once."""
    seen = set[int]()
    while fault is not None and id(fault) not in seen:
        seen.add(id(fault))
        yield fault
        fault = fault.__cause__ or fault.__context__


def database_is_away(fault: BaseException | None) -> bool:
    """Whether the database cannot be reached, is full or takes no writes; not: a statement was slow or wrong."""
    return any(isinstance(one, psycopg.Error) and _is_away(one) for one in causes(fault))


def _is_away(fault: psycopg.Error) -> bool:
    if fault.sqlstate is None:  # psycopg's own: no connection, a lost or a closed one
        return isinstance(fault, psycopg.OperationalError | psycopg.InterfaceError)
    return fault.sqlstate.startswith(_PASSING_STATES)


def is_outage(fault: BaseException | None) -> bool:
    """Whether the hall itself is short of something for now: its database, or room on a disk."""
    return database_is_away(fault) or any(isinstance(one, OSError) and one.errno in _NO_ROOM for one in causes(fault))


def will_pass(fault: BaseException | None) -> bool:
    """Whether the same work may go well later, without anybody changing the program or what was sent."""
    return database_is_away(fault) or any(
        isinstance(one, OSError) and not _is_refused_for_good(one) for one in causes(fault)
    )


def _is_refused_for_good(fault: OSError) -> bool:
    """Whether a mail server said with a code from 500 on that it will never take this letter (RFC 5321, 4.2.1)."""
    if isinstance(fault, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _said in fault.recipients.values())
    return isinstance(fault, smtplib.SMTPDataError) and fault.smtp_code >= 500
