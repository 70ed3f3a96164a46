"""Rollups: what the record says, added up. Written by `rollup` only, and thrown away and made anew at will.

Months are first days, in the town's time. Counts may be negative inside one statement (a contribution taken back), so
the columns are plain integers; a test recounts them.
"""

from typing import ClassVar

from django.db import models

from madoguchi.cases.models import Case


class Fact(models.Model):
    """What one case adds to the cubes, read up to event `seq`: taken back when more happens."""

    # No foreign key: a case is never deleted, and to check each one at the end took a quarter of a rebuild.
    case = models.OneToOneField(Case, models.CASCADE, primary_key=True, related_name="+", db_constraint=False)
    seq = models.IntegerField()
    procedure = models.CharField(max_length=60)
    office = models.CharField(max_length=60)
    channel = models.CharField(max_length=10)
    month = models.DateField(help_text="of arrival")
    seconds = models.IntegerField(null=True, help_text="from the form's start to submission, when told")
    corrections = models.IntegerField()
    ended_month = models.DateField(null=True, help_text="of the decision or completion")
    days = models.IntegerField(null=True, help_text="bucket of `rollup.BUCKET`, the waiting for the applicant left out")
    in_time = models.BooleanField(null=True, help_text="whether the promise was kept; empty where none was given")
    withdrawn_month = models.DateField(null=True)
    rated_month = models.DateField(null=True)
    score = models.IntegerField(null=True)
    issued_month = models.DateField(null=True, help_text="of the first document")
    issued = models.IntegerField(default=0, help_text="documents")
    fetched = models.IntegerField(default=0, help_text="of these, first taken as a download by the applicant")

    def __str__(self) -> str:
        return f"{self.case_id} up to {self.seq}"


class Cell(models.Model):
    """One cell of the main cube. Arrivals and their corrections count in the month of arrival, the rest when it was."""

    procedure = models.CharField(max_length=60)
    office = models.CharField(max_length=60)
    channel = models.CharField(max_length=10)
    month = models.DateField()
    received = models.IntegerField()
    timed = models.IntegerField(help_text="arrivals that told their time in the form")
    seconds = models.BigIntegerField(help_text="their sum")
    corrected = models.IntegerField(help_text="arrivals that needed a correction (補正)")
    decided = models.IntegerField()
    promised = models.IntegerField(help_text="decided with a standard period")
    in_time = models.IntegerField(help_text="of these, on the promised day or before")
    withdrawn = models.IntegerField()
    score_1 = models.IntegerField()
    score_2 = models.IntegerField()
    score_3 = models.IntegerField()
    score_4 = models.IntegerField()
    score_5 = models.IntegerField()
    issued = models.IntegerField(default=0, help_text="documents, in the month of their case's first one")
    fetched = models.IntegerField(default=0, help_text="of these, first taken as a download by the applicant")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["procedure", "office", "channel", "month"], name="cell_once")
        ]

    def __str__(self) -> str:
        return f"{self.procedure} {self.office} {self.channel} {self.month:%Y-%m}"


class DayCount(models.Model):
    """How many of the month's decisions took so many days (an upper bound, see `rollup.BUCKET`)."""

    procedure = models.CharField(max_length=60)
    office = models.CharField(max_length=60)
    channel = models.CharField(max_length=10)
    month = models.DateField()
    days = models.IntegerField()
    n = models.IntegerField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["procedure", "office", "channel", "month", "days"], name="day_count_once")
        ]

    def __str__(self) -> str:
        return f"{self.procedure} {self.month:%Y-%m} {self.days}: {self.n}"


class QuestionCount(models.Model):
    """How often a correction of this question was asked for, by the month of asking."""

    procedure = models.CharField(max_length=60)
    month = models.DateField()
    question = models.CharField(max_length=80)
    n = models.IntegerField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["procedure", "month", "question"], name="question_count_once")
        ]

    def __str__(self) -> str:
        return f"{self.procedure} {self.question}: {self.n}"


class ArrowCount(models.Model):
    """How often a step was left this way after so many hours (an upper bound, see `rollup.HOURS`)."""

    procedure = models.CharField(max_length=60)
    step = models.CharField(max_length=40)
    outcome = models.CharField(max_length=40)
    target = models.CharField(max_length=40)
    hours = models.IntegerField()
    n = models.IntegerField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["procedure", "step", "outcome", "target", "hours"], name="arrow_count_once")
        ]

    def __str__(self) -> str:
        return f"{self.procedure} {self.step} → {self.target}: {self.n}"


class SectionCount(models.Model):
    """How many forms reached a section on a day. Not from events: forms that were left are in no record.

    It holds nothing of a person, and cannot be made anew (ADR 0028).
    """

    procedure = models.CharField(max_length=60)
    version = models.BigIntegerField(help_text="of the definition")
    section = models.CharField(max_length=60)
    day = models.DateField()
    n = models.IntegerField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["procedure", "version", "section", "day"], name="section_count_once")
        ]

    def __str__(self) -> str:
        return f"{self.procedure} {self.section} {self.day}: {self.n}"


class Cursor(models.Model):
    """How far the events are read (one row). Below `settled` no event can still appear (ADR 0021)."""

    settled = models.BigIntegerField(default=0, help_text="event id")
    seen = models.BigIntegerField(default=0, help_text="highest event id at the last look that is not settled yet")
    horizon = models.BigIntegerField(default=0, help_text="first transaction id not begun at that look")
    read_at = models.DateTimeField(null=True, help_text="the figures' as-of moment")
    state = models.UUIDField(null=True, help_text="a new one whenever a cube changes: what pages keep is valid for it")

    def __str__(self) -> str:
        return f"settled {self.settled}, seen {self.seen}"
