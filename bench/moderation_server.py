"""The moderation server beside the shipped NudeDetector behind the simplest Flask route, both over HTTP on
loopback.

Pictures: JPEG collages of 1024 x 768 with several detections each. First both must give the same detections;
then they are loaded in turns (A B A B …) by two and by four connections, and the median of the ratios of each
pair counts. The limit of both is printed beside them: what the model alone does in one process per core.

Last, pictures arrive at 70 % of what our server can do, evenly and at random (Poisson), and p99 is compared
with p50. At random even a perfect queue, whose every picture takes exactly p50 of an idle server, has a tail:
its own ratio for the same arrivals is printed as the limit.
"""

import argparse
import heapq
import http.client
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import cv2

from tests.moderation.server.samples import collage

ROOT = Path(__file__).resolve().parents[1]
TARGET = 2.2
MOST_TAIL = 3.0
QUALITY = 85  # what is usual on the web
BOUNDARY = "a-boundary-of-the-benchmark"
PEER = """
import sys
from flask import Flask, jsonify, request
from nudenet import NudeDetector
from werkzeug.serving import run_simple

app, detector = Flask(__name__), NudeDetector()

@app.post("/infer")
def infer():
    return jsonify(prediction=[detector.detect(request.files["f1"].read())], success=True)

@app.get("/")
def root():
    return "ready"

import logging
logging.getLogger("werkzeug").setLevel(logging.ERROR)
run_simple("127.0.0.1", int(sys.argv[1]), app, threaded=True)
"""
ALONE = """
import sys, time
import numpy as np
from moderation.server.detector import INPUT_SIDE, Detector
from moderation.server.model_file import model_path

detector, picture = Detector(model_path()), np.zeros((INPUT_SIDE, INPUT_SIDE, 3), np.uint8)
for _ in range(10):
    detector.infer(picture)
count, begin = 0, time.perf_counter()
while time.perf_counter() < begin + float(sys.argv[1]):
    detector.infer(picture)
    count += 1
print(count / (time.perf_counter() - begin))
"""


@dataclass
class Load:
    """What one server did in one round."""

    seconds: float
    latencies: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        return len(self.latencies) / self.seconds

    def percentile(self, share: float) -> float:
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000

    @property
    def tail(self) -> float:
        return self.percentile(0.99) / self.percentile(0.5)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def started(command: list[str], port: int) -> Iterator[int]:
    """Run a server until it answers, and end it."""
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        stop = time.monotonic() + 60
        while not answers(port):
            if process.poll() is not None or time.monotonic() > stop:
                raise SystemExit(f"{command[1:3]} did not start")
            time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def answers(port: int) -> bool:
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        connection.request("GET", "/")
        return connection.getresponse().status == 200
    except OSError:
        return False


def bodies(count: int) -> list[bytes]:
    """Multipart forms with one JPEG each."""
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="f1"; filename="p.jpg"\r\n\r\n'.encode()
    tail = f"\r\n--{BOUNDARY}--\r\n".encode()
    return [
        head + bytes(cv2.imencode(".jpg", collage(seed), [cv2.IMWRITE_JPEG_QUALITY, QUALITY])[1]) + tail
        for seed in range(count)
    ]


