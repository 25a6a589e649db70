export { AboutPanel } from './about_panel'
