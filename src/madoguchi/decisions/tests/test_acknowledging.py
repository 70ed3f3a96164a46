"""A notification is acknowledged, once, by its office: no yes and no no."""

import pytest

from madoguchi.decisions.models import Decision
from madoguchi.desk import actions as desk
from madoguchi.platform.refusing import ActionRefused
from tests import town

pytestmark = pytest.mark.django_db


def test_a_notification_is_acknowledged_without_yes_or_no():
    case = town.applied(town.CLOSURE)
    town.compared(case, town.sasaki())
    receipt = desk.acknowledge(case, by=town.sasaki())
    case.refresh_from_db()
    assert (case.result, receipt.form, Decision.objects.count()) == ("acknowledged", "notification-receipt", 0)


def test_a_notification_is_acknowledged_once():
    case = town.applied(town.CLOSURE)
    town.compared(case, town.sasaki())
    desk.acknowledge(case, by=town.sasaki())
    with pytest.raises(ActionRefused):
        desk.acknowledge(case, by=town.ogawa())
    assert case.credentials.count() == 1


@pytest.mark.parametrize("who", [town.kato, town.suzuki])
def test_a_notification_is_acknowledged_by_its_office(who):
    case = town.applied(town.CLOSURE)
    town.compared(case, town.sasaki())
    with pytest.raises(ActionRefused):
        desk.acknowledge(case, by=who())


def test_an_application_is_never_just_acknowledged():
    with pytest.raises(ActionRefused):
        desk.acknowledge(town.applied(), by=town.sasaki())
