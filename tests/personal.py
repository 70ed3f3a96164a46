"""Which fields hold what is personal: every one is purged in the end (`tests/sequence/test_what_is_forgotten.py`)."""

from typing import Final

PERSONAL: Final = {
    "applications.Sheet.sealed": "what was typed and not sent yet, sealed with its page's address",
    "applications.Filing.answers": "what the applicant wrote",
    "applications.Upload.name": "the applicant's name of a file",
    "applications.Upload.content": "what the applicant attached",
    "applications.Filing.typed": "what the applicant typed, where the answers say it otherwise; goes with the answers",
    "bookings.Order.name": "who comes, where the offer asks for it",
    "bookings.Order.email": "of the buyer",
    "bookings.Waiting.email": "of who waits",
    "bookings.Waiting.name": "where the offer asks for one",
    "cases.Case.title": "who applies, for the office's lists",
    "cases.Case.name_key": "the same as it is searched",
    "cases.Consultation.question": "free text of an officer",
    "cases.Consultation.answer": "free text of an officer",
    "cases.Correction.items": "free text of an officer",
    "cases.Note.text": "free text of an officer",
    "credentials.Credential.pdf": "the document, with the addressee's name and address",
    "credentials.Credential.withdrawal_reason": "free text of an officer",
    "decisions.Approval.comment": "free text of an officer",
    "decisions.Decision.explanation": "the facts of a refusal",
    "decisions.Draft.explanation": "the facts of a refusal",
    "opendata.DataRequest.title": "what somebody asks for, read by an office before it is public",
    "opendata.DataRequest.email": "of who asked, for the answer; never public",
    "opendata.Upload.name": "the bureau's name of its file",
    "opendata.Upload.content": "the bureau's file until the gate for personal data has judged it",
    "opendata.Lift.reason": "free text of an officer",
    "opendata.Step.reason": "free text of an officer, public",
    "participation.Rating.comment": "free text of the applicant",
    "payments.Refund.reason": "free text of an officer, without names: the ledger is kept",
    "reform.Voice.comment": "free text of a visitor, read by the owner office only",
    "payments.Entry.reason": "free text of an officer, without names: the ledger is kept",
    "people.Officer.email": "of staff",
    "people.Officer.name": "of staff",
    "registers.Batch.name": "a bureau's name of its file",
    "registers.Batch.rows": "the rows of the file",
    "registers.Entry.values": "what an entry says of whom",
    "registers.Holding.holder": "whose right it is",
    "registers.Holding.name_key": "the same as it is searched",
    "registers.Holding.title": "by which people call it",
    "registers.Holding.values": "what the register says of whom",
}
"""Every field that may hold personal data, and why: what retention must purge. Events hold none."""

KEPT: Final = {
    "opendata.DataRequest.title": "public from the day an office took it",
    "opendata.Lift.reason": "why a published table was let through: append-only",
    "opendata.Step.reason": "public, append-only",
    "opendata.Upload.name": "of a bureau's file, which is not about anybody",
    "payments.Entry.reason": "the ledger is kept, append-only",
    "payments.Refund.reason": "the ledger is kept",
    "people.Officer.email": "staff; removed by the administrator",
    "people.Officer.name": "staff; what they signed names them",
}
"""What outlives every retention, and why."""
