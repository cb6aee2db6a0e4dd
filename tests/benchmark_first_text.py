"""How soon the first words stand on a weak network: part of ``make bench``.

A phone's Chromium with nothing cached, 50 KB/s and 300 ms between question and answer, the production server and
its compressed files. Prints the median of the first contentful paint for some kinds of page.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from statistics import median
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Browser, sync_playwright

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
PHONE = {"width": 360, "height": 740}
NETWORK = {"offline": False, "latency": 300, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
MOST = 3.0
ROUNDS = 5
PAGES = (
    "/",
    "/guides/?city=dazhou&county=xuanhan",
    "/guides/dazhou/zhuyuan-baoxiao/xuanhan/",
    "/offices/dazhou/xuanhan/",
)
FIRST_TEXT = "performance.getEntriesByName('first-contentful-paint')[0].startTime"


def free_port() -> int:
    """A port nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def serve(port: int) -> subprocess.Popen[bytes]:
    """The production server, once it answers."""
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port), "--no-ws"]
    options = ["--blocking-threads", "2", "--workers-kill-timeout", "2", "--log-level", "warning"]
    server = subprocess.Popen([*command, *options, "config.wsgi:application"])
    for _ in range(100):
        try:
            with urlopen(f"http://127.0.0.1:{port}/robots.txt"):
                return server
        except URLError:
            time.sleep(0.2)
    server.kill()
    raise SystemExit("网站没有启动")


def first_text(browser: Browser, address: str) -> float:
    """Seconds until something can be read, with an empty cache."""
    context = browser.new_context(viewport=PHONE, is_mobile=True)  # type: ignore[arg-type]
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", NETWORK)
    page.goto(address, wait_until="load")
    page.wait_for_function("performance.getEntriesByName('first-contentful-paint').length")
    seconds = float(page.evaluate(FIRST_TEXT)) / 1000
    context.close()
    return seconds


def main() -> None:
    """Measure and print one line for each page."""
    port = free_port()
    server = serve(port)
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
            )
            print(f"首屏文字，50 KB/s、延迟 300 毫秒（不超过 {MOST} 秒）")
            for path in PAGES:
                times = [first_text(browser, f"http://127.0.0.1:{port}{path}") for _ in range(ROUNDS)]
                print(f"{path:44}中位 {median(times):.2f} 秒，最慢 {max(times):.2f} 秒")
            browser.close()
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main()
