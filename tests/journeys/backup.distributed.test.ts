import { backupScenarios } from './scenarios/backup.ts';

backupScenarios(['up']);
