export { StructuresPanel } from './structures_panel'
