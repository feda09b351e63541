import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { html } from './html.ts';

describe('html', () => {
  it('lets no text be anything but text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const made = html`<p title="${text}">${text}</p>`.text;
        const [, title = '', inner = ''] = /^<p title="([^"<>]*)">([^"'<>]*)<\/p>$/.exec(made) ?? [];
        expect(made).toBe(`<p title="${title}">${inner}</p>`);
        expect(inner).toBe(title);
        expect(inner).not.toMatch(/&(?!(?:amp|lt|gt|quot|#39);)/);
      }),
    );
  });

  it.each([
    ['markup', '<img src=x onerror=alert(1)>', '&lt;img src=x onerror=alert(1)&gt;'],
    ['quotes', `"'`, '&quot;&#39;'],
    ['what is escaped already', '&lt;', '&amp;lt;'],
    ['an override of direction', 'a\u202egnp.exe', 'a\\u202egnp.exe'],
    ['a line break and a terminal sequence', '\r\n\x1b[2J', '\\x0d\\x0a\\x1b[2J'],
    ['a lone surrogate', '\ud800', '\\ud800'],
  ])('writes out %s', (_what, text, expected) => {
    expect(html`${text}`.text).toBe(expected);
  });

  it('takes HTML of its own as it is, one or many, and null as nothing', () => {
    const items = ['a', '<'].map((text) => html`<li>${text}</li>`);
    expect(html`<ul${html` class="x"`}>${items}${null}</ul>`.text).toBe('<ul class="x"><li>a</li><li>&lt;</li></ul>');
  });

  it.each([
    ['an attribute without quotes', () => html`<a href=${'x'}>`],
    ['an attribute in single quotes', () => html`<a href='${'x'}'>`],
    ['the name of an attribute', () => html`<a ${'x'}>`],
    ['the name of a tag', () => html`<${'x'}>`],
    ['behind an attribute', () => html`<a href="y" ${'x'}>`],
    ['a script', () => html`<script>${'x'}</script>`],
    ['a style', () => html`<style media="all">${'x'}</style>`],
  ])('throws for text in %s', (_place, make) => {
    expect(make).toThrow('text may not stand in this place');
  });
});
