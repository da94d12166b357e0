"""Passes of many satellites by skyfield's find_events. Reads TLE pairs from standard input; arguments: latitude, longitude,
altitude in m, minimum elevation, from and to as Unix seconds. Prints one JSON object: passes that rise in the time, and the
seconds that finding them took (reading and the start of Python left out)."""
import json
import sys
import time
from skyfield.api import EarthSatellite, load, wgs84
from datetime import datetime, timezone

latitude, longitude, altitude, elevation, start, end = map(float, sys.argv[1:7])
lines = [line.rstrip('\n') for line in sys.stdin if line.strip()]
ts = load.timescale(builtin=True)
satellites = [EarthSatellite(lines[i], lines[i + 1], 'x', ts) for i in range(0, len(lines), 2)]
place = wgs84.latlon(latitude, longitude, elevation_m=altitude)
t0, t1 = (ts.from_datetime(datetime.fromtimestamp(s, timezone.utc)) for s in (start, end))
began = time.process_time()
passes = 0
for satellite in satellites:
    _, events = satellite.find_events(place, t0, t1, altitude_degrees=elevation)
    passes += int((events == 0).sum())
print(json.dumps({'passes': passes, 'seconds': time.process_time() - began}))
