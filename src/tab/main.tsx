import { createRoot } from 'react-dom/client';
import { App } from './App.tsx';
import { readConfiguration } from './configuration.ts';
import { connectHost } from './host/connect-host.ts';
import { openSubPage } from './open-sub-page.ts';

const configuration = readConfiguration(document);
// Needed in any case once the sign-in is through: on its way while the host answers.
void import('./signed-in/SignedIn.tsx').catch(() => undefined);

const host = await connectHost(configuration?.teamsOrigins ?? []);
if (host.kind === 'teams') openSubPage(host.subPageId);

const root = document.getElementById('root');
if (!root) throw new Error('the page has no root');
createRoot(root).render(<App configuration={configuration} host={host} />);
