export const connectivity = {
  title: 'Connectivity',
  titleOf: (organization: string) => `Connectivity of ${organization}`,
  chooseTitle: 'Which organization?',
  chooseText: 'Consent and checks belong to one organization. Choose one.',
  emptyTitle: 'No organization to connect',
  emptyText: 'Create an organization first; then grant consent for it.',
  notGraph: 'This organization does not use Microsoft Graph',
  notGraphText:
    'It is recorded as an origin. Convert it on its own page, or move its users to an organization with Microsoft Graph app-only access.',
};
