export const boot = {
  starting: 'Starting…',
  signingIn: 'Signing you in…',
  slow: 'Still signing in. Microsoft has not answered yet.',
  areaFailed: 'This part of the page stopped working',
  areaFailedRemedy: 'Try again. The rest of the page is not affected.',
  chunkFailed: 'A part of this page could not be loaded',
  chunkFailedRemedy: 'Reload. There may be a new version, or the network was interrupted.',
};
