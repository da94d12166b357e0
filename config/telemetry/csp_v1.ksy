meta:
  id: csp_v1
  title: Packet of the Cubesat Space Protocol, version 1
  endian: be
doc: |
  The header and what is behind it, a CRC-32C included. The dissector in daemon/telemetry/csp.ts checks that too and needs no
  word in a satellite's file: this one is there to be imported by definitions of what a satellite puts into its packets.
doc-ref: libcsp 1.x documentation, The Cubesat Space Protocol, protocol stack
seq:
  - id: priority
    type: b2
    enum: csp_priority
  - id: source
    type: b5
  - id: destination
    type: b5
  - id: destination_port
    type: b6
  - id: source_port
    type: b6
  - id: reserved
    type: b3
  - id: fragmentation
    type: b1
  - id: hmac
    type: b1
  - id: xtea
    type: b1
  - id: rdp
    type: b1
  - id: crc32c
    type: b1
  - id: data
    size-eos: true
enums:
  csp_priority:
    0: critical
    1: high
    2: normal
    3: low
