meta:
  id: funcube_1
  title: Telemetry frame of FUNcube-1 (AO-73), 256 bytes
  endian: be
doc: |
  A header byte, the 55 bytes of the real-time block, and 200 bytes of a payload whose kind the header tells. Fields without
  a unit are counts as they are sent: for sun sensors, antenna temperatures and the amplifier's power and temperature the
  operators publish tables or powers instead of a line. High-resolution data are given as bytes. Frames of other satellites
  of the family (FUNcube-2, and later ones with an extended header) have other blocks, given as bytes too.
doc-ref: |
  AMSAT-UK, FUNcube Data Warehouse (the operators' own server): order and width of the real-time block's fields, lines of its
  temperatures and bus voltages. gr-satellites 5, telemetry of FUNcube: the same, schedule of the frame types, whole-orbit data
  points, lines of the receiver's, transmitter's and amplifier's currents (the amplifier's begins at 2.5425 mA in the former).
  That frame types count from 0 and that data points run on from frame to frame agrees with the one received frame tried.
seq:
  - id: satellite_id
    type: b2
    enum: satellite
  - id: frame_type
    type: b6
    enum: frame_type
  - id: real_time
    type: real_time
    if: is_funcube_1
  - id: payload
    size: 200
    if: is_funcube_1
    type:
      switch-on: kind
      cases:
        0: whole_orbit
        2: fitter_message
  - id: rest
    size-eos: true
    if: not is_funcube_1
instances:
  is_funcube_1:
    value: satellite_id == satellite::funcube_1_engineering_model or satellite_id == satellite::funcube_1
    -hidden: true
  kind:
    value: 'frame_type.to_i < 12 ? 0 : frame_type.to_i > 23 or frame_type.to_i % 4 == 0 ? 1 : 2'
    -hidden: true
