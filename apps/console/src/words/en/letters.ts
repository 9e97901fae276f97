import { counted } from './english.ts';

export const letters = {
  empty: 'No message has failed for good. Those that do wait here.',
  group_gone: 'Of this cause there are no dead letters any more.',
  cut: (most: number, services: string) => `Only the newest ${most} of ${services} are shown.`,
  cause: 'Cause',
  queue: 'Queue',
  event: 'Event',
  event_id: 'Id of the event',
  count: 'How many',
  oldest: 'Oldest',
  letter: 'Letter',
  died: 'Failed for good',
  attempts: 'Attempts',
  detail: 'Detail',
  version: 'Version of the code',
  what: 'What happened',
  body: 'The message as it came',
  all: 'All dead letters',
  same_cause: 'Others of this cause',
  pieces: (count: number) => counted(count, '# message', '# messages'),
  group_title: (reason: string, queue: string) => `${reason} in ${queue}`,
  letter_title: (id: string) => `Dead letter ${id}`,
  replay: (count: number) => counted(count, 'Replay # message', 'Replay # messages'),
  replayed: (count: number) =>
    counted(
      count,
      '# message was put back into its queue. If it fails again, it comes back here.',
      '# messages were put back into their queues. Those that fail again come back here.',
    ),
  discard: (count: number) => counted(count, 'Discard # message', 'Discard # messages'),
  discard_means: (count: number) =>
    counted(
      count,
      'The message is deleted and never handled. This cannot be undone.',
      'The # messages are deleted and never handled. This cannot be undone.',
    ),
  left: (count: number) => counted(count, '# is left', '# are left'),
} as const;
