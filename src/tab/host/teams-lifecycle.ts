import { app } from '@microsoft/teams-js';

/** Tells Teams that the tab works; without it Teams shows its own error page after 30 s. */
export function tellTeamsReady(): void {
  void app.notifySuccess();
}

/**
 * Teams keeps a closed tab in memory and shows it again, perhaps to somebody else: then nothing of the page may stay.
 * @param shownTo the person the page was loaded for
 */
export function followTeamsResume(
  shownTo: { readonly userId: string | undefined; readonly tenantId: string | undefined },
  onResume: (subPageId: string | undefined) => void,
): void {
  app.lifecycle.registerBeforeSuspendOrTerminateHandler(() => Promise.resolve());
  app.lifecycle.registerOnResumeHandler(async () => {
    const { user, page } = await app.getContext();
    if ((user?.id || undefined) !== shownTo.userId || user?.tenant?.id !== shownTo.tenantId) {
      document.body.replaceChildren();
      window.location.reload();
      return;
    }
    onResume(page.subPageId || undefined);
    tellTeamsReady();
  });
}
