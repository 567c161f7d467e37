import { expect, test } from 'vitest';
import type { UserId } from '../../src/domain/ids.ts';
import { capabilities, isProbed } from '../../src/domain/mailbox-access/capability.ts';
import { calendarWindowAt } from '../../src/domain/mailbox-sync/calendar-window.ts';
import { batchOf } from '../../src/service/graph/batch.ts';
import { calendarDeltaPath } from '../../src/service/graph/calendar.ts';
import { contactFolderPath, contactFoldersPath, contactsDeltaPath } from '../../src/service/graph/contacts.ts';
import { messagesDeltaPath } from '../../src/service/graph/mail.ts';
import { probeOf } from '../../src/service/graph/probes.ts';
import { operationOf, validateRequest } from '../support/graph-openapi.ts';

const mailbox = '47378190-96da-4dac-b2ff-5d2a386ecbe0' as UserId;
const window = calendarWindowAt(new Date('2026-11-23T10:00:00Z'));

test.each([
  [probeOf.mail.path(mailbox), 'GET /users/{user-id}/mailFolders/{mailFolder-id}'],
  [probeOf.calendar.path(mailbox), 'GET /users/{user-id}/calendar'],
  [probeOf.contacts.path(mailbox), 'GET /users/{user-id}/contacts'],
  [probeOf.settings.path(mailbox), 'GET /users/{user-id}/mailboxSettings'],
  [messagesDeltaPath(mailbox, 'inbox'), 'GET /users/{user-id}/mailFolders/{mailFolder-id}/messages/delta()'],
  [messagesDeltaPath(mailbox, 'sentitems'), 'GET /users/{user-id}/mailFolders/{mailFolder-id}/messages/delta()'],
  [calendarDeltaPath(mailbox, window), 'GET /users/{user-id}/calendarView/delta()'],
  [contactFolderPath(mailbox), 'GET /users/{user-id}/contacts'],
  [contactFoldersPath(mailbox), 'GET /users/{user-id}/contactFolders'],
  [contactFoldersPath(mailbox, 'AAMkAGI2-_'), 'GET /users/{user-id}/contactFolders/{contactFolder-id}/childFolders'],
  [contactsDeltaPath(mailbox, 'AAMkAGI2-_'), 'GET /users/{user-id}/contactFolders/{contactFolder-id}/contacts/delta()'],
])('%s is %s, as Microsoft describes it', (path, operation) => {
  expect(operationOf('GET', path)).toBe(operation);
  expect(validateRequest('GET', path)).toEqual([]);
});

test('a batch of all probes is one that Microsoft describes', () => {
  const paths = capabilities.filter(isProbed).map((capability) => probeOf[capability].path(mailbox));
  expect(validateRequest('POST', '/$batch', { 'content-type': 'application/json' }, batchOf(paths))).toEqual([]);
});
