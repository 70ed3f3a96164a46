"""A gate's camera: tickets are read by the packaged decoder, each showing once. Chromium's false camera shows films."""

import json

import pytest
import segno
from playwright.sync_api import expect

from tests.stories.conftest import PHONE
from tests.stories.visits.test_a_gate_without_a_network import stands_at

pytestmark = pytest.mark.browser


@pytest.fixture
def before_the_camera(hall, desks):
    """鈴木's phone at a gate whose camera shows a film: `before_the_camera("aquarium", film)`."""
    opened = []

    def stand(facility, film):
        flags = ["--no-sandbox", "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
        flags.append(f"--use-file-for-fake-video-capture={film}")
        context = desks("suzuki").context
        browser = context.browser.browser_type.launch(executable_path="/usr/bin/chromium", args=flags)
        opened.append(browser)
        kept = context.storage_state()
        page = browser.new_context(viewport=PHONE, base_url=hall.url, storage_state=kept).new_page()
        stands_at(page, facility, "")
        return page

    yield stand
    for browser in opened:
        browser.close()


def test_the_camera_reads_a_ticket_with_the_packaged_decoder(before_the_camera, sell, tmp_path):
    """Debian's chromium has no BarcodeDetector; its false camera shows a picture of the ticket."""
    (ticket,) = sell("aquarium", "adult")["good"]
    page = before_the_camera("aquarium", filmed(ticket, tmp_path))
    page.click("text=カメラで読み取る")
    expect(page.locator("[data-result]")).to_have_attribute("data-state", "admitted", timeout=20_000)


def test_a_network_that_does_not_answer_keeps_nobody_waiting(before_the_camera, sell, tmp_path):
    first, second = sell("arboretum", "adult", "adult")["good"]
    page = before_the_camera("arboretum", filmed(first, tmp_path, then=second))
    held = []
    page.route("**/desk/gate/arboretum/scans/", lambda told: held.append(told))
    page.click("text=カメラで読み取る")
    expect(page.locator("[data-recent-list] li")).to_have_count(2, timeout=20_000)
    assert len(held) == 1
    page.unroute_all(behavior="ignoreErrors")


SECONDS_OF_FILM = """seconds => {
  const video = document.querySelector("[data-video]");
  window.began ??= video.currentTime;
  return video.currentTime - began >= seconds;
}"""


def test_a_hand_that_moves_does_not_show_the_ticket_twice(before_the_camera, sell, tmp_path):
    (ticket,) = sell("planetarium", "adult")["good"]
    page = before_the_camera("planetarium", filmed(ticket, tmp_path, blank=5))  # out of sight for 0.5 s in each 1.5 s
    told = []
    page.on("request", lambda one: told.extend(json.loads(one.post_data or "{}").get("scans", [])))
    page.click("text=カメラで読み取る")
    expect(page.locator("[data-result]")).to_have_attribute("data-state", "admitted", timeout=20_000)
    page.wait_for_function(SECONDS_OF_FILM, arg=5)
    expect(page.locator("[data-result]")).to_have_attribute("data-state", "admitted")
    assert [one["outcome"] for one in told] == ["admitted"]


WHITE = bytes([255]) * (640 * 480)
GREY = bytes([128]) * (320 * 240 * 2)


def filmed(text, folder, blank=0, then=""):
    """A film (YUV4MPEG2) of a ticket's code for a second; then so many tenths without it, then another one's."""
    frames = [still(text, folder)] * 10 + [WHITE] * blank + [still(then, folder)] * (10 if then else 0)
    film = folder / "ticket.y4m"
    film.write_bytes(b"YUV4MPEG2 W640 H480 F10:1 Ip A1:1 C420\n" + b"".join(b"FRAME\n" + one + GREY for one in frames))
    return film


def still(text, folder):
    """One picture of a code, white around it."""
    from PIL import Image

    segno.make_qr(text, error="m").save(str(folder / "code.png"), scale=7, border=4)
    picture, code = Image.new("L", (640, 480), 255), Image.open(folder / "code.png").convert("L")
    picture.paste(code, ((640 - code.width) // 2, (480 - code.height) // 2))
    return picture.tobytes()
