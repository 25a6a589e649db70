export { NumbersPanel } from './numbers_panel'
