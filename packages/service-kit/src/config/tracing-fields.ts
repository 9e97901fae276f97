/** Where traces go and how many: the variables OpenTelemetry knows, with its names and defaults, as far as Souk heeds them. */
import Type from 'typebox';

const address = (description: string) =>
  Type.Optional(Type.String({ pattern: '^https?://[^\\s]+$', maxLength: 2_048, examples: ['http://127.0.0.1:4318'], description }));
const timeoutMs = 10_000;
const scheduleDelayMs = 5_000;
const timeoutMsMax = 60_000;

export const tracingFields = {
  otel_exporter_otlp_endpoint: address(
    'OpenTelemetry collector that gets traces, over HTTP, at /v1/traces below this address; without one there are none.',
  ),
  otel_exporter_otlp_traces_endpoint: address('The whole address for traces, in place of OTEL_EXPORTER_OTLP_ENDPOINT.'),
  otel_exporter_otlp_protocol: Type.Union([Type.Literal('http/protobuf')], {
    default: 'http/protobuf',
    description: 'How traces are sent; there is one way.',
  }),
  otel_exporter_otlp_headers: Type.Optional(
    Type.String({
      pattern: '^[^\\s=,]+=([^%,]|%[0-9A-Fa-f]{2})*(,[^\\s=,]+=([^%,]|%[0-9A-Fa-f]{2})*)*$',
      maxLength: 8_192,
      secret: true,
      description: 'Headers for the collector, name=value, separated by commas, values encoded as in URLs.',
    }),
  ),
  otel_exporter_otlp_timeout: Type.Integer({
    minimum: 100,
    maximum: timeoutMsMax,
    default: timeoutMs,
    description: 'Longest time for the collector to take a batch, in milliseconds.',
  }),
  otel_bsp_schedule_delay: Type.Integer({
    minimum: 1,
    maximum: timeoutMsMax,
    default: scheduleDelayMs,
    description: 'How long spans gather before they are sent, in milliseconds; each sending costs as much as some dozens of spans.',
  }),
  otel_traces_sampler: Type.Union(
    [Type.Literal('parentbased_traceidratio'), Type.Literal('parentbased_always_on'), Type.Literal('parentbased_always_off')],
    {
      default: 'parentbased_traceidratio',
      description: 'Which traces that begin here are recorded; one that began elsewhere is recorded when its sender says so.',
    },
  ),
  otel_traces_sampler_arg: Type.Number({
    minimum: 0,
    maximum: 1,
    default: 1,
    description: 'Share of traces recorded by parentbased_traceidratio, from 0 to 1.',
  }),
};