types:
  real_time:
    seq:
      - id: eps
        type: eps
      - id: boards
        type: boards
      - id: software
        type: software
  whole_orbit:
    doc: A piece of the data points of the last orbit, 23 bytes each, which run on from one frame to the next.
    seq:
      - id: end_of_earlier
        size: skipped
      - id: points
        type: data_point
        repeat: expr
        repeat-expr: (200 - skipped) / 23
      - id: begin_of_next
        size-eos: true
    instances:
      skipped:
        value: (23 - _root.frame_type.to_i * 200 % 23) % 23
        -hidden: true
  fitter_message:
    seq:
      - id: text
        type: strz
        size: 200
        encoding: ASCII
  eps:
    doc: Electrical power supply.
    seq:
      - id: photo_voltage_x
        type: u2
        -unit: mV
      - id: photo_voltage_y
        type: u2
        -unit: mV
      - id: photo_voltage_z
        type: u2
        -unit: mV
      - id: photo_current
        type: u2
        -unit: mA
      - id: battery_voltage
        type: u2
        -unit: mV
      - id: system_current
        type: u2
        -unit: mA
      - id: reboot_count
        type: u2
      - id: software_errors
        type: u2
      - id: boost_converter_temperature_x
        type: s1
        -unit: °C
      - id: boost_converter_temperature_y
        type: s1
        -unit: °C
      - id: boost_converter_temperature_z
        type: s1
        -unit: °C
      - id: battery_temperature
        type: s1
        -unit: °C
      - id: latch_up_count_5v
        type: u1
      - id: latch_up_count_3v3
        type: u1
      - id: reset_cause
        type: u1
      - id: power_point_tracking_mode
        type: u1
  boards:
    doc: "Sun sensors and panels, receiver and transmitter, power amplifier, antennas: 200 bits without a gap."
    seq:
      - id: sun_sensor_x_plus
        type: b10
      - id: sun_sensor_y_plus
        type: b10
      - id: sun_sensor_z_plus
        type: b10
      - id: panel_temperature_x_plus_raw
        type: b10
      - id: panel_temperature_x_minus_raw
        type: b10
      - id: panel_temperature_y_plus_raw
        type: b10
      - id: panel_temperature_y_minus_raw
        type: b10
      - id: bus_3v3_voltage_raw
        type: b10
      - id: bus_3v3_current
        type: b10
        -unit: mA
      - id: bus_5v_voltage_raw
        type: b10
      - id: receiver_doppler
        type: b8
      - id: receiver_rssi
        type: b8
      - id: receiver_temperature_raw
        type: b8
      - id: receiver_current_raw
        type: b8
      - id: transmitter_current_3v3_raw
        type: b8
      - id: transmitter_current_5v_raw
        type: b8
      - id: amplifier_reverse_power
        type: b8
      - id: amplifier_forward_power
        type: b8
      - id: amplifier_temperature
        type: b8
      - id: amplifier_current_raw
        type: b8
      - id: antenna_temperature_0
        type: b8
      - id: antenna_temperature_1
        type: b8
      - id: antenna_0_deployed
        type: b1
      - id: antenna_1_deployed
        type: b1
      - id: antenna_2_deployed
        type: b1
      - id: antenna_3_deployed
        type: b1
    instances:
      panel_temperature_x_plus:
        value: 158.239 + panel_temperature_x_plus_raw * -0.2073
        -unit: °C
      panel_temperature_x_minus:
        value: 159.227 + panel_temperature_x_minus_raw * -0.2083
        -unit: °C
      panel_temperature_y_plus:
        value: 158.656 + panel_temperature_y_plus_raw * -0.2076
        -unit: °C
      panel_temperature_y_minus:
        value: 159.045 + panel_temperature_y_minus_raw * -0.2087
        -unit: °C
      bus_3v3_voltage:
        value: bus_3v3_voltage_raw * 4
        -unit: mV
      bus_5v_voltage:
        value: bus_5v_voltage_raw * 6
        -unit: mV
      receiver_temperature:
        value: 193.672 + receiver_temperature_raw * -0.857
        -unit: °C
      receiver_current:
        value: receiver_current_raw * 0.636
        -unit: mA
      transmitter_current_3v3:
        value: transmitter_current_3v3_raw * 0.636
        -unit: mA
      transmitter_current_5v:
        value: transmitter_current_5v_raw * 1.272
        -unit: mA
      amplifier_current:
        value: 2.5435 + amplifier_current_raw * 0.5496
        -unit: mA
  software:
    doc: "The satellite's software."
    seq:
      - id: sequence_number
        type: b24
      - id: dtmf_command_count
        type: b6
      - id: dtmf_last_command
        type: b5
      - id: dtmf_command_success
        type: b1
      - id: valid_asib
        type: b1
      - id: valid_eps
        type: b1
      - id: valid_pa
        type: b1
      - id: valid_rf
        type: b1
      - id: valid_mse
        type: b1
      - id: valid_antennas_b
        type: b1
      - id: valid_antennas_a
        type: b1
      - id: in_eclipse
        type: b1
      - id: in_safe_mode
        type: b1
      - id: hardware_abf
        type: b1
      - id: software_abf
        type: b1
      - id: deployment_wait
        type: b1
  data_point:
    doc: One minute of an orbit.
    seq:
      - id: black_chassis_temperature_raw
        type: b12
      - id: silver_chassis_temperature_raw
        type: b12
      - id: black_panel_temperature_raw
        type: b12
      - id: silver_panel_temperature_raw
        type: b12
      - id: panel_temperature_x_plus_raw
        type: b10
      - id: panel_temperature_x_minus_raw
        type: b10
      - id: panel_temperature_y_plus_raw
        type: b10
      - id: panel_temperature_y_minus_raw
        type: b10
      - id: photo_voltage_x
        type: u2
        -unit: mV
      - id: photo_voltage_y
        type: u2
        -unit: mV
      - id: photo_voltage_z
        type: u2
        -unit: mV
      - id: photo_current
        type: u2
        -unit: mA
      - id: battery_voltage
        type: u2
        -unit: mV
      - id: system_current
        type: u2
        -unit: mA
    instances:
      black_chassis_temperature:
        value: 75.244 + black_chassis_temperature_raw * -0.024
        -unit: °C
      silver_chassis_temperature:
        value: 74.750 + silver_chassis_temperature_raw * -0.024
        -unit: °C
      black_panel_temperature:
        value: 75.039 + black_panel_temperature_raw * -0.024
        -unit: °C
      silver_panel_temperature:
        value: 75.987 + silver_panel_temperature_raw * -0.024
        -unit: °C
      panel_temperature_x_plus:
        value: 158.239 + panel_temperature_x_plus_raw * -0.2073
        -unit: °C
      panel_temperature_x_minus:
        value: 159.227 + panel_temperature_x_minus_raw * -0.2083
        -unit: °C
      panel_temperature_y_plus:
        value: 158.656 + panel_temperature_y_plus_raw * -0.2076
        -unit: °C
      panel_temperature_y_minus:
        value: 159.045 + panel_temperature_y_minus_raw * -0.2087
        -unit: °C
enums:
  satellite:
    0: funcube_1_engineering_model
    1: funcube_2
    2: funcube_1
    3: extended
  frame_type:
    0: whole_orbit_1
    1: whole_orbit_2
    2: whole_orbit_3
    3: whole_orbit_4
    4: whole_orbit_5
    5: whole_orbit_6
    6: whole_orbit_7
    7: whole_orbit_8
    8: whole_orbit_9
    9: whole_orbit_10
    10: whole_orbit_11
    11: whole_orbit_12
    12: high_resolution_1
    13: fitter_1
    14: fitter_2
    15: fitter_3
    16: high_resolution_2
    17: fitter_4
    18: fitter_5
    19: fitter_6
    20: high_resolution_3
    21: fitter_7
    22: fitter_8
    23: fitter_9
