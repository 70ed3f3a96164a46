"""The access table: URL name × method → who. A URL that is not here is refused, and fails the tests."""

from madoguchi.desk.access import ROWS as DESK
from madoguchi.people.access import Rule
from madoguchi.people.account_access import ROWS as ACCOUNTS
from madoguchi.reform.access import ROWS as REFORM

READ = frozenset({"GET", "HEAD"})
WRITE = frozenset({"POST"})
BOTH = READ | WRITE

TABLE: dict[str, Rule] = {
    "counter:home": Rule("anyone"),
    "counter:procedures": Rule("anyone"),
    "counter:procedure": Rule("anyone"),
    "counter:case": Rule("holder"),
    "counter:withdraw": Rule("holder", BOTH),
    "counter:rate": Rule("holder", WRITE),
    "counter:document": Rule("holder"),
    "counter:file": Rule("holder"),
    "counter:verify": Rule("anyone", BOTH),
    "counter:verify-code": Rule("anyone"),
    "counter:root-certificate": Rule("anyone"),
    "counter:accessibility": Rule("anyone"),
    "applications:form": Rule("anyone"),
    "applications:confirm": Rule("anyone", WRITE),
    "applications:submit": Rule("anyone", WRITE),
    "applications:upload": Rule("anyone", WRITE),
    "applications:postal": Rule("anyone"),
    "applications:rules": Rule("anyone"),
    "applications:enter": Rule("anyone", BOTH),
    "applications:open": Rule("anyone", BOTH),
    "applications:received": Rule("holder"),
    "applications:correct": Rule("holder", BOTH),
    "payments:pay": Rule("anyone"),
    "payments:start": Rule("anyone", WRITE),
    "payments:back": Rule("anyone"),
    "payments:qr": Rule("anyone"),
    "payments:receipt": Rule("anyone"),
    "payments:notify": Rule("anyone", WRITE),
    "payments:sandbox": Rule("anyone", BOTH),
    "figures:statistics": Rule("anyone"),
    # Who knows an order's secret holds the order; the loader checks it.
    "bookings:ticket": Rule("anyone"),
    "bookings:ticket-pdf": Rule("anyone"),
    "bookings:ticket-calendar": Rule("anyone"),
    "bookings:ticket-keys": Rule("anyone"),
    "bookings:visit": Rule("anyone", BOTH),
    "bookings:entrance": Rule("anyone"),
    "bookings:board": Rule("anyone"),
    "figures:procedure": Rule("anyone"),
    "opendata-api:ckan": Rule("anyone", BOTH),
    "api:openapi-json": Rule("anyone"),
    "api:api-root": Rule("anyone"),
    "api:list_procedures": Rule("anyone"),
    "api:get_procedure": Rule("anyone"),
    "api:submit_application": Rule("anyone", WRITE),
    "api:get_application": Rule("holder"),
    "api:get_document": Rule("holder"),
    "api:withdraw_application": Rule("holder", WRITE),
    "api:correct_application": Rule("holder", WRITE),
    "api:rate_application": Rule("holder", WRITE),
    "api:upload_file": Rule("anyone", WRITE),
    "api:verify_document": Rule("anyone", WRITE),
    "api:statistics": Rule("anyone"),
    "api:get_payment": Rule("anyone"),
    "api:start_payment": Rule("anyone", WRITE),
    **ACCOUNTS,
    **DESK,
    **REFORM,
}
