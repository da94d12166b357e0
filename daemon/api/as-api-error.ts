import type { FastifyError, FastifySchemaValidationError } from 'fastify';
import { ApiError } from './error.ts';

/** What a client is told of any failure of a request; only a fault of the program itself is INTERNAL. */
export function asApiError(error: FastifyError | ApiError): ApiError {
  if (error instanceof ApiError) return error;
  if (error.validation) {
    return new ApiError('BAD_QUERY', error.validation.map(problemOf).join('; '));
  }
  if (error.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE')
    return new ApiError('BAD_QUERY', "send the body as JSON, with 'Content-Type: application/json'");
  if (error.statusCode !== undefined && error.statusCode < 500) return new ApiError('BAD_QUERY', error.message);
  return new ApiError('INTERNAL', 'internal error: see the log of the station');
}

function problemOf(problem: FastifySchemaValidationError): string {
  const { instancePath, keyword, message } = problem;
  const name = instancePath.slice(1) || 'what is sent';
  const params = problem.params as { additionalProperty?: string; allowedValues?: readonly unknown[] };
  const { description } = (problem as { parentSchema?: { description?: string } }).parentSchema ?? {};
  if (params.additionalProperty !== undefined)
    return `there is no parameter '${params.additionalProperty.slice(0, 100)}'`;
  if (params.allowedValues !== undefined)
    return `${name} must be one of ${params.allowedValues.map((value) => JSON.stringify(value)).join(', ')}`;
  if (keyword === 'pattern' && description !== undefined) return `${name} must be ${description}`;
  return `${name} ${message}`;
}
