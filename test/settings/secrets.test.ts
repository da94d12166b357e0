import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { editYaml } from '../../daemon/settings/edit.ts';
import { mask, maskYaml, restoreData, restoreYaml, secretsIn } from '../../daemon/settings/secrets.ts';

const text = `collectors:
  - id: a
    type: sids
    url: https://me:first@db.example/api?key=second
    token: "third one"  # mine
    # password: fourth
  - id: b
    type: mqtt
    url: mqtt://user:fifth@host:1883
    password: sixth
  - id: c
    type: webhook
    secret: |
      seventh
      line
`;
const secrets = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh'];

test('no secret is shown, and what is sent back as it was shown is the file again', () => {
  const shown = maskYaml(text);
  for (const secret of secrets) expect(shown).not.toContain(secret);
  expect(restoreYaml(text, shown).replace(/secret: .*/s, '')).toBe(text.replace(/secret: .*/s, ''));
  expect(parse(restoreYaml(text, shown))).toEqual(parse(text));
  expect(editYaml(text, restoreData(parse(text), parse(shown)))).toBe(text);
});

test('secrets stay with their collector when others go, and new ones are taken', () => {
  const data = parse(maskYaml(text));
  data.collectors = [data.collectors[2], { ...data.collectors[1], password: 'new' }];
  const restored = restoreData(parse(text), data) as { collectors: Record<string, string>[] };
  expect(restored.collectors[0]!['secret']).toBe('seventh\nline\n');
  expect(restored.collectors[1]).toMatchObject({ url: 'mqtt://user:fifth@host:1883', password: 'new' });
});

test('a mask for which there is no secret stays one', () => {
  const data = { collectors: [{ id: 'z', token: mask }] };
  expect(restoreData(parse(text), data)).toEqual(data);
});

test('text that is no YAML is masked too', () => {
  const shown = maskYaml(`sdrs: [\ntoken: hunter2\n${text}`);
  for (const secret of ['hunter2', 'fourth', 'first', 'sixth']) expect(shown).not.toContain(secret);
});

test('the secrets of settings are known', () => {
  expect(secretsIn(parse(text))).toEqual(['first', 'second', 'third one', 'fifth', 'sixth', 'seventh\nline\n']);
});
