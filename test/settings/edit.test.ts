import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { findProject } from '../../daemon/core/project.ts';
import { editYaml } from '../../daemon/settings/edit.ts';
import { unifiedDiff } from '../../daemon/settings/line-diff.ts';

const example = readFileSync(join(findProject().folder, 'config', 'station.example.yaml'), 'utf8');
const comments = (text: string) => text.match(/#.*/g) ?? [];

test('a value changed in the example changes its line alone', () => {
  const data = parse(example);
  data.sdrs[0].seed = 2;
  expect(unifiedDiff(example, editYaml(example, data), 'station.yaml')).toBe(`--- station.yaml
+++ station.yaml
@@ -31,7 +31,7 @@
     start: mid-pass
     ebn0_db: 22
     frame_interval_s: 2
-    seed: 1
+    seed: 2
     receive: [GOMX-3]
 
   # An RTL-SDR on this machine: rtl_tcp is started and watched. All keys but driver and receive may be left out.
`);
});

test('keys and items that come, go and change places leave the comments of the others', () => {
  const text = `# head
sdrs:
- driver: simulator # first
  receive: [A]   # wanted
- {driver: file, path: x} # second
# before the end
clock: auto
`;
  const data = parse(text);
  data.sdrs = [
    { driver: 'file', path: 'y' },
    { driver: 'simulator', receive: ['A'] },
  ];
  data.station = { name: 'a: b' };
  const edited = editYaml(text, data);
  expect(parse(edited)).toEqual(data);
  expect(comments(edited).sort()).toEqual(comments(text).sort());
  expect(edited).toContain('  receive: [A]   # wanted\n');
});

test('what is written says what was meant, whatever it is', () => {
  const value = fc.letrec((tie) => ({
    any: fc.oneof({ depthSize: 'small' }, fc.string(), fc.integer(), fc.boolean(), tie('list'), tie('group')),
    list: fc.array(tie('any'), { maxLength: 4 }),
    group: fc.dictionary(fc.stringMatching(/^[a-z_]{1,6}$/), tie('any'), { maxKeys: 4 }),
  })).group;
  fc.assert(
    fc.property(value, value, (before, after) => {
      expect(parse(editYaml(stringify(before), after))).toEqual(after);
    }),
  );
});
