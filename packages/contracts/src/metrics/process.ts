/**
 * What is reported of a process, most of it by the Prometheus client itself. These series have no label `service`: in the embedded world
 * one process hosts all services, and each shows the same values. The label `process` says which process it is, so
 * that it can be counted once: `sum(max by (process) (process_resident_memory_bytes))`.
 */
export const processMetrics = {
  process_cpu_seconds_total: 'CPU time used',
  process_cpu_user_seconds_total: 'CPU time used by the program itself',
  process_cpu_system_seconds_total: 'CPU time used by the kernel for it',
  process_start_time_seconds: 'When the process started, in Unix time',
  process_resident_memory_bytes: 'Memory held in RAM',
  process_virtual_memory_bytes: 'Address space',
  process_heap_bytes: 'Data segment',
  process_open_fds: 'Open file descriptors',
  process_max_fds: 'Most file descriptors it may open',
  nodejs_eventloop_lag_seconds: 'Delay of the event loop at the scrape',
  nodejs_eventloop_lag_min_seconds:
    'Smallest time between two looks at the event loop, 50 ms where nothing is late, since the last scrape by any scraper',
  nodejs_eventloop_lag_max_seconds: 'Largest such time since then',
  nodejs_eventloop_lag_mean_seconds: 'Mean of them since then',
  nodejs_eventloop_lag_stddev_seconds: 'Their standard deviation since then',
  nodejs_eventloop_lag_p50_seconds: 'Half of them since then were at most this long',
  nodejs_eventloop_lag_p90_seconds: 'Nine of ten since then were at most this long',
  nodejs_eventloop_lag_p99_seconds: '99 of 100 since then were at most this long',
  nodejs_eventloop_active_seconds_total: 'Time in which the event loop had work',
  nodejs_gc_duration_seconds: 'Pauses for garbage collection by kind, as a histogram',
  nodejs_heap_size_total_bytes: 'Size of the heap',
  nodejs_heap_size_used_bytes: 'Used part of the heap',
  nodejs_external_memory_bytes: 'Memory of objects outside the heap',
  nodejs_heap_space_size_total_bytes: 'Size of each space of the heap',
  nodejs_heap_space_size_used_bytes: 'Used part of each space',
  nodejs_heap_space_size_available_bytes: 'Free part of each space',
  nodejs_active_resources: 'What keeps the event loop alive, by kind',
  nodejs_active_resources_total: 'What keeps the event loop alive',
  nodejs_active_handles: 'Open handles by kind',
  nodejs_active_handles_total: 'Open handles',
  nodejs_active_requests: 'Requests to the operating system by kind',
  nodejs_active_requests_total: 'Requests to the operating system',
  nodejs_version_info: 'Always 1: the version of Node',
} as const;
