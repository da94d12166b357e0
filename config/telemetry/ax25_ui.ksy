meta:
  id: ax25_ui
  title: AX.25 unnumbered information frame
  endian: be
doc: |
  Two addresses, control, PID and information; no digipeaters, no FCS. Frames of every kind are read by the dissector in
  daemon/telemetry/ax25.ts, which needs no word in a satellite's file: this one is there to be imported by definitions of
  what a satellite puts into its information field.
doc-ref: AX.25 Link Access Protocol v2.2, 3.12 and 4.3.3.6
seq:
  - id: destination
    type: ax25_address
  - id: source
    type: ax25_address
  - id: control
    type: u1
  - id: pid
    type: u1
  - id: information
    size-eos: true
types:
  ax25_address:
    seq:
      - id: callsign_raw
        size: 6
        process: ror(1)
      - id: command_bit
        type: b1
      - id: reserved
        type: b2
        -hidden: true
      - id: ssid
        type: b4
      - id: last
        type: b1
        -hidden: true
    instances:
      callsign:
        value: callsign_raw.to_s("ASCII")
