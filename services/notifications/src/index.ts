export { loadNotificationsConfig, NotificationsConfig } from './config.ts';
export type { NotificationsContext, NotificationsOverrides } from './context.ts';
export { buildNotifications } from './service.ts';
