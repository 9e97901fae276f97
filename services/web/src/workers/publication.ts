/** A text that does not change while the process runs: rendered when it is first asked for, compressed forms likewise, off the event loop. */
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
const brotliQuality = 9;
const gzipLevel = 9;

const compress = {
  br: (body: Buffer) => promisify(brotliCompress)(body, { params: { [constants.BROTLI_PARAM_QUALITY]: brotliQuality } }),
  gzip: (body: Buffer) => promisify(gzip)(body, { level: gzipLevel }),
};

export function createPublication(media_type: string, render: () => string): Publication {
  let plain: Form | undefined;
  const forms = new Map<Coding, Promise<Form>>();
  const identity = (): Form => {
    if (plain === undefined) {
      const body = Buffer.from(render());
      plain = { coding: 'identity', body, tag: createHash('sha256').update(body).digest('base64url').slice(0, 16) };
    }
    return plain;
  };
  const make = async (coding: Coding): Promise<Form> => {
    const { body, tag } = identity();
    if (coding === 'identity' || body.length < compressedFrom) return identity();
    return { coding, body: await compress[coding](body), tag: `${tag}-${coding}` };
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
