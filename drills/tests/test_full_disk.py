"""The disk of the whole hall fills up while it is open: 503 with Retry-After, no end, and whole again by itself."""

import subprocess
import time
from pathlib import Path

import pytest

from drills.applying import send, with_files
from drills.living_hall import LivingHall

SIZE = "600m"
LONG = 180
"""Seconds in which it must be whole again."""
FORM = with_files()


@pytest.fixture
def disk(tmp_path):
    """A small file system of its own."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=755", "tmpfs", str(place)]
    done = subprocess.run(mount, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"no file system of its own can be mounted here: {done.stderr.strip()}")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def fill(place: Path) -> Path:
    """Take every byte."""
    ballast = place / "ballast"
    for size in (1024 * 1024, 4096):
        with ballast.open("ab", buffering=0) as file:
            try:
                while file.write(b"\1" * size) == size:
                    pass
            except OSError:
                continue
    return ballast


def applied(hall, number):
    """The answer to an application that takes room."""
    return send(hall.port, FORM, f"{number}@minatono.example", f"full-disk-{number}")


def until(hall, number, wanted):
    """Applies again and again, also anew, until it is answered so; every answer on the way was one of the two."""
    last, seen = time.monotonic() + LONG, set()
    while time.monotonic() < last:
        answer = applied(hall, number)
        seen.add(answer.status)
        if answer.status == wanted:
            return answer
        number += answer.status == "201"
    raise AssertionError(f"never {wanted}: {seen}")


def test_a_full_disk_is_answered_with_503_and_left_behind(disk, town):
    with LivingHall(home=disk / "home", log=disk / "log", town=town) as hall:
        until(hall, 0, "201")
        ballast = fill(disk)
        assert until(hall, 1000, "503").retry_after == "60"
        fill(disk)
        answered = {applied(hall, number).status for number in range(2000, 2020)}
        assert "500" not in answered and hall.process.poll() is None
        ballast.unlink()
        until(hall, 3000, "201")
        assert hall.command("verify-record").stdout.strip().endswith(", 0 broken")
        assert hall.process.poll() is None
        assert "Traceback" not in hall.told()
