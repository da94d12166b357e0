import { timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { ApiError } from './error.ts';

/** Whether a request may change the station. @throws ApiError TOKEN_NEEDED */
export function checkToken(request: FastifyRequest, token: string): void {
  const given = Buffer.from(request.headers.authorization?.replace(/^Bearer /i, '') ?? '');
  const wanted = Buffer.from(token);
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted))
    throw new ApiError(
      'TOKEN_NEEDED',
      "this changes the station: send 'Authorization: Bearer' with the operator token of the data folder",
    );
}
