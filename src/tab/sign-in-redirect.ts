import { broadcastResponseToMainFrame } from '@azure/msal-browser/redirect-bridge';

// This page does nothing but hand Microsoft's answer to the page that asked for it.
broadcastResponseToMainFrame().catch(() => {
  const state = document.getElementById('state');
  if (state) state.textContent = 'There is no sign-in to finish here. You can close this window.';
});
