/**
 * The server's settings, given at every start so that a newer Souk brings its own. Durability is never traded: fsync and
 * synchronous_commit stay on. Small memory: few workers, no parallel plans, no JIT.
 */
export function serverSettings(port: number, requested: Readonly<Record<string, string>> = {}): Record<string, string> {
  return {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    max_connections: '150',
    shared_buffers: '64MB',
    work_mem: '8MB',
    maintenance_work_mem: '64MB',
    effective_cache_size: '512MB',
    fsync: 'on',
    synchronous_commit: 'on',
    wal_level: 'minimal',
    max_wal_senders: '0',
    max_wal_size: '512MB',
    checkpoint_timeout: '15min',
    jit: 'off',
    io_method: 'sync',
    max_worker_processes: '2',
    max_logical_replication_workers: '0',
    max_parallel_workers: '0',
    max_parallel_workers_per_gather: '0',
    random_page_cost: '1.1',
    // Queue tables turn over quickly: vacuum them soon and often, at a pace that keeps up.
    autovacuum_naptime: '10s',
    autovacuum_max_workers: '2',
    autovacuum_vacuum_scale_factor: '0.05',
    autovacuum_vacuum_insert_scale_factor: '0.1',
    autovacuum_analyze_scale_factor: '0.05',
    autovacuum_vacuum_cost_limit: '1000',
    // Passwords are 192 random bits: stretching them protects nothing and would slow each connection.
    scram_iterations: '256',
    timezone: 'UTC',
    log_timezone: 'UTC',
    lc_messages: 'C',
    logging_collector: 'off',
    log_line_prefix: '%m [%p] %q%d ',
    // Refused statements are the caller's to log; here they would write personal data into the server's log.
    log_min_messages: 'log',
    log_error_verbosity: 'terse',
    log_checkpoints: 'off',
    ...requested,
  };
}
