#!/usr/bin/env python3
"""Pictures made to hurt: each is imported alone, and may take 5 s of a processor and 512 MB at most. `Fuzz/hostile.py PROGRAM`."""

import os
import struct
import subprocess
import sys
import tempfile
import zlib

SAMPLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../catalog-samples/images/mug-cobalt.jpg")
SECONDS, MEGABYTES = 5, 512


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width, height, data, extra=b"", interlaced=0):
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, interlaced)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + extra + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def zeros(count):
    deflate = zlib.compressobj(9)
    block = bytes(1 << 20)
    parts = [deflate.compress(block) for _ in range(count >> 20)]
    return b"".join(parts) + deflate.flush()


def jpegs():
    plain = open(SAMPLE, "rb").read()
    frame = next(plain.index(mark) for mark in (b"\xff\xc0", b"\xff\xc2") if mark in plain)
    scan = plain.index(b"\xff\xda")
    end_of_header = scan + 2 + struct.unpack(">H", plain[scan + 2 : scan + 4])[0]

    def sized(width, height, progressive=False):
        changed = bytearray(plain[:end_of_header])
        changed[frame + 5 : frame + 9] = struct.pack(">HH", height, width)
        if progressive:
            changed[frame + 1] = 0xC2
            changed[-3:] = b"\x00\x00\x01"
        return bytes(changed)

    def with_segment(marker, body):
        return plain[:2] + bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body + plain[2:]

    yield "truncated.jpg", plain[: len(plain) // 2]
    yield "lying-header.jpg", sized(9900, 9900) + plain[end_of_header:]
    yield "wide.jpg", sized(65500, 1500) + plain[end_of_header:]
    yield "wide-strip.jpg", sized(65535, 320) + plain[end_of_header:]
    scans = sized(9900, 9900, progressive=True)
    again = scans[scan:] + bytes(24)
    yield "thousand-scans.jpg", scans + bytes(24) + again * 1000 + b"\xff\xd9"
    yield "wrong-profile.jpg", with_segment(0xE2, b"ICC_PROFILE\0\x01\x01" + os.urandom(60000))
    yield "wrong-exif.jpg", with_segment(0xE1, b"Exif\0\0MM\0*\xff\xff\xff\xf0" + b"\xff" * 200)


def pngs():
    rows = zeros(300_020_000)
    small = zlib.compress(bytes(400 * 1201))
    yield "bomb.png", png(10000, 10000, rows)
    yield "interlaced-bomb.png", png(10000, 9990, rows, interlaced=1)
    yield "more-than-said.png", png(400, 400, rows)
    yield "endless-header.png", png(2**31 - 1, 2**31 - 1, small)
    yield "profile-bomb.png", png(400, 400, small, chunk(b"iCCP", b"x\0\0" + zeros(200 << 20)))
    text = chunk(b"zTXt", b"x\0\0" + zeros(20 << 20))
    yield "text-bombs.png", png(400, 400, small, text * 200)
    yield "wide.png", png(65535, 400, zlib.compress((b"\0" + os.urandom(65535 * 3)) * 400, 1))


def main(program):
    worst = (0.0, 0)
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        for name, data in [*jpegs(), *pngs()]:
            with open(f"{folder}/{name}", "wb") as file:
                file.write(data)
            with open(f"{folder}/feed.csv", "w") as file:
                file.write(f"id,title,image_link,price,description\n1,Mug,{name},9 EUR,x\n")
            child = subprocess.Popen(
                [program, "import", f"{folder}/feed.csv", "--home", f"{folder}/home-{name}", "--quiet"],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "SWIFT_BACKTRACE": "enable=no"},
            )
            _, status, usage = os.wait4(child.pid, 0)
            seconds, megabytes = usage.ru_utime + usage.ru_stime, usage.ru_maxrss // 1024
            code = os.waitstatus_to_exitcode(status)
            is_good = code in (0, 3) and seconds < SECONDS and megabytes < MEGABYTES
            failed = failed or not is_good
            worst = (max(worst[0], seconds), max(worst[1], megabytes))
            print(f"{'good' if is_good else 'BAD'}  {name}: {seconds:.2f} s, {megabytes} MB, exit {code}")
            os.remove(f"{folder}/{name}")
    print(f"worst: {worst[0]:.2f} s, {worst[1]} MB")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
