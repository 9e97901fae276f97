export { InventoryConfig, loadInventoryConfig } from './config.ts';
export { buildInventory, inventoryMigrations } from './service.ts';
