#!/usr/bin/env python3
"""Puts the vectors of AMSAT's Fox framings into framings.json. Needs nothing but Python; shares no code with dsp/framing.

Facts from FoxTelem (github.com/ac2cz/FoxTelem): its *.format files (sizes, number of Reed-Solomon words, their padding), the order
in which HighSpeedBitStream deals bytes out to the words, the sync words 0x0fa (10 bits) and 0x47cd215d (31 bits). 8b/10b after
Widmer and Franaszek 1983. Reed-Solomon (255,223) of CCSDS 131.0-B, conventional basis.
"""
import json
import pathlib

# --- 8b/10b, built from the sub-block tables as printed in the paper: both columns, written out.
SIX = """100111 011000|011101 100010|101101 010010|110001 110001|110101 001010|101001 101001|011001 011001|111000 000111
111001 000110|100101 100101|010101 010101|110100 110100|001101 001101|101100 101100|011100 011100|010111 101000
011011 100100|100011 100011|010011 010011|110010 110010|001011 001011|101010 101010|011010 011010|111010 000101
110011 001100|100110 100110|010110 010110|110110 001001|001110 001110|101110 010001|011110 100001|101011 010100"""
SIX = [pair.split() for row in SIX.split('\n') for pair in row.split('|')]
FOUR = [p.split() for p in '1011 0100|1001 1001|0101 0101|1100 0011|1101 0010|1010 1010|0110 0110|1110 0001'.split('|')]


def word(byte, rd):
    """Ten bits as text, and the running disparity (-1 or +1) behind them."""
    low, high = byte % 32, byte // 32
    six = SIX[low][rd > 0]
    rd += 2 * six.count('1') - 6
    four = FOUR[high][rd > 0]
    if high == 7 and rd < 0 and low in (17, 18, 20):
        four = '0111'
    if high == 7 and rd > 0 and low in (11, 13, 14):
        four = '1000'
    rd += 2 * four.count('1') - 4
    assert rd in (-1, 1)
    return six + four, rd


# As listed in FoxTelem's table (its lower ten bits).
for byte, minus, plus in ((0x00, 0x274, 0x18b), (0x1c, 0x0eb, 0x0e4), (0xe3, 0x31e, 0x311), (0xeb, 0x34e, 0x348),
                          (0xed, 0x2ce, 0x2c8), (0xf1, 0x237, 0x231), (0xf4, 0x0b7, 0x0b1), (0xff, 0x2b1, 0x14e),
                          (0x67, 0x38c, 0x073), (0x7f, 0x2b3, 0x14c), (0x63, 0x31c, 0x313)):
    assert int(word(byte, -1)[0], 2) == minus and int(word(byte, 1)[0], 2) == plus, hex(byte)

# --- Reed-Solomon: parity by long division with the generator polynomial, field elements multiplied bit by bit.


def times(a, b):
    out = 0
    while b:
        if b & 1:
            out ^= a
        a <<= 1
        if a & 0x100:
            a ^= 0x187
        b >>= 1
    return out


def power(a, n):
    out = 1
    for _ in range(n):
        out = times(out, a)
    return out


GENERATOR = [1]
for i in range(32):
    root = power(2, 11 * (112 + i) % 255)
    shifted = GENERATOR + [0]
    scaled = [0] + [times(root, g) for g in GENERATOR]
    GENERATOR = [x ^ y for x, y in zip(shifted, scaled)]


def parity(message):
    rest = list(message) + [0] * 32
    for i in range(len(message)):
        lead = rest[i]
        for j, g in enumerate(GENERATOR):
            rest[i + j] ^= times(lead, g)
    return rest[-32:]


# --- Frames.


def block(data, padding):
    """Data, then parity, dealt out in turn; `padding` are the virtual zeros of each word."""
    words = [data[i::len(padding)] for i in range(len(padding))]
    assert [223 - len(w) for w in words] == padding
    checks = [parity(w) for w in words]
    return list(data) + [checks[w][k] for k in range(32) for w in range(len(padding))]


def line(frames, sync, rd=-1):
    """Sync word (10 bits: K28.5 with the running disparity), frame, sync word, …"""
    bits = ''
    for frame in frames + [[]]:
        if len(sync) == 10:
            bits += sync if rd < 0 else ''.join('10'[int(b)] for b in sync)
            rd = -rd
        else:
            bits += sync
        for byte in frame:
            ten, rd = word(byte, rd)
            bits += ten
    return bits


def vector(name, kind, sizes, padding, sync, frame_size=None, rd=-1):
    datas = []
    for f, size in enumerate(sizes):
        state = 12345 + 7 * f + size
        data = []
        for _ in range(size):
            state = (1103515245 * state + 12345) % 2 ** 31
            data.append(state >> 16 & 255)
        datas.append(data)
    bits = '10' * 32 + line([block(d, padding) for d in datas], sync, rd) + '10' * 8
    air = int(bits.ljust(-(-len(bits) // 8) * 8, '0'), 2).to_bytes(-(-len(bits) // 8), 'big').hex()
    params = {'kind': kind, **({'frameSize': frame_size} if frame_size else {})}
    return {'name': name, 'params': params, 'symbols': len(bits), 'onAir': air, 'frames': [bytes(d).hex() for d in datas]}


COMMA = '0011111010'
PN = f'{0x47cd215d:031b}'
new = [
    vector('Fox DUV', 'fox-duv', [64, 64], [159], COMMA),
    vector('Fox DUV, other disparity', 'fox-duv', [64], [159], COMMA, rd=1),
    vector('Fox high speed', 'fox-high-speed', [4600], [3] + [4] * 20, COMMA),
    vector('Fox BPSK', 'fox-psk', [476, 476], [64, 64, 65], PN, 476),
    vector('Fox BPSK GOLF', 'fox-psk', [564], [35, 35, 35], PN, 564),
    vector('Fox BPSK MESAT1', 'fox-psk', [669], [0, 0, 0], PN),
]
path = pathlib.Path(__file__).with_name('framings.json')
file = json.loads(path.read_text())
names = {v['name'] for v in new}
file['vectors'] = [v for v in file['vectors'] if v['name'] not in names] + new
note = ' The vectors of Fox and EQUiSat come from make_fox.py and make_equisat.py; no other program was at hand to decode them.'
file['by'] = file['by'].replace(note, '') + note
path.write_text(json.dumps(file, indent=1, ensure_ascii=False))
