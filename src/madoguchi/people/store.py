"""Officers' sessions: rows that know whose they are, on which device, since when, and when they were used last.

A session ends `SESSION_COOKIE_AGE` after the sign-in, however much it is used, and `SESSION_IDLE` after its last use.
"""

from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.contrib.sessions.backends import db
from django.utils import timezone

from . import sign_ins
from .models import Session

DEVICE: Final = "device"
TOUCHED_EVERY: Final = timedelta(minutes=1)
"""The last use is written at most so often."""


class SessionStore(db.SessionStore):
    """Django's, with both ends."""

    started: datetime | None = None

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """The rows."""
        return Session

    def _get_session_from_db(self) -> Session | None:
        found: Session | None = Session.objects.filter(session_key=self.session_key).first()
        if found is not None and (end := found.end_at(timezone.now())):
            sign_ins.end([found], end)
            found = None
        if found is None:
            self._session_key = None
            return None
        self.started = found.started_at
        _touch(found)
        return found

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """The row as it stands now; the beginning stays."""
        now = timezone.now()
        self.started = self.started or now
        return Session(
            session_key=self._get_or_create_session_key(),  # type: ignore[attr-defined]
            session_data=self.encode(data),
            expire_date=self.started + timedelta(seconds=settings.SESSION_COOKIE_AGE),
            officer_id=data.get("_auth_user_id"),
            device=data.get(DEVICE, ""),
            started_at=self.started,
            used_at=now,
        )

    def flush(self) -> None:
        """What begins after this is another session."""
        super().flush()
        self.started = None


def _touch(session: Session) -> None:
    now = timezone.now()
    if now - session.used_at >= TOUCHED_EVERY:
        Session.objects.filter(pk=session.pk).update(used_at=now)
