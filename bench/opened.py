"""Waiting for central to open what it has acknowledged: its processor time is not whole before."""

import http.client
import json
import time

LOOK_S = 0.05
PATIENCE_S = 300.0


def until_opened(host: str, port: int) -> float:
    """The seconds until no letter waits to be opened."""
    began = time.perf_counter()
    line = http.client.HTTPConnection(host, port, timeout=30)
    try:
        while True:
            line.request("GET", "/health")
            waiting = json.loads(line.getresponse().read())["unopened"]
            took = time.perf_counter() - began
            if waiting == 0:
                return took
            assert took < PATIENCE_S, f"{waiting} letters stay unopened"
            time.sleep(LOOK_S)
    finally:
        line.close()
