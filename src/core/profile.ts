/** What a profile pays for: its rate limit for each key and its number of components in one answer. */
export type Plan = 'free' | 'pro';

export const PLANS = {
  free: { rateLimitPerMinute: 10, maxComponents: 5 },
  pro: { rateLimitPerMinute: 100, maxComponents: 8 },
} as const satisfies Record<Plan, { rateLimitPerMinute: number; maxComponents: number }>;

/** Design tokens: CSS custom properties such as `--outkit-primary` and their values. */
export type DesignTokens = Readonly<Record<string, string>>;

export const MAX_DESIGN_TOKENS = 64;

export interface Team {
  readonly id: string;
  readonly name: string;
  readonly createdAt: number;
}

/** A look (design tokens) and a plan. A key is bound to exactly one, at creation, for ever. */
export interface Profile {
  readonly id: string;
  readonly teamId: string;
  readonly name: string;
  readonly plan: Plan;
  readonly design: DesignTokens;
  readonly createdAt: number;
  /** From here on its keys are refused, and it takes neither keys nor changes. For ever; `null` while it stands. */
  readonly archivedAt: number | null;
}

export const DEFAULT_DESIGN: DesignTokens = {
  '--outkit-primary': '#b30069',
  '--outkit-accent': '#0a7d6c',
  '--outkit-surface': '#ffffff',
  '--outkit-text': '#1b1b1f',
  '--outkit-radius': '8px',
  '--outkit-font': 'system-ui, sans-serif',
};
