import type { Activity } from '../../../contract/activity.ts';

/** The facts of an activity as one quiet line, such as `count 12 · outcome accepted`. */
export function activityDetail(details: Activity['details']): string {
  return Object.entries(details)
    .map(([name, value]) => `${spaced(name)} ${String(value).replaceAll('_', ' ')}`)
    .join(' · ');
}

function spaced(name: string): string {
  return name.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
}
