/** Addresses that the server and the dashboard have to agree on. */

/** Every page of the dashboard. The server answers each with the same document, and the dashboard shows what it is for. */
export const DASHBOARD_PATHS = ['/', '/keys', '/keys/:keyId', '/log', '/profiles', '/gateways', '/people'] as const;

export type DashboardPath = (typeof DASHBOARD_PATHS)[number];

/** Where a one-time link to the dashboard of `outkit dev` leads, before its pass. */
export const DASHBOARD_LINK_PREFIX = '/open/';
