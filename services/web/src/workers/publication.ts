/** What does not change while the process runs: made when it is first asked for, compressed forms likewise, off the event loop. */
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

export type Coding = 'br' | 'gzip' | 'identity';

export interface Form {
  coding: Coding;
  body: Buffer;
  /** Names content and form: two forms of one content are two representations. */
  tag: string;
}

export interface Publication {
  media_type: string;
  /** The text in this form; small texts are as they are in each. */
  form(coding: Coding): Promise<Form>;
}

const compressedFrom = 1_024;

interface Effort {
  readonly brotli_quality: number;
  readonly gzip_level: number;
}
/** Once for as long as the process runs, or for one answer. */
const kept: Effort = { brotli_quality: 9, gzip_level: 9 };
const once: Effort = { brotli_quality: 4, gzip_level: 5 };

const compress = {
  br: (body: Buffer, { brotli_quality }: Effort) =>
    promisify(brotliCompress)(body, { params: { [constants.BROTLI_PARAM_QUALITY]: brotli_quality } }),
  gzip: (body: Buffer, { gzip_level }: Effort) => promisify(gzip)(body, { level: gzip_level }),
};

/** A content that is sent once, in this form where that is worth it. */
export async function formOnce(media_type: string, body: Buffer, coding: Coding): Promise<Form> {
  const tag = contentTag(body);
  if (coding === 'identity' || !isCompressible(media_type, body)) return { coding: 'identity', body, tag };
  return { coding, body: await compress[coding](body, once), tag: `${tag}-${coding}` };
}

/** The name of a content: the beginning of its SHA-256. */
export function contentTag(body: Buffer): string {
  return createHash('sha256').update(body).digest('base64url').slice(0, 16);
}

/** In another coding; what is small, or packed already, stays as it is. */
function isCompressible(media_type: string, body: Buffer): boolean {
  return body.length >= compressedFrom && !media_type.startsWith('font/');
}

export function createPublication(media_type: string, render: () => string | Buffer): Publication {
  let plain: Form | undefined;
  const forms = new Map<Coding, Promise<Form>>();
  const identity = (): Form => {
    if (plain === undefined) {
      const content = render();
      const body = typeof content === 'string' ? Buffer.from(content) : content;
      plain = { coding: 'identity', body, tag: contentTag(body) };
    }
    return plain;
  };
  const make = async (coding: Coding): Promise<Form> => {
    const { body, tag } = identity();
    if (coding === 'identity' || !isCompressible(media_type, body)) return identity();
    return { coding, body: await compress[coding](body, kept), tag: `${tag}-${coding}` };
  };
  return {
    media_type,
    form(coding) {
      const made = forms.get(coding) ?? make(coding);
      forms.set(coding, made);
      return made;
    },
  };
}
