import reactHooks from 'eslint-plugin-react-hooks'
import tseslint from 'typescript-eslint'

/**
 * Imports point inward: a folder may import those before it in this order, and siblings of one
 * level must not know each other.
 */
const LEVELS = [
  ['i18n', 'ui', 'api'],
  ['scan'],
  ['session'],
  ['viewer', 'panels'],
  ['screens'],
  ['App'],
]
const LIBRARIES = {
  react: { group: ['react', 'react-dom', 'react-dom/*', 'react-i18next', 'radix-ui'] },
  three: { group: ['three', 'three/*'] },
}

/** What files of one folder must not import. */
function boundary(folder, level) {
  const outer = LEVELS.slice(level + 1).flat()
  const siblings = (LEVELS[level] ?? []).filter((other) => other !== folder)
  const patterns = [...outer, ...siblings].map((other) => ({
    group: [`**/${other}`, `**/${other}/**`],
    message: `${folder}/ must not know ${other}: imports point inward (eslint.config.js).`,
  }))
  if (['api', 'scan', 'session'].includes(folder)) {
    patterns.push({ ...LIBRARIES.react, message: `${folder}/ knows neither React nor three.` })
  }
  if (folder !== 'viewer') {
    patterns.push({ ...LIBRARIES.three, message: 'Only viewer/ knows three: it is loaded lazily.' })
  }
  return {
    files: [`src/${folder}/**/*.{ts,tsx}`],
    rules: { 'no-restricted-imports': ['error', { patterns }] },
  }
}

export default tseslint.config(
  { ignores: ['dist', 'src/api/schema.d.ts'] },
  {
    files: ['{src,benchmarks}/**/*.{ts,tsx}'],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
    },
  },
  { files: ['src/**/*.tsx'], ...reactHooks.configs.flat['recommended-latest'] },
  ...LEVELS.flatMap((folders, level) =>
    folders.filter((folder) => folder !== 'App').map((folder) => boundary(folder, level)),
  ),
)
