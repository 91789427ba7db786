"""The two ends of the MQTT peer, each a process: `terminal FILE` with an outbox in SQLite, and `sink FILE PORT`."""

import json
import queue
import random
import sqlite3
import sys
import threading
import time

from paho.mqtt.client import Client, ConnectFlags, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from bench.proxy import HOST

LETTERS, ANSWERS = "letters/", "answers/terminal"
EXACTLY_ONCE = 2
MOST_AT_ONCE = 64
"""Letters that the sink commits in one transaction, as ours takes in one batch."""

LONGEST_SILENCE_S = 60.0


def opened(file: str) -> sqlite3.Connection:
    base = sqlite3.connect(file, isolation_level=None)
    base.execute("PRAGMA journal_mode=WAL")
    base.execute("PRAGMA synchronous=FULL")
    base.execute("CREATE TABLE letters (id TEXT PRIMARY KEY, body BLOB NOT NULL) WITHOUT ROWID")
    return base


def client_of(name: str) -> Client:
    client = Client(CallbackAPIVersion.VERSION2, client_id=name, clean_session=False)
    client.max_queued_messages_set(0)
    client.reconnect_delay_set(1, 1)
    return client


def say(**words: object) -> None:
    print(json.dumps(words), flush=True)


def sink(file: str, port: int) -> None:
    """Commit what comes, then answer with the ids; until standard input ends."""
    client = client_of("central")
    came: queue.SimpleQueue[tuple[str, bytes]] = queue.SimpleQueue()

    def connected(one: Client, data: object, flags: ConnectFlags, code: ReasonCode, more: Properties | None) -> None:
        one.subscribe(f"{LETTERS}+", EXACTLY_ONCE)

    def subscribed(*told: object) -> None:
        say(ready=True)

    def message(one: Client, data: object, got: MQTTMessage) -> None:
        came.put((got.topic.removeprefix(LETTERS), bytes(got.payload)))

    def commit() -> None:
        base = opened(file)
        while True:
            some = [came.get()]
            while len(some) < MOST_AT_ONCE and not came.empty():
                some.append(came.get())
            base.execute("BEGIN IMMEDIATE")
            base.executemany("INSERT OR IGNORE INTO letters VALUES (?, ?)", some)
            base.execute("COMMIT")
            client.publish(ANSWERS, json.dumps([letter for letter, _ in some]), qos=1)

    client.on_connect, client.on_subscribe, client.on_message = connected, subscribed, message
    threading.Thread(target=commit, daemon=True).start()
    client.connect(HOST, port)
    client.loop_start()
    sys.stdin.read()


def terminal(file: str) -> None:
    """Fill the outbox with the sizes told, then send it to the port told; each a line of JSON on standard input."""
    base = opened(file)
    chance = random.Random(1)
    sizes = json.loads(sys.stdin.readline())["sizes"]
    base.execute("BEGIN IMMEDIATE")
    for place, size in enumerate(sizes):
        base.execute("INSERT INTO letters VALUES (?, ?)", (f"{place:08}", chance.randbytes(size)))
    base.execute("COMMIT")
    say(ready=len(sizes))
    port = int(json.loads(sys.stdin.readline())["port"])

    client = client_of("terminal")
    answered: queue.SimpleQueue[list[str]] = queue.SimpleQueue()
    ready = threading.Event()

    def connected(one: Client, data: object, flags: ConnectFlags, code: ReasonCode, more: Properties | None) -> None:
        one.subscribe(ANSWERS, 1)

    def subscribed(*told: object) -> None:
        ready.set()

    def message(one: Client, data: object, got: MQTTMessage) -> None:
        answered.put(json.loads(got.payload))

    client.on_connect, client.on_subscribe, client.on_message = connected, subscribed, message
    began = time.perf_counter()
    client.connect(HOST, port)
    client.loop_start()
    assert ready.wait(20)
    for letter, body in base.execute("SELECT id, body FROM letters ORDER BY id"):
        client.publish(LETTERS + letter, body, qos=EXACTLY_ONCE)
    left = len(sizes)
    while left:
        try:
            ids = answered.get(timeout=LONGEST_SILENCE_S)
        except queue.Empty:
            break
        base.execute("BEGIN IMMEDIATE")
        for letter in ids:
            left -= base.execute("DELETE FROM letters WHERE id = ?", (letter,)).rowcount
        base.execute("COMMIT")
    say(seconds=time.perf_counter() - began, left=left)
    sys.stdin.read()


if __name__ == "__main__":
    if sys.argv[1] == "sink":
        sink(sys.argv[2], int(sys.argv[3]))
    else:
        terminal(sys.argv[2])
