# Verifies every *.eml of a folder with python3-dkim, an implementation that shares nothing with ours.
# dns.txt there holds "name<TAB>record" lines. Prints "file index verdict", one line for each DKIM-Signature.
import pathlib
import sys

import dkim

folder = pathlib.Path(sys.argv[1])
records = dict(line.split("\t", 1) for line in (folder / "dns.txt").read_text().splitlines())


def lookup(name, timeout=5):
    return records.get(name.decode("ascii").rstrip(".")).encode("ascii")


for path in sorted(folder.glob("*.eml")):
    message = path.read_bytes()
    for index in range(message.lower().count(b"dkim-signature:")):
        try:
            verdict = "pass" if dkim.DKIM(message).verify(index, dnsfunc=lookup) else "fail"
        except Exception as problem:
            verdict = "error " + repr(problem)
        print(path.name, index, verdict)
