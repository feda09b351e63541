import { type ComponentType, lazy, Suspense } from 'react';
import { Redirect, Route, Switch } from 'wouter';
import type { DashboardPath } from '../../src/api/dashboard.ts';
import { Loading } from './controls/loading.tsx';
import { KeysPage } from './keys/keys-page.tsx';
import { ShownOnce } from './keys/shown-once/shown-once.tsx';
import { PlaceProvider } from './place/place.tsx';
import { useSessionEnd } from './server/session-end.ts';
import { Failsafe } from './shell/failsafe.tsx';
import { LostPage } from './shell/lost-page.tsx';
import { SessionEnded } from './shell/session-ended.tsx';
import { Shell } from './shell/shell.tsx';

/** A page for each address that the server answers. All but the first are loaded when somebody goes there. */
const PAGES: Readonly<Record<DashboardPath, ComponentType>> = {
  '/': () => <Redirect to="/keys" replace />,
  '/keys': KeysPage,
  '/keys/:keyId': lazy(() => import('./keys/key-page.tsx')),
  '/log': lazy(() => import('./log/log-page.tsx')),
  '/profiles': lazy(() => import('./profiles/profiles-page.tsx')),
  '/gateways': lazy(() => import('./gateways/gateways-page.tsx')),
  '/people': lazy(() => import('./people/people-page.tsx')),
};

export function App() {
  const hasEnded = useSessionEnd();
  return <ShownOnce>{hasEnded ? <SessionEnded /> : <Pages />}</ShownOnce>;
}

function Pages() {
  return (
    <Failsafe>
      <PlaceProvider>
        <Shell>
          <Failsafe>
            <Suspense fallback={<Loading />}>
              <Switch>
                {Object.entries(PAGES).map(([path, Page]) => (
                  <Route key={path} path={path} component={Page} />
                ))}
                <Route component={LostPage} />
              </Switch>
            </Suspense>
          </Failsafe>
        </Shell>
      </PlaceProvider>
    </Failsafe>
  );
}
