import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import Type from 'typebox';
import { settingsProblems } from './schemas.ts';
import type { SettingsCheck, SettingsProposal, SettingsReport, SettingsSaved } from './wire.ts';

/** What is answered, and what is to be done when the answer is on its way: the station may start anew. */
export interface Change<Answer> {
  readonly answer: Answer;
  readonly apply: (() => void) | null;
}

/** What the API needs of the settings. */
export interface SettingsSource {
  /** @throws ApiError where the file can't be read */
  report(): SettingsReport;
  check(proposal: SettingsProposal): SettingsCheck;
  /** @throws ApiError SETTINGS_INVALID, SETTINGS_CHANGED, SETTINGS_UNWRITABLE: nothing has changed then */
  save(proposal: SettingsProposal, hash: string): Promise<Change<SettingsSaved>>;
}

const closed = { additionalProperties: false } as const;
const text = Type.String();
const masked = 'secrets are shown as ********, and stay when that is sent back';
const orNull = (description: string) => Type.Union([Type.String({ description }), Type.Null()]);
/** Longer ones are no configuration. */
const largestBody = 2 << 20;

export const settingsReport = Type.Object(
  {
    file: text,
    saved_to: Type.String({ description: 'where changes go: the example of the project stays' }),
    operator_token_file: Type.String({ description: 'holds the token that changes need' }),
    hash: text,
    yaml: Type.String({ description: masked }),
    settings: Type.Unknown({ description: 'the same as data; null where the file is no YAML' }),
    schema: Type.Unknown({ description: 'JSON Schema of the settings' }),
    not_writable: orNull('why nothing can be saved'),
    last_change: Type.Union([
      Type.Object({ at: text, outcome: Type.Enum(['applied', 'undone']), reason: orNull('why it was undone') }, closed),
      Type.Null(),
    ]),
  },
  closed,
);

const proposal = {
  yaml: Type.Optional(Type.String({ maxLength: 1_000_000, description: 'the settings as text' })),
  settings: Type.Optional(Type.Unknown({ description: 'or as data: comments of the file stay' })),
};
const oneOfThem = { ...closed, oneOf: [{ required: ['yaml'] }, { required: ['settings'] }] };

export const settingsCheck = Type.Object(
  {
    problems: settingsProblems,
    diff: Type.String({ description: 'unified diff against the file, empty where nothing changes' }),
    yaml: text,
    settings: Type.Unknown(),
    interrupts: Type.Array(Type.String({ description: 'what is broken off when the station starts anew' })),
  },
  closed,
);

export const settingsSaved = Type.Object(
  { hash: text, restarts: Type.Boolean({ description: 'the station starts anew, and is away for some seconds' }) },
  closed,
);

export function addSettingsRoutes(
  app: FastifyInstance,
  source: SettingsSource,
  answers: (ok: object) => object,
  onRequest: (request: FastifyRequest) => Promise<void>,
): void {
  app.get(
    '/api/settings',
    { schema: { summary: 'Settings of the station, without secrets', response: answers(settingsReport) } },
    () => source.report(),
  );
  app.post<{ Body: SettingsProposal }>(
    '/api/settings/check',
    {
      bodyLimit: largestBody,
      schema: {
        summary: 'What is wrong with settings, and what they would change',
        body: Type.Object(proposal, oneOfThem),
        response: answers(settingsCheck),
      },
    },
    ({ body }) => source.check(body),
  );
  app.put<{ Body: SettingsProposal & { hash: string } }>(
    '/api/settings',
    {
      onRequest,
      bodyLimit: largestBody,
      schema: {
        summary: 'Saves settings and starts the station anew with them; needs the operator token',
        body: Type.Object({ ...proposal, hash: Type.String({ maxLength: 200 }) }, oneOfThem),
        response: answers(settingsSaved),
      },
    },
    async ({ body }, reply) => answerThenApply(reply, await source.save(body, body.hash)),
  );
}

/** The station may close its API when it applies the change: the answer goes out before. */
export function answerThenApply<Answer>(reply: FastifyReply, { answer, apply }: Change<Answer>): Answer {
  if (apply !== null) reply.raw.once('close', apply);
  return answer;
}
