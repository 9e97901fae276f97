/** Redis, RabbitMQ and PostgreSQL as they see themselves, and as the services see them. */
import { curves, perSecond, type Row, states } from './panel.ts';

export const serverRows: readonly Row[] = [
  {
    title: 'Redis and cache',
    panels: [
      states('Redis', 'bool_on_off', [{ expr: '1 - max by (service) (souk_redis_away)', legend: '{{ service }}' }], {
        description: 'Whether each service reaches Redis; nothing where none is used.',
        limits: { red: 1, good: 'high' },
        runbooks: ['redis-away', 'redis-down'],
      }),
      states(
        'Shared tier',
        'bool_on_off',
        [{ expr: '1 - max by (service, namespace) (souk_cache_tier_away)', legend: '{{ namespace }}' }],
        {
          description: 'Whether the shared tier of each cache is asked; left alone it is while it fails.',
          limits: { red: 1, good: 'high' },
          runbooks: ['redis-away'],
        },
      ),
      curves(
        'Redis by its own words',
        'bytes',
        [
          { expr: 'redis_memory_used_bytes', legend: 'used' },
          { expr: 'redis_memory_max_bytes', legend: 'allowed (0: no limit)' },
        ],
        {
          description: 'Memory.',
          min: 0,
          runbooks: ['redis-memory-full'],
        },
      ),
      curves('Commands', 'ops', [{ expr: `sum(${perSecond('redis_commands_processed_total')})`, legend: 'commands' }], {
        description: 'Commands Redis has worked on.',
        width: 12,
        min: 0,
      }),
      curves('Clients', 'none', [{ expr: 'redis_connected_clients', legend: 'connections' }], {
        description: 'Connections to Redis.',
        width: 12,
        min: 0,
      }),
    ],
  },
  {
    title: 'RabbitMQ',
    panels: [
      curves('Messages by queue', 'none', [{ expr: 'max by (queue) (rabbitmq_detailed_queue_messages_ready)', legend: '{{ queue }}' }], {
        description: 'As the broker counts them; retry.… are delays.',
        min: 0,
        runbooks: ['queue-backlog', 'broker-queue-unread'],
      }),
      curves('Consumers by queue', 'none', [{ expr: 'max by (queue) (rabbitmq_detailed_queue_consumers)', legend: '{{ queue }}' }], {
        description: 'Delays have none.',
        min: 0,
        runbooks: ['consumer-detached', 'broker-queue-unread'],
      }),
      curves(
        'Messages',
        'ops',
        [
          { expr: `sum(${perSecond('rabbitmq_global_messages_received_total')})`, legend: 'received' },
          { expr: `sum(${perSecond('rabbitmq_global_messages_delivered_total')})`, legend: 'delivered' },
        ],
        {
          description: 'What comes in and goes out.',
          min: 0,
        },
      ),
      curves(
        'Memory',
        'bytes',
        [
          { expr: 'rabbitmq_process_resident_memory_bytes', legend: 'used' },
          { expr: 'rabbitmq_resident_memory_limit_bytes', legend: 'limit' },
        ],
        {
          description: 'Beyond its limit RabbitMQ blocks everybody who publishes.',
          min: 0,
          runbooks: ['broker-alarm'],
        },
      ),
      curves(
        'Disk',
        'bytes',
        [
          { expr: 'rabbitmq_disk_space_available_bytes', legend: 'free' },
          { expr: 'rabbitmq_disk_space_available_limit_bytes', legend: 'limit' },
        ],
        {
          description: 'Below its limit RabbitMQ blocks everybody who publishes.',
          min: 0,
          runbooks: ['broker-alarm'],
        },
      ),
      curves(
        'Connections',
        'none',
        [
          { expr: 'sum(rabbitmq_connections)', legend: 'connections' },
          { expr: 'sum(rabbitmq_channels)', legend: 'channels' },
        ],
        {
          description: 'Each process has two connections: one to publish, one to consume.',
          min: 0,
        },
      ),
    ],
  },
  {
    title: 'PostgreSQL',
    panels: [
      states('Answers', 'bool_on_off', [{ expr: 'pg_up', legend: '{{ instance }}' }], {
        description: 'Whether the exporter can connect.',
        limits: { red: 1, good: 'high' },
        runbooks: ['database-down'],
      }),
      curves(
        'Connections',
        'none',
        [
          { expr: 'sum by (datname) (pg_stat_activity_count)', legend: '{{ datname }}' },
          { expr: 'max(pg_settings_max_connections)', legend: 'allowed' },
        ],
        {
          description: 'By database.',
          min: 0,
          runbooks: ['database-connections-near-limit'],
        },
      ),
      curves(
        'Transactions',
        'ops',
        [
          {
            expr: `sum by (datname) (${perSecond('pg_stat_database_xact_commit{datname!~"template.*|postgres|"}')})`,
            legend: '{{ datname }}',
          },
        ],
        {
          description: 'Commits by database.',
          min: 0,
        },
      ),
      curves(
        'Rolled back',
        'ops',
        [
          {
            expr: `sum by (datname) (${perSecond('pg_stat_database_xact_rollback{datname!~"template.*|postgres|"}')})`,
            legend: '{{ datname }}',
          },
        ],
        {
          description: 'A batch that fails is rolled back and tried again one by one.',
          min: 0,
        },
      ),
      curves(
        'Size',
        'bytes',
        [{ expr: 'max by (datname) (pg_database_size_bytes{datname!~"template.*|postgres"})', legend: '{{ datname }}' }],
        {
          description: 'By database.',
          min: 0,
        },
      ),
      curves('Callers waiting in the services', 'none', [{ expr: 'max by (service) (souk_database_waiting)', legend: '{{ service }}' }], {
        description: 'For a connection of their pool.',
        min: 0,
        limits: { red: 1 },
        runbooks: ['database-pool-exhausted'],
      }),
    ],
  },
];
