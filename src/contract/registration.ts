import { z } from 'zod';
import { registrationName } from './ids.ts';

/** Which application is meant: its registration, absent for the service's own one. */
export const ofApplication = z.strictObject({ registration: registrationName.optional() });
