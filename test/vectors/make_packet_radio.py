"""Writes packet-radio.json: channel bits of FX.25 and IL2P from independent encoders.

The specification of IL2P gives three packets with their trailing CRC. The others are what gen_packets of direwolf 1.7 sends (Debian
13 has it): run it with the programme as argument, for instance  python3 make_packet_radio.py gen_packets
Its audio is clean and its symbol clock the file's, so that a tone or a sign for every symbol gives the bits.
"""

import cmath
import json
import math
import pathlib
import subprocess
import sys
import tempfile
import wave

RATE = 48000
MARK, SPACE = 1200, 2200
TEXT = ["N0CALL-1>CQ:", "N0CALL-1>CQ:short ~~~~~~", "N0CALL-1>CQ,WIDE2-2:" + "long " * 60]
SYNC = "f15e48"
SPECIFICATION = [
    ("S frame", "968264888aaee4969668908a946f81", "26574d57f1d2a8f06af27bad23bdc07f001d2b"),
    ("U frame", "86a24040404060969668908a94ff03f0", "6aea9cc20111fc141fda6ef25391bd476c5454"),
    (
        "I frame",
        "968264888aaee4969668908a9465b8cf303132333435363738",
        "26136d028cfefbe8aa942d6a3443353c699f0c755a38a17fa5dad8f6ea57373db12ab0de44a820d01d5a2b38",
    ),
]


def audio(program, options, text):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "packets.wav"
        message = pathlib.Path(folder) / "message"
        message.write_text(text)
        subprocess.run([*program, *options, "-r", str(RATE), "-o", path, message], check=True, stdout=subprocess.DEVNULL)
        with wave.open(str(path)) as file:
            raw = file.readframes(file.getnframes())
    return [int.from_bytes(raw[i : i + 2], "little", signed=True) for i in range(0, len(raw), 2)]


def tones(samples, from_, n, hz):
    return abs(sum(samples[from_ + i] * cmath.exp(-2j * math.pi * hz * i / RATE) for i in range(n)))


def afsk(samples):
    n = RATE // 1200
    return in_step(n, lambda i: tones(samples, i, n, MARK) - tones(samples, i, n, SPACE), len(samples) - n)


def baseband(samples):
    return in_step(RATE // 9600, lambda i: samples[i], len(samples))


def in_step(n, decision, end):
    """Bits at the phase of the symbol clock where decisions are clearest."""
    start = max(range(n), key=lambda phase: sum(abs(decision(i)) for i in range(phase, end, n)))
    return [int(decision(i) > 0) for i in range(start, end, n)]


def hexadecimal(bits):
    padded = bits + [0] * (-len(bits) % 8)
    return "".join(f"{int(''.join(map(str, padded[i : i + 8])), 2):02x}" for i in range(0, len(padded), 8))


def frame(text, translated):
    """The AX.25 frame of a message, as direwolf sets its bits; a header that IL2P translates keeps one of the two command bits."""
    head, information = text.split(":", 1)
    source, rest = head.split(">", 1)
    addresses = [*rest.split(",")[:1], source, *rest.split(",")[1:]]
    out = b""
    for i, address in enumerate(addresses):
        name, _, ssid = address.partition("-")
        last = i == len(addresses) - 1
        flags = 0xE0 if i == 0 or (i == 1 and not translated) else 0x60
        out += bytes(ord(c) << 1 for c in name.ljust(6)) + bytes([flags | int(ssid or 0) << 1 | last])
    return (out + b"\x03\xf0" + information.encode()).hex()


def main(program):
    vectors = [
        {
            "name": f"IL2P {name} of the specification",
            "params": {"kind": "il2p"},
            "symbols": 4 * len(SYNC + coded),
            "onAir": SYNC + coded,
            "frames": [ax25],
        }
        for name, ax25, coded in SPECIFICATION
    ]
    sent = [
        *[("fx25", ["-X", str(parity)], afsk) for parity in (16, 32, 64)],
        ("fx25-g3ruh", ["-X", "1", "-B", "9600"], baseband),
        ("il2p", ["-I", "1"], afsk),
        ("il2p", ["-i", "1", "-B", "9600"], baseband),
    ]
    for kind, options, demodulate in sent:
        for text in TEXT:
            bits = demodulate(audio(program, options, text))
            vectors.append(
                {
                    "name": f"{kind} {' '.join(options)}, {len(text)} characters",
                    "params": {"kind": kind},
                    "symbols": len(bits),
                    "onAir": hexadecimal(bits),
                    "frames": [frame(text, kind == "il2p" and "," not in text)],
                }
            )
    by = "The examples of the IL2P specification v0.6, and direwolf 1.7's gen_packets (make_packet_radio.py). Bits as in framings.json."
    path = pathlib.Path(__file__).with_name("packet-radio.json")
    path.write_text(json.dumps({"by": by, "tolerance": "exact", "vectors": vectors}, indent=1) + "\n")


main(sys.argv[1:] or ["gen_packets"])