def ask(connection: http.client.HTTPConnection, body: bytes) -> bytes:
    connection.request("POST", "/infer", body, {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"})
    response = connection.getresponse()
    answer = response.read()
    if response.status != 200:
        raise SystemExit(f"status {response.status}: {answer[:200]!r}")
    return answer


def closed_loop(port: int, forms: list[bytes], connections: int, seconds: float) -> Load:
    """Each connection asks for the next picture as soon as it has the last one's answer."""
    load, stop = Load(seconds), time.perf_counter() + seconds

    def run(offset: int) -> None:
        connection, turn = http.client.HTTPConnection("127.0.0.1", port), offset
        while (begin := time.perf_counter()) < stop:
            ask(connection, forms[turn % len(forms)])
            load.latencies.append(time.perf_counter() - begin)
            turn += 1
        connection.close()

    threads = [threading.Thread(target=run, args=(number * 3,)) for number in range(connections)]
    begin = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    load.seconds = time.perf_counter() - begin
    return load


def arrivals(rate: float, seconds: float, *, at_random: bool) -> list[float]:
    """Seconds after the start at which a picture arrives, so many a second."""
    source, due, times = random.Random(7), 0.0, []
    while due < seconds:
        times.append(due)
        due += source.expovariate(rate) if at_random else 1 / rate
    return times


def open_loop(port: int, forms: list[bytes], times: list[float]) -> Load:
    """Pictures arrive at these times, whatever became of the last one; a picture's time counts from then."""
    load, local = Load(times[-1]), threading.local()
    begin = time.perf_counter() + 0.1

    def run(due: float, body: bytes) -> None:
        time.sleep(max(0.0, due - time.perf_counter()))
        if not hasattr(local, "connection"):
            local.connection = http.client.HTTPConnection("127.0.0.1", port)
        ask(local.connection, body)
        load.latencies.append(time.perf_counter() - due)

    with ThreadPoolExecutor(24) as threads:
        for number, due in enumerate(times):
            threads.submit(run, begin + due, forms[number % len(forms)])
    return load


def perfect(times: list[float], service: float, servers: int) -> Load:
    """What a queue in front of so many servers would do if each picture took exactly `service` seconds."""
    free, load = [0.0] * servers, Load(times[-1])
    for due in times:
        start = max(heapq.heappop(free), due)
        heapq.heappush(free, start + service)
        load.latencies.append(start + service - due)
    return load


def tails(port: int, forms: list[bytes], rate: float, seconds: float) -> bool:
    """Print p99 against p50 at 70 % of `rate`; whether both are near enough."""
    service = statistics.median(closed_loop(port, forms, 1, seconds / 2).latencies)
    even = open_loop(port, forms, arrivals(0.7 * rate, 3 * seconds, at_random=False))
    times = arrivals(0.7 * rate, 3 * seconds, at_random=True)
    at_random, limit = open_loop(port, forms, times), perfect(times, service, 2)
    print(f"at 70 % load ({0.7 * rate:.0f}/s), p99 against p50:")
    for name, load in (("evenly", even), ("at random", at_random), ("at random, a perfect queue", limit)):
        p50, p99 = load.percentile(0.5), load.percentile(0.99)
        print(f"  {name:28} p50 {p50:6.1f} ms   p99 {p99:6.1f} ms   ratio {load.tail:.2f}")
    return even.tail <= MOST_TAIL and at_random.tail <= max(MOST_TAIL, limit.tail)


def model_alone(processes: int, seconds: float) -> float:
    """Pictures a second that the model does with nothing around it, in so many processes."""
    commands = [[sys.executable, "-c", ALONE, str(seconds)]] * processes
    running = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for command in commands]
    return sum(float(process.communicate()[0]) for process in running)


def check_equal(peer: int, ours: int, forms: list[bytes]) -> int:
    """Both must give the same labels and boxes, and scores to five digits; returns how many detections there
    are.
    """
    total = 0
    left, right = (http.client.HTTPConnection("127.0.0.1", port) for port in (peer, ours))
    for body in forms:
        theirs = json.loads(ask(left, body))["prediction"][0]
        our_own = json.loads(ask(right, body))["prediction"][0]
        for detections in (theirs, our_own):
            for item in detections:
                item["score"] = round(item["score"], 5)
        if theirs != our_own:
            raise SystemExit(f"the detections differ: {theirs} and {our_own}")
        total += len(theirs)
    return total


def compare(
    peer: int, ours: int, forms: list[bytes], connections: int, rounds: int, seconds: float
) -> tuple[float, float]:
    """Print the rounds' medians; return the median ratio and our server's rate."""
    pairs = []
    for _ in range(rounds):
        theirs = closed_loop(peer, forms, connections, seconds)
        pairs.append((theirs, closed_loop(ours, forms, connections, seconds)))
    ratios = [our_own.rate / theirs.rate for theirs, our_own in pairs]
    for name, side in (("shipped class behind Flask", 0), ("moderation server", 1)):
        rate = statistics.median(pair[side].rate for pair in pairs)
        p50 = statistics.median(pair[side].percentile(0.5) for pair in pairs)
        p99 = statistics.median(pair[side].percentile(0.99) for pair in pairs)
        print(f"  {name:28} {rate:7.1f} pictures/s   p50 {p50:6.1f} ms   p99 {p99:6.1f} ms")
    ratio = statistics.median(ratios)
    print(f"  ratio {ratio:.2f} (rounds: {', '.join(f'{value:.2f}' for value in ratios)})")
    return ratio, statistics.median(our_own.rate for _, our_own in pairs)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--quick", action="store_true", help="under a minute")
    given = parser.parse_args()
    rounds, seconds = (4, 2.0) if given.quick else (9, 5.0)
    forms = bodies(8 if given.quick else 24)
    peer_port, our_port = free_port(), free_port()
    with tempfile.TemporaryDirectory() as folder:
        server = ["-m", "moderation.server", "--port", str(our_port), "--data", folder]
        ours = [sys.executable, *server, "--workers", "2", "--nms", "agnostic"]
        with started([sys.executable, "-c", PEER, str(peer_port)], peer_port), started(ours, our_port):
            count = check_equal(peer_port, our_port, forms)
            print(f"{len(forms)} pictures, {count} detections, equal on both sides; {os.cpu_count()} cores")
            results = []
            for connections in (2, 4):
                print(f"{connections} connections, {rounds} rounds of {seconds:g} s in turns:")
                results.append(compare(peer_port, our_port, forms, connections, rounds, seconds))
            is_steady = tails(our_port, forms, max(result[1] for result in results), seconds)
    print(f"the model alone in 2 processes  {model_alone(2, seconds):7.1f} pictures/s")
    worst = min(result[0] for result in results)
    is_fast = worst >= TARGET
    print(f"{'reached' if is_fast else 'MISSED'}: {worst:.2f} x the shipped class (target {TARGET})")
    print(f"{'reached' if is_steady else 'MISSED'}: p99/p50 (target {MOST_TAIL:g}, or a perfect queue's)")
    return 0 if is_fast and is_steady else 1


if __name__ == "__main__":
    sys.exit(main())
