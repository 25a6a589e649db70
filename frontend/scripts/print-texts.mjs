/**
 * Prints all texts of the page as JSON: `{ "en": [...], "es": [...] }`, the same text at the same
 * place of both lists; places for values are as i18next writes them, `{{name}}`.
 *
 *     node scripts/print-texts.mjs
 */

import { createServer } from 'vite'

function flat(texts) {
  if (typeof texts === 'string') return [texts]
  return Object.keys(texts)
    .sort()
    .flatMap((key) => flat(texts[key]))
}

const server = await createServer({
  server: { middlewareMode: true, watch: null },
  appType: 'custom',
  logLevel: 'error',
  optimizeDeps: { noDiscovery: true },
})
try {
  const { resourcesOf } = await server.ssrLoadModule('/src/i18n/resources.ts')
  const { errors } = await server.ssrLoadModule('/src/i18n/texts/errors.ts')
  const { warnings } = await server.ssrLoadModule('/src/i18n/texts/warnings.ts')
  const texts = Object.fromEntries(
    ['en', 'es'].map((language) => [
      language,
      flat({ page: resourcesOf(language), errors: errors[language], warnings: warnings[language] }),
    ]),
  )
  process.stdout.write(JSON.stringify(texts))
} finally {
  await server.close()
}
