export { InventoryConfig } from './config.ts';
export { buildInventory, inventoryMigrations } from './service.ts';
