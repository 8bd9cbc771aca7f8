"""A picture through `/api/moderation/analyze` beside the direct call to the moderation server, in turns.

Limit: at the median at most 15 ms over the direct call, p99 at most 3 times the median. First both must see
the same detections. Runs against a MuseNest that answers already (`script/server`), or starts one.
"""

import argparse
import json
import os
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import skimage

ROOT = Path(__file__).resolve().parents[1]
PICTURES = Path(skimage.__file__).parent / "data"
MOST_EXTRA_MS = 15.0
MOST_TAIL = 3.0
START_SECONDS = 240


@contextmanager
def musenest() -> Iterator[dict[str, Any]]:
    """The demonstration's sign-ins of a MuseNest that answers."""
    demo = ROOT / "var" / "demo.json"
    if demo.exists() and is_up(json.loads(demo.read_text())["base_url"]):
        yield json.loads(demo.read_text())
        return
    server = subprocess.Popen(["bash", "script/server"], cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + START_SECONDS
        while not (demo.exists() and is_up(json.loads(demo.read_text())["base_url"])):
            if server.poll() is not None or time.monotonic() > deadline:
                sys.exit("script/server did not start.")
            time.sleep(1)
        yield json.loads(demo.read_text())
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(60)


def moderation_key() -> str:
    """The moderation server's; on a new machine `script/server` makes it."""
    given = os.environ.get("MODERATION_SERVER_API_KEY")
    return given or str(json.loads((ROOT / "var" / "secrets.json").read_text())["MODERATION_SERVER_API_KEY"])


def is_up(url: str) -> bool:
    try:
        return httpx.get(f"{url}/api/health", timeout=5).is_success
    except httpx.HTTPError:
        return False


def timed(call: Callable[[bytes], httpx.Response], picture: bytes) -> tuple[float, dict[str, Any]]:
    started = time.perf_counter()
    answer = call(picture)
    elapsed = (time.perf_counter() - started) * 1000
    answer.raise_for_status()
    body: dict[str, Any] = answer.json()
    return elapsed, body


def percentile(values: list[float], percent: int) -> float:
    return sorted(values)[min(len(values) - 1, len(values) * percent // 100)]


def run(rounds: int) -> bool:
    direct_url = f"http://127.0.0.1:{os.environ.get('MODERATION_PORT', '5000')}"
    pictures = [(PICTURES / name).read_bytes() for name in ("color.png", "astronaut.png", "chelsea.png")]
    with musenest() as demo, httpx.Client(timeout=30) as client:
        headers = {"X-API-Key": demo["customer"]["api_key"]}
        direct_key = moderation_key()
        site = client.get(
            f"{demo['base_url']}/api/site-configuration/sites/acme-market", headers=headers
        ).json()["data"]["id"]

        def through_api(picture: bytes) -> httpx.Response:
            return client.post(
                f"{demo['base_url']}/api/moderation/analyze",
                headers=headers,
                data={"site": site},
                files={"image": ("image", picture)},
            )

        def direct(picture: bytes) -> httpx.Response:
            return client.post(
                f"{direct_url}/analyze",
                headers={"Authorization": f"Bearer {direct_key}"},
                data={"site": site, "enable_child_detection": "true"},
                files={"image": ("image", picture)},
            )

        for picture in pictures:
            _, ours = timed(through_api, picture)
            _, theirs = timed(direct, picture)
            if ours["data"]["labels"] != theirs["labels"]:
                sys.exit("The two did not see the same detections.")

        extra: list[float] = []
        whole: list[float] = []
        alone: list[float] = []
        for number in range(rounds):
            picture = pictures[number % len(pictures)]
            api_ms, _ = timed(through_api, picture)
            direct_ms, _ = timed(direct, picture)
            whole.append(api_ms)
            alone.append(direct_ms)
            extra.append(api_ms - direct_ms)
    median, tail = statistics.median(extra), percentile(whole, 99) / statistics.median(whole)
    print(f"rounds                      {rounds}, detections equal")
    print(f"direct call, median         {statistics.median(alone):6.1f} ms")
    print(
        f"through the API, median     {statistics.median(whole):6.1f} ms, p99 {percentile(whole, 99):.1f} ms"
    )
    print(f"extra, median of the pairs  {median:6.1f} ms (limit {MOST_EXTRA_MS:g})")
    print(f"p99 / median                {tail:6.2f} (limit {MOST_TAIL:g})")
    return median <= MOST_EXTRA_MS and tail <= MOST_TAIL


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="60 rounds instead of 1,000")
    sys.exit(0 if run(60 if parser.parse_args().quick else 1_000) else 1)
