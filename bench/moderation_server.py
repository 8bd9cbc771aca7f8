"""The moderation server beside the shipped NudeDetector behind the simplest Flask route, both over HTTP on
loopback.

Pictures: JPEG collages of 1024 x 768 with several detections each. First both must give the same detections;
then they are loaded in turns (A B A B …) by two and by four connections, and the median of the ratios of each
pair counts. Last, pictures arrive at random (Poisson) at 70 % of what our server can do, and p50 and p99 are
printed.
"""

import argparse
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


def open_loop(port: int, forms: list[bytes], rate: float, seconds: float) -> Load:
    """Pictures arrive at random; their time counts from when they were due."""
    load, source, local = Load(seconds), random.Random(7), threading.local()
    begin = time.perf_counter() + 0.1

    def run(due: float, body: bytes) -> None:
        time.sleep(max(0.0, due - time.perf_counter()))
        if not hasattr(local, "connection"):
            local.connection = http.client.HTTPConnection("127.0.0.1", port)
        ask(local.connection, body)
        load.latencies.append(time.perf_counter() - due)

    with ThreadPoolExecutor(24) as threads:
        due = begin
        while due < begin + seconds:
            threads.submit(run, due, random.choice(forms))
            due += source.expovariate(rate)
    return load


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
            rate = 0.7 * max(result[1] for result in results)
            load = open_loop(our_port, forms, rate, 3 * seconds)
            p50, p99 = load.percentile(0.5), load.percentile(0.99)
            print(f"at 70 % load ({rate:.0f}/s): p50 {p50:.1f} ms, p99 {p99:.1f} ms, p99/p50 {p99 / p50:.2f}")
    worst = min(result[0] for result in results)
    print(f"{'reached' if worst >= TARGET else 'MISSED'}: {worst:.2f} x the shipped class (target {TARGET})")
    return 0 if worst >= TARGET else 1


if __name__ == "__main__":
    sys.exit(main())
