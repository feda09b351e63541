import { CSPProvider } from '@base-ui/react/csp-provider';
import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { Toasts } from './controls/toasts.tsx';
import { queryClient } from './server/query-client.ts';
import { showKeptTheme } from './shell/theme.ts';
import './styles/base.css';

const root = document.getElementById('root');
if (root === null) throw new Error('the document has no root');

showKeptTheme();
createRoot(root).render(
  <StrictMode>
    {/* The policy of the server refuses style elements, so that none may be made. */}
    <CSPProvider disableStyleElements>
      <QueryClientProvider client={queryClient}>
        <Toasts>
          <App />
        </Toasts>
      </QueryClientProvider>
    </CSPProvider>
  </StrictMode>,
);
