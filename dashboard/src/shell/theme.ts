import { useState } from 'react';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const NAME = 'outkit-theme';
/** Dispatched on the window when colours change, for what is drawn on a canvas. */
export const THEME_EVENT = 'outkit-theme';

function keptTheme(): Theme {
  try {
    const kept = localStorage.getItem(NAME);
    return THEMES.find((theme) => theme === kept) ?? 'system';
  } catch {
    return 'system';
  }
}

function show(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
  window.dispatchEvent(new Event(THEME_EVENT));
}

/** Before anything is drawn. */
export function showKeptTheme(): void {
  show(keptTheme());
}

export function useTheme(): readonly [Theme, (theme: Theme) => void] {
  const [theme, setTheme] = useState(keptTheme);
  return [
    theme,
    (next) => {
      setTheme(next);
      show(next);
      try {
        localStorage.setItem(NAME, next);
      } catch {
        // Some browsers forbid storage: then it lasts as long as the page.
      }
    },
  ];
}
