#!/usr/bin/env python3
"""How much acknowledged mail one node loses when its power is cut.

    sudo python3 bench/power-cut.py durable|fast [--cuts 3] [--seconds 60] [--rate 40]

Linux, root, ext4 and a loop device; build first (./postmesh dev does). The node's data lie on a small disk image. While
mail comes in and its relay is away, so that all of it waits, the process is killed and the image copied as it is: what
was never fsynced is in the mounted file system's memory and not in the copy. The node starts again on the copy, with
the relay back, and whoever was promised a delivery and does not get one is counted. One line of JSON a cut: `lost` of
`acked`, and `window`, the age in seconds of the oldest mail lost.
"""
import argparse
import glob
import json
import os
import shutil
import smtplib
import socket
import subprocess
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
SENDERS = 4
TEXT = ("lorem ipsum dolor sit amet " * 2 + "\r\n") * 60


def run(*command):
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Relay:
    """Takes everything and remembers the Message-IDs."""

    def __init__(self, port):
        self.ids = set()
        self.count = 0
        self.socket = socket.create_server(("127.0.0.1", port), backlog=100)
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client, _ = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self.talk, args=(client,), daemon=True).start()

    def talk(self, client):
        lines = client.makefile("rb")

        def say(text):
            client.sendall(text.encode() + b"\r\n")

        try:
            say("220 relay.test")
            for line in lines:
                verb = line[:4].upper()
                if verb == b"DATA":
                    say("354 go on")
                    self.take(lines)
                say("221 bye" if verb == b"QUIT" else "250 ok")
                if verb == b"QUIT":
                    return
        except OSError:
            pass

    def take(self, lines):
        message_id = None
        for line in lines:
            if line == b".\r\n":
                self.ids.add(message_id)
                self.count += 1
                return
            if message_id is None and line.lower().startswith(b"message-id:"):
                message_id = line.split(b"<")[1].split(b">")[0].decode()
        raise OSError("hung up")


class Node:
    """`./postmesh run` on a data folder; returns when its door is open."""

    def __init__(self, options, data, relay):
        self.smtp = free_port()
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("POSTMESH_", "POSTFIX_"))}
        environment.update(
            POSTMESH_DATA_DIR=data,
            POSTMESH_PROFILE=options.profile,
            ALLOWED_SENDER_DOMAINS="demo.test",
            POSTMESH_SMTP_LISTEN=f"127.0.0.1:{self.smtp}",
            POSTMESH_HTTP_LISTEN=f"127.0.0.1:{free_port()}",
            POSTMESH_RETRY_SCHEDULE="2s",
            RELAYHOST=f"[127.0.0.1]:{relay}",
        )
        java = os.path.join(os.environ["JAVA_HOME"], "bin", "java") if "JAVA_HOME" in os.environ else "java"
        flags = ["-Xmx640m", "-XX:MaxDirectMemorySize=192m", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED"]
        self.process = subprocess.Popen(
            [java, *flags, "--sun-misc-unsafe-memory-access=allow", "-cp", options.class_path]
            + ["io.postmesh.local.Main", "run"],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
        self.await_door()

    def await_door(self):
        deadline = time.time() + 180
        while time.time() < deadline:
            if self.process.poll() is not None:
                raise SystemExit("the node ended by itself")
            try:
                smtplib.SMTP("127.0.0.1", self.smtp, timeout=10).quit()
                return
            except OSError:
                time.sleep(0.3)
        raise SystemExit("the node does not open its door")

    def kill(self):
        asked = subprocess.run(["ps", "-o", "pid=", "--ppid", str(self.process.pid)], capture_output=True, text=True)
        self.process.kill()
        self.process.wait()
        for child in asked.stdout.split():
            try:
                os.kill(int(child), 9)
            except OSError:
                pass


def send(node, name, rate, acked, stop):
    server = None
    number = 0
    while not stop.is_set():
        number += 1
        message_id = f"{name}-{number}@demo.test"
        text = f"From: a@demo.test\r\nMessage-ID: <{message_id}>\r\nSubject: test\r\n\r\n{TEXT}"
        try:
            server = server or smtplib.SMTP("127.0.0.1", node.smtp, timeout=40)
            server.sendmail("a@demo.test", ["b@one.test"], text)
            acked[message_id] = time.time()
        except (OSError, smtplib.SMTPException):
            server = None
        stop.wait(SENDERS / rate)


def load(options, node, seconds):
    """Who was acknowledged, the moment of the kill; the disk is cut by the caller right after it."""
    acked, stop = {}, threading.Event()
    senders = [
        threading.Thread(target=send, args=(node, f"{i}", options.rate, acked, stop), daemon=True) for i in range(SENDERS)
    ]
    for sender in senders:
        sender.start()
    time.sleep(seconds)
    killed = time.time()
    node.kill()
    return acked, killed, lambda: (stop.set(), [sender.join(45) for sender in senders])


def await_all(relay, ids):
    """Until everybody is there, or nobody came for 20 s."""
    last, since = -1, time.time()
    while not ids <= relay.ids and time.time() - since < 20:
        if len(relay.ids) != last:
            last, since = len(relay.ids), time.time()
        time.sleep(0.5)


def cut(options, folder):
    image, at = os.path.join(folder, "disk.img"), os.path.join(folder, "disk")
    os.makedirs(at)
    run("truncate", "-s", "2G", image)
    run("mkfs.ext4", "-q", "-F", "-E", "lazy_itable_init=1", image)
    run("mount", "-o", "loop", image, at)
    try:
        port = free_port()
        acked, killed, end = load(options, Node(options, at + "/data", port), options.seconds)
        run("cp", "--sparse=always", image, image + ".cut")
        end()
        run("umount", at)
        run("mount", "-o", "loop", image + ".cut", at)
        ids = {message_id for message_id, when in acked.items() if when <= killed}
        relay = Relay(port)
        node = Node(options, at + "/data", port)
        await_all(relay, ids)
        node.kill()
        relay.socket.close()
        lost = ids - relay.ids
        return {
            "acked": len(ids),
            "lost": len(lost),
            "window": round(max((killed - acked[message_id] for message_id in lost), default=0), 1),
            "copies": relay.count - len(relay.ids),
        }
    finally:
        run("umount", "-l", at)


def main():
    jars = glob.glob(os.path.join(HERE, "../mesh-local/target/mesh-local-*.jar"))
    built = ":".join(jars + [os.path.join(HERE, "../mesh-local/target/lib/*")])
    parser = argparse.ArgumentParser()
    parser.add_argument("profile", choices=["durable", "fast"])
    parser.add_argument("--cuts", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--rate", type=float, default=40)
    parser.add_argument("--class-path", default=built)
    options = parser.parse_args()
    for number in range(1, options.cuts + 1):
        folder = tempfile.mkdtemp(prefix="power-cut-")
        try:
            print(json.dumps({"profile": options.profile, "cut": number, **cut(options, folder)}), flush=True)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
