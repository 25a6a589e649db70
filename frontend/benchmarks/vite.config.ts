import { resolve } from 'node:path'

import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const HERE = import.meta.dirname

/** Pages to measure, built as the real one is; no part of it. */
export default defineConfig({
  root: resolve(HERE, '..'),
  plugins: [react(), tailwindcss()],
  build: {
    target: 'es2022',
    chunkSizeWarningLimit: 2000,
    rolldownOptions: { input: [resolve(HERE, 'ours.html'), resolve(HERE, 'plain.html')] },
  },
  worker: { format: 'es' },
})
