import { defineConfig } from 'vite';
import { backend } from './backend.js';

const plugin = { name: 'backend', configureServer: ({ middlewares }) => void middlewares.use(backend) };

export default defineConfig({ plugins: [plugin] });
