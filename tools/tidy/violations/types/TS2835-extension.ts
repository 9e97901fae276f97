export { one } from './order';
