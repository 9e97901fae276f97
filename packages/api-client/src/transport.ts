/** How requests travel; two ways with the same shape. */

export interface TransportRequest {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string | AsyncIterable<Uint8Array> | undefined;
  signal: AbortSignal | undefined;
}

export interface TransportAnswer {
  status: number;
  headers: Record<string, string>;
  text: string;
}

export type Transport = (request: TransportRequest) => Promise<TransportAnswer>;
