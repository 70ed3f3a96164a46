"""A job that failed is tried again."""

from procrastinate.jobs import Job
from procrastinate.retry import BaseRetryStrategy, RetryDecision

from .kinds import will_pass

LONGEST_WAIT = 600  # seconds


class Again(BaseRetryStrategy):
    """A job that failed is tried again: for ever while what failed will pass, else so many times."""

    def __init__(self, most: int, longest_wait: int = LONGEST_WAIT) -> None:
        self.most, self.longest_wait = most, longest_wait

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """In 1, 4, 16, … seconds; None where another try is pointless."""
        if job.attempts >= self.most and not will_pass(exception):
            return None
        return RetryDecision(retry_in={"seconds": min(4**job.attempts, self.longest_wait)})


AGAIN = Again(5)
ASK_AGAIN = Again(12, 2 * 24 * 60 * 60)  # a provider that is down: for some days
