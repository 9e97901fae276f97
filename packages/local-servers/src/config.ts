/**
 * What local servers are configured with from outside: `SOUK_POSTGRES_SHARED`, a folder that many homes of one machine share. The programs of
 * PostgreSQL are copied there once, and new homes begin with a copy of one empty cluster instead of an initdb of their own. For tests: the
 * clusters have one system identifier, which tools that archive WAL take for one server.
 */
export function localServersConfig(): { postgres_shared: string | undefined } {
  return { postgres_shared: process.env.SOUK_POSTGRES_SHARED || undefined };
}
