export const errors = {
  unreachable: 'The service cannot be reached',
  unreachableRemedy: 'Check your connection and try again.',
  notUnderstood: 'The answer of the service was not understood',
  notUnderstoodRemedy: 'Reload the page; the service may have a new version.',
  unexpected: 'Something went wrong in this page',
  unexpectedRemedy: 'Try again. If it stays, reload the page.',
};
