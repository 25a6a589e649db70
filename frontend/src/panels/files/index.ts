export { FilesPanel } from './files_panel'
