/** Which run this process is in: what replaces timers, connections, HTTP and chance asks here. Between two runs there is none, and everything is real. */

import type { Edges } from './edges.ts';
import type { Connections } from './lent-connections.ts';
import type { Sessions } from './sessions.ts';
import type { World } from './world.ts';

interface Stage {
  world: World | undefined;
  sessions: Sessions | undefined;
  edges: Edges | undefined;
  /** They outlive a run. */
  connections: Connections | undefined;
}

export const stage: Stage = { world: undefined, sessions: undefined, edges: undefined, connections: undefined };
