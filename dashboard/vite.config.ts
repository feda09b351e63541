import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Bundled whole: nothing is fetched from elsewhere, and nothing is inline, which the policy of the server would refuse. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    outDir: '../dist/dashboard',
    // They know light-dark(), which would be written out for browsers before them.
    target: ['chrome123', 'edge123', 'firefox120', 'safari17.5'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // test/browser/dashboard/size.test.ts has the limit that counts.
    chunkSizeWarningLimit: 1000,
  },
  css: { modules: { localsConvention: 'camelCaseOnly' } },
});
