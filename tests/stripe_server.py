"""The fake server `localstripe` with Checkout Sessions, which it lacks, on top of its own payment intents.

Started by tests as a process: ``python -m tests.stripe_server --port N --from-scratch``. The page of a hosted checkout
is `POST …/pay`. Bounded to what our provider uses.
"""

from localstripe import resources
from localstripe.resources import Event, PaymentIntent, PaymentMethod, StripeObject

SESSIONS = "/v1/checkout/sessions"


class Session(StripeObject):
    """A Checkout Session in yen with one line."""

    object = "checkout.session"
    _id_prefix = "cs_test_"

    def __init__(self, data):
        super().__init__()
        price = data["line_items"][0]["price_data"]
        self.amount_total, self.currency = int(price["unit_amount"]), price["currency"]
        self.client_reference_id, self.metadata = data["client_reference_id"], data["metadata"]
        self.payment_method_types, self.payment_intent = ["card"], None
        self.status, self.payment_status = "open", "unpaid"
        self.url = f"http://127.0.0.1/checkout/{self.id}"


def create(**data):
    """Begin; `mode` and addresses are accepted and not used."""
    return Session(data)


def retrieve(id):
    """One session."""
    return Session._api_retrieve(id)


def pay(id):
    """What the payer does on the hosted page."""
    session = retrieve(id)
    card = {"number": "4242424242424242", "exp_month": "12", "exp_year": "2030", "cvc": "123"}
    method = PaymentMethod(type="card", card=card)
    intent = PaymentIntent(amount=session.amount_total, currency="jpy", payment_method=method.id)
    PaymentIntent._api_confirm(intent.id)
    session.payment_intent, session.status, session.payment_status = intent.id, "complete", "paid"
    Event("checkout.session.completed", session)
    return session


resources.extra_apis.extend(
    [("POST", SESSIONS, create), ("GET", SESSIONS + "/{id}", retrieve), ("POST", SESSIONS + "/{id}/pay", pay)]
)

if __name__ == "__main__":
    from localstripe.server import start

    start()
