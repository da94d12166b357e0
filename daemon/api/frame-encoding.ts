import type { StoredFrame } from './wire.ts';

/** A frame as bytes on a connection; made once, however many clients get it. */
export type FrameEncoding = (frame: StoredFrame) => Uint8Array;

/** Remembers what `encode` gave for as long as the frame itself is held. */
export function encodeOnce(encode: FrameEncoding): FrameEncoding {
  const made = new WeakMap<StoredFrame, Uint8Array>();
  return (frame) => {
    const encoded = made.get(frame) ?? encode(frame);
    made.set(frame, encoded);
    return encoded;
  };
}

/** An unmasked text message. Source: RFC 6455 §5.2. */
export const webSocketMessage: FrameEncoding = encodeOnce((frame) => {
  const text = Buffer.from(JSON.stringify(frame));
  const finalText = 0x81;
  if (text.length < 126) return Buffer.concat([Uint8Array.of(finalText, text.length), text]);
  const short = text.length < 0x1_0000;
  const header = Buffer.alloc(short ? 4 : 10);
  header[0] = finalText;
  header[1] = short ? 126 : 127;
  if (short) header.writeUInt16BE(text.length, 2);
  else header.writeBigUInt64BE(BigInt(text.length), 2);
  return Buffer.concat([header, text]);
});

/** A server-sent event. Source: WHATWG HTML §9.2. JSON has no line breaks. */
export const serverSentEvent: FrameEncoding = encodeOnce((frame) =>
  Buffer.from(`id: ${frame.seq}\ndata: ${JSON.stringify(frame)}\n\n`),
);
