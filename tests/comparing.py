"""An officer compares a case with the register that it concerns."""

from madoguchi.registers.actions import confirm
from madoguchi.registers.queries import act_of, find


def compared(case, by):
    """What the case is about, confirmed where a register is concerned: the number as typed, or that there is none."""
    act = act_of(case)
    if act and not act.begins and case.is_open:
        known = find(act.register.register.code, act.number)
        confirm(case, number=act.number if known else "", by=by)
