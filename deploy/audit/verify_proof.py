#!/usr/bin/env python3
"""Check the proof of a case by itself: nothing of the suite is needed, only Python 3.8 and `openssl`.

    python verify_proof.py proof-123456789012.json
    python verify_proof.py --key public.pem --digests DIR proof-123456789012.json

It checks each entry's seal, the chain from the case number to the last entry, what was left after an erasure, the path
from the case to the root of each signed digest, and the signatures. Exit code 0 when all is well, 1 when anything is
not, 2 when the file cannot be read. What it computes is written in the file itself, under "algorithm".

A proof is as good as what you compare it with: --key is the public key that you were given on another way than the
proof, --digests a folder with digests (JSON with "body") that you kept since. Without --key the proof's own is used.
What no digest has seen yet anybody could have written, with a chain that fits: it is named, and with --key or --digests
a proof of which nothing is signed is refused. `case` is a summary for readers; what is proven are the entries.
"""

import argparse
import hashlib
import json
import subprocess
import sys
import tempfile
from pathlib import Path

LASTING = ("seq", "fact", "at", "recorded_at", "by", "key", "due_at", "voids")
PERHAPS_PERSONAL = ("product", "source", "external_ref")
ERASED = "personal_data_erased"
NUL = "\0"


def h(*parts):
    """H of these texts with NUL between them."""
    return hashlib.sha256(NUL.join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def canonical(value):
    """JSON in ASCII, members sorted, no blanks."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def lasting(fact):
    """The part of a fact that no erasure changes."""
    kept = {name: fact[name] for name in LASTING if name in fact}
    given = fact.get("set", {})
    return {**kept, "set": {name: value for name, value in given.items() if name not in PERHAPS_PERSONAL}}


def check_entries(proof):
    """Every mistake in the entries."""
    chain, last_erasure = h("aftercare case chain 1", proof["case_no"]), 0
    for place, entry in enumerate(proof["entries"], 1):
        fact = json.loads(entry["body"])
        where = f"entry {place}: "
        if entry["seq"] != place or fact["seq"] != place:
            yield where + f"it says that it is entry {fact['seq']}"
        if entry["fact"] != fact or entry["detail"] != json.loads(entry["detail_text"]):
            yield where + "`fact` or `detail` is not what `body` and `detail_text` say"
        if entry["salt"] is not None and h(entry["salt"], entry["body"], entry["detail_text"]) != entry["seal"]:
            yield where + "its text does not fit its seal: it was changed after it was written"
        chain = h(chain, str(entry["version"]), entry["seal"] or "", canonical(lasting(fact)))
        if chain != entry["chain"]:
            yield where + "its chain does not follow from the entry before it"
            chain = entry["chain"]
        last_erasure = place if fact["fact"] == ERASED else last_erasure
    yield from check_erasures(proof["entries"], last_erasure)


def check_erasures(entries, last):
    """Entries without a salt, and what was left after the last erasure."""
    for entry in entries:
        if entry["salt"] is None and entry["seq"] >= last:
            yield f"entry {entry['seq']}: it has no salt, and no erasure is on record after it"
    left = json.loads(entries[last - 1]["detail_text"]).get("remains") if last else None
    texts = [text for entry in entries[: max(last - 1, 0)] for text in (entry["body"], entry["detail_text"])]
    if left is not None and h(*texts) != left:
        yield f"entry {last}: what was left after this erasure was changed since"


def climb(start, place, count, path):
    """The root to which a path leads; None where it is no path of such a tree."""
    found, rest = start, [bytes.fromhex(each) for each in path]
    while count > 1:
        if place ^ 1 < count:
            if not rest:
                return None
            pair = (rest[0], found) if place & 1 else (found, rest[0])
            found = hashlib.sha256(b"\x01" + pair[0] + pair[1]).digest()
            rest = rest[1:]
        place, count = place // 2, (count + 1) // 2
    return None if rest else found.hex()


def check_digest(proof, digest, keys, kept):
    """Every mistake in one digest; `keys` are public keys by fingerprint, `kept` digests that the auditor has."""
    where, said = f"digest {digest['no']}: ", json.loads(digest["body"])
    text = NUL.join((proof["case_no"], str(digest["seq"]), digest["chain"]))
    leaf = hashlib.sha256(b"\x00" + text.encode()).digest()
    if said["no"] != digest["no"] or said["cases"] != digest["leaves"]:
        yield where + "it is listed otherwise than it says"
    if climb(leaf, digest["leaf"], digest["leaves"], digest["path"]) != said["root"]:
        yield where + "the path does not lead to its root"
    if not 0 < digest["seq"] <= len(proof["entries"]):
        yield where + f"it has seen entry {digest['seq']}, which is not here: the end was cut off"
    elif proof["entries"][digest["seq"] - 1]["chain"] != digest["chain"]:
        yield where + f"it has seen another entry {digest['seq']} than the one here"
    if said["key"] not in keys:
        yield where + "it names a key that is not known"
    elif not is_signed(keys[said["key"]], digest["body"], digest["signature"]):
        yield where + "its signature is not right"
    if kept.get(digest["no"], digest["body"]) != digest["body"]:
        yield where + "it is not the one that was kept"


def fingerprint(public):
    """The SHA-256 of the 32 bytes of a public key in PEM."""
    import base64

    lines = [line for line in public.splitlines() if line and not line.startswith("-")]
    return hashlib.sha256(base64.b64decode("".join(lines))[-32:]).hexdigest()


def is_signed(public, text, signature):
    """Whether `openssl` says that the signature is right."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "key.pem").write_text(public)
        (folder / "text").write_bytes(text.encode())
        (folder / "signature").write_bytes(bytes.fromhex(signature))
        command = "openssl pkeyutl -verify -pubin -inkey key.pem -rawin -in text -sigfile signature".split()
        return subprocess.run(command, cwd=name, capture_output=True, check=False).returncode == 0


def check(proof, keys, kept):
    """Every mistake in a proof."""
    if proof["format"] != "aftercare case proof 1" or not proof["entries"]:
        yield "this is no proof of a case that this program knows"
        return
    yield from check_entries(proof)
    if (proof["case"]["case_no"], proof["case"]["version"]) != (proof["case_no"], proof["entries"][-1]["version"]):
        yield "`case` is another case, or at another version, than the entries make it"
    for digest in proof["digests"]:
        yield from check_digest(proof, digest, keys, kept)
    if proof["sealed_up_to"] != max([digest["seq"] for digest in proof["digests"]] or [0]):
        yield "sealed_up_to is not what the digests say"


def main():
    """Check one file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("proof", type=Path, help="the JSON file of `aftercare case proof`")
    parser.add_argument("--key", type=Path, help="the public key in PEM that digests must be signed with")
    parser.add_argument("--digests", type=Path, help="a folder of digests that were kept elsewhere")
    asked = parser.parse_args()
    try:
        proof = json.loads(asked.proof.read_text(encoding="utf-8"))
        given = [asked.key.read_text()] if asked.key else list(proof["keys"].values())
        files = sorted(asked.digests.glob("*.json")) if asked.digests else []
        bodies = [json.loads(each.read_text())["body"] for each in files]
        kept = {json.loads(body)["no"]: body for body in bodies}
        wrong = list(check(proof, {fingerprint(each): each for each in given}, kept))
        if (asked.key or asked.digests) and not proof.get("digests"):
            wrong.append("nothing of it is signed: no digest stands for this case")
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        sys.stderr.write(f"{asked.proof} cannot be read as a proof: {error!r}\n")
        return 2
    for each in wrong:
        print(each)
    if not wrong:
        entries, digests = len(proof["entries"]), len(proof["digests"])
        print(f"case {proof['case_no']} is as it was written: {entries} entries,", end=" ")
        print(f"signed up to entry {proof['sealed_up_to']} by {digests} digests")
        if proof["sealed_up_to"] < entries:
            first = proof["sealed_up_to"] + 1
            print(f"from entry {first} on nobody has signed it yet: take a proof after the next digest")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
