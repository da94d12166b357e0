import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { ApiError } from './error.ts';

/**
 * What the page may do: run its own scripts and styles, ask this station, and show pictures that it made itself. Whatever a frame
 * or a name holds, it can't run.
 */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Hands out the status page, as it was built, at /. @param folder of the built page */
export async function addPage(app: FastifyInstance, folder: string): Promise<void> {
  if (!existsSync(join(folder, 'index.html'))) {
    app.get('/', { schema: { hide: true } }, () => {
      throw new ApiError('NOT_FOUND', 'the page was not built: npm run build:page builds it');
    });
    return;
  }
  // Routes are made of the files that are there: no name from outside is ever a path.
  await app.register(fastifyStatic, {
    root: folder,
    wildcard: false,
    preCompressed: true,
    cacheControl: false,
    schemaHide: true,
    setHeaders(reply, path) {
      reply.header('content-security-policy', contentSecurityPolicy);
      // The names of these have a hash of what is in them.
      if (path.includes('/assets/')) reply.header('cache-control', 'public, max-age=31536000, immutable');
    },
  });
}
