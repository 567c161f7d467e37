import type { Tenant } from '../tenant/tenant.ts';
import type { World } from '../world.ts';
import type { Caller } from './caller.ts';
import type { RequestTarget } from './request-target.ts';

/** A request to Microsoft Graph, alone or inside a batch. */
export interface GraphRequest {
  readonly method: string;
  /** Such as `/v1.0/users?$top=5`. */
  readonly target: RequestTarget;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed JSON; absent without body. */
  readonly body?: unknown;
  readonly inBatch: boolean;
}

export interface GraphAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON; absent for answers without body. */
  readonly body?: unknown;
  /** In place of JSON: `text/plain`. */
  readonly text?: string;
}

/** What an operation gets to see. */
export interface Call {
  readonly world: World;
  readonly tenant: Tenant;
  readonly caller: Caller;
  readonly request: GraphRequest;
  /** Values of the path's parameters, decoded. */
  readonly path: Readonly<Record<string, string>>;
  /** Query options by name, `$` included. */
  readonly query: ReadonlyMap<string, string>;
  /** Whether the caller holds one of these permissions. */
  readonly holds: (...permissions: string[]) => boolean;
}

/** Permissions of which one is enough. @see permission data of microsoft-graph-devx-content */
export interface Permissions {
  readonly application: readonly string[];
  readonly delegated: readonly string[];
}

/** One operation of Microsoft Graph that the sandbox knows. */
export interface Operation {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** As in Microsoft's OpenAPI description, such as `/users/{user-id}/mailFolders/{mailFolder-id}`. */
  readonly path: string;
  /** Which of Microsoft's services is behind it: permissions, errors and throttling differ. */
  readonly service: 'directory' | 'outlook';
  readonly permissions: Permissions;
  /** Query options it takes; every other one fails loudly. */
  readonly query: readonly string[];
  /** Resource units of the directory without modifiers; 1 unless given. */
  readonly units?: number;
  readonly answer: (call: Call) => GraphAnswer;
}
