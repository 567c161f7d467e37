import { buildTabIfStale } from './build-tab.ts';

// Starts the service alone, with the built tab, against the tenant that the environment names.
await buildTabIfStale();
await import('../service/main.ts');
