/** What things are called in RabbitMQ: as everywhere, or with the name of the installation in front where several share a virtual host. */

/** The installation whose things have no prefix. */
const plainInstallation = 'souk';

export interface Names {
  /** The exchange of all events. */
  events: string;
  queue(name: string): string;
  /** Exchange and queue of a retry step; they have the same name. */
  retry(delay_ms: number): string;
}

export function namesOf(installation = plainInstallation): Names {
  const prefix = installation === plainInstallation ? '' : `${installation}.`;
  return {
    events: `${prefix}events`,
    queue: (name) => `${prefix}${name}`,
    retry: (delay_ms) => `${prefix}retry.${delay_ms}`,
  };
}
