import { backupScenarios } from './scenarios/backup.ts';

backupScenarios(['start']);
