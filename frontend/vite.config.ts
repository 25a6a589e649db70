import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

// In development the API is the local stack (`make dev`), reached through Vite: no CORS to set up.
const LOCAL_STACK = process.env['IRIS_LOCAL_STACK'] ?? 'http://localhost:8000'
const ROUTES = ['/upload', '/process', '/jobs', '/files', '/tasks', '/healthz', '/openapi.json']

export default defineConfig({
  plugins: [react(), tailwindcss()],
  server: {
    port: 5173,
    proxy: Object.fromEntries(ROUTES.map((route) => [route, LOCAL_STACK])),
  },
  // Its worker and its WebAssembly lie beside its module: bundled beforehand, it would not find them.
  optimizeDeps: { exclude: ['@niivue/dcm2niix'] },
  build: { target: 'es2022', chunkSizeWarningLimit: 900 },
  worker: { format: 'es' },
  test: {
    restoreMocks: true,
    unstubGlobals: true,
    // axe over a whole panel takes seconds in jsdom on a busy machine.
    testTimeout: 30_000,
    // A document takes a second a file to make: what draws nothing does without.
    projects: [
      {
        extends: true,
        test: { name: 'logic', include: ['src/**/*.test.ts'], environment: 'node' },
      },
      {
        extends: true,
        test: { name: 'panels', include: ['src/**/*.test.tsx'], environment: 'jsdom' },
      },
    ],
  },
})
