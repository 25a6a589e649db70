export { useHelpKey } from './help_key'
export { HelpSheet } from './help_sheet'
