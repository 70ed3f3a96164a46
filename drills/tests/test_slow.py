"""The drill of slow connections, a short one; served as it was, it must go red."""

from drills.slow import FEWEST, drill

FEW = {"body": 24, "head": 10, "idle": 40, "reader": 6}
SHORT = {"counts": FEW, "sources": 4, "seconds": 3}


def test_visitors_notice_nothing_of_slow_connections(hall):
    result = drill(hall, **SHORT)
    print(result)
    assert not result.failures and result.applied and len(result.during) > FEWEST, result
    assert sum(result.slow.values()) >= sum(FEW.values())


def test_where_a_thread_waits_for_each_body_the_drill_is_not_sound(hall):
    result = drill(hall, **SHORT, patience=2, control=True)
    print(result)
    assert result.failures, result
