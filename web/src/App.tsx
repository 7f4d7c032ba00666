import { lazy, useEffect, useRef } from 'react';
import { createBrowserRouter, Navigate, Outlet, RouterProvider } from 'react-router';
import { Loading, ProblemNotice } from '@/parts/Notice';
import { NotFound } from '@/screens/NotFound';
import { Login } from '@/shell/Login';
import { Shell } from '@/shell/Shell';
import { useSession, useSessionEnd } from '@/shell/session';

const AlarmDesk = lazy(() => import('@/screens/alarms/AlarmDesk'));
const PointPage = lazy(() => import('@/screens/points/PointPage'));
const ListScreen = lazy(() => import('@/screens/generic/ListScreen'));
const DetailScreen = lazy(() => import('@/screens/generic/DetailScreen'));
const FormScreen = lazy(() => import('@/screens/generic/FormScreen'));
const NewGateway = lazy(() =>
  import('@/screens/gateways/KeyScreens').then((screens) => ({ default: screens.NewGateway })),
);
const RotateKey = lazy(() =>
  import('@/screens/gateways/KeyScreens').then((screens) => ({ default: screens.RotateKey })),
);
const EnterprisePage = lazy(() => import('@/screens/enterprises/EnterprisePage'));
const ImportPage = lazy(() => import('@/screens/imports/ImportPage'));
const IncidentPage = lazy(() => import('@/screens/incidents/IncidentPage'));
const MapPage = lazy(() => import('@/screens/map/MapPage'));
const NoticesPage = lazy(() => import('@/screens/notices/NoticesPage'));
const StandardPage = lazy(() => import('@/screens/standards/StandardPage'));
const StandardById = lazy(() =>
  import('@/screens/standards/StandardPage').then((screens) => ({ default: screens.StandardById })),
);
const StatusPage = lazy(() => import('@/screens/status/StatusPage'));

/** Login until somebody is signed in, then the shell; the address asked for stays. */
function Gate() {
  const session = useSession();
  const wasIn = useRef(false);
  useSessionEnd();
  useEffect(() => {
    if (session.data) wasIn.current = true;
  }, [session.data]);
  if (session.data) return <Shell session={session.data} />;
  if (session.data === null) return <Login ended={wasIn.current} />;
  if (session.error) return <ProblemNotice error={session.error} onRetry={() => void session.refetch()} />;
  return <Loading />;
}

const router = createBrowserRouter([
  {
    element: <Gate />,
    children: [
      { index: true, element: <Navigate to="/alarms" replace /> },
      { path: 'alarms', element: <AlarmDesk /> },
      { path: 'alarms/table', element: <ListScreen plural="alarms" /> },
      { path: 'alarms/new', element: <FormScreen plural="alarms" /> },
      { path: 'alarms/:id', element: <AlarmDesk /> },
      { path: 'points/new', element: <FormScreen plural="points" /> },
      { path: 'points/:id', element: <PointPage /> },
      { path: 'points/:id/edit', element: <FormScreen plural="points" /> },
      { path: 'gateways/new', element: <NewGateway /> },
      { path: 'gateways/:id/key', element: <RotateKey /> },
      { path: 'enterprises/new', element: <FormScreen plural="enterprises" /> },
      { path: 'enterprises/:id', element: <EnterprisePage /> },
      { path: 'incidents/new', element: <FormScreen plural="incidents" /> },
      { path: 'incidents/:id', element: <IncidentPage /> },
      { path: 'import', element: <ImportPage /> },
      { path: 'notices', element: <NoticesPage /> },
      { path: 'map', element: <MapPage /> },
      { path: 'standards/:code', element: <StandardPage /> },
      { path: 'standard-tables/new', element: <FormScreen plural="standard-tables" /> },
      { path: 'standard-tables/:id', element: <StandardById /> },
      { path: 'status', element: <StatusPage /> },
      {
        path: ':plural',
        element: <Outlet />,
        children: [
          { index: true, element: <ListScreen /> },
          { path: 'new', element: <FormScreen /> },
          { path: ':id', element: <DetailScreen /> },
          { path: ':id/edit', element: <FormScreen /> },
        ],
      },
      { path: '*', element: <NotFound /> },
    ],
  },
]);

export function App() {
  return <RouterProvider router={router} />;
}
