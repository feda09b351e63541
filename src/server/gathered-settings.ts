import { resolve } from 'node:path';
import * as v from 'valibot';
import { OutkitError } from '../core/errors.ts';
import { SETTING_NAMES, SETTINGS, type SettingName, type SettingValues, settingsSchema } from './serve-settings.ts';

/** `outkit.server.json` as it was read, or what is wrong with it as a whole. */
export type SettingsFile =
  | {
      readonly kind: 'read';
      /** As it is shown. */
      readonly path: string;
      /** Relative paths in it begin here. */
      readonly directory: string;
      readonly value: object;
      /** Line of a field, such as `port` or `oidc.issuer`. */
      readonly lineOf: (field: string) => number;
    }
  | { readonly kind: 'refused'; readonly message: string };

export interface SettingSources {
  /** Text of each flag that was given, by the name of its setting; a switch is `true`. */
  readonly flags: Readonly<Partial<Record<SettingName, string>>>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `null` when there is none. */
  readonly file: SettingsFile | null;
  /** Where relative paths of flags and environment begin. */
  readonly cwd: string;
}

interface Origin {
  /** Before the rule that is broken: `OUTKIT_PORT:`, `--port:`, `outkit.server.json:4: port`. */
  readonly label: string;
  readonly directory: string;
  readonly isFile: boolean;
}

const GROUPS = new Set(SETTING_NAMES.flatMap((name) => (name.includes('.') ? [name.split('.')[0] as string] : [])));

/** The settings by precedence, flag before environment before file, and everything that is wrong with them, told at once. */
export class GatheredSettings {
  readonly values: SettingValues;
  readonly #raw = new Map<SettingName, unknown>();
  readonly #origins = new Map<SettingName, Origin>();
  readonly #refused = new Set<SettingName>();
  readonly #problems: string[] = [];

  constructor({ flags, env, file, cwd }: SettingSources) {
    if (file?.kind === 'refused') this.#problems.push(file.message);
    else if (file !== null) this.#takeFile(file);
    for (const name of SETTING_NAMES) {
      const { variable, form } = SETTINGS[name];
      const flag = flags[name];
      if (flag !== undefined) this.#take(name, settingOf(flag, form), textOrigin(flagOf(name), cwd));
      else if (env[variable]) this.#take(name, settingOf(env[variable], form), textOrigin(variable, cwd));
    }
    this.values = this.#parsed();
  }

  /** Notes what is wrong with a setting; the first reason stands. The label of one that was not given is its variable. */
  refuse(name: SettingName, what: string): void {
    if (this.#refused.has(name)) return;
    this.#refused.add(name);
    this.#problems.push(`${this.#origins.get(name)?.label ?? `${SETTINGS[name].variable}:`} ${what}`);
  }

  /** Notes what is wrong elsewhere; `what` begins with where. */
  refuseSource(what: string): void {
    this.#problems.push(what);
  }

  isRefused(name: SettingName): boolean {
    return this.#refused.has(name);
  }

  isGiven(name: SettingName): boolean {
    return this.#origins.has(name);
  }

  isFromFile(name: SettingName): boolean {
    return this.#origins.get(name)?.isFile === true;
  }

  /** A path as it is meant where it was written. */
  resolved(name: SettingName, path: string): string {
    return resolve(this.#origins.get(name)?.directory ?? '', path);
  }

  /** Throws one `invalid_config` with a line for each problem. */
  throwIfRefused(): void {
    if (this.#problems.length === 0) return;
    const things = this.#problems.length === 1 ? 'a setting' : `${this.#problems.length} settings`;
    throw new OutkitError('invalid_config', `outkit serve cannot start: ${things} to correct`, null, {
      details: this.#problems,
    });
  }

  #take(name: SettingName, value: unknown, origin: Origin): void {
    this.#raw.set(name, value);
    this.#origins.set(name, origin);
  }

  #takeFile(file: Extract<SettingsFile, { kind: 'read' }>): void {
    for (const [name, value] of fieldsOf(file.value)) {
      const place = `${file.path}:${file.lineOf(name)}:`;
      const origin = { label: `${place} ${name}`, directory: file.directory, isFile: true };
      if (GROUPS.has(name)) this.refuseSource(`${place} ${name} must be an object`);
      else if (isSettingName(name) && SETTINGS[name].inFile) this.#take(name, value, origin);
      else this.refuseSource(`${place} ${unknownField(name)}`);
    }
  }

  /** Fields that are wrong are noted and left out, so that the rest can be judged too. */
  #parsed(): SettingValues {
    for (const issue of v.safeParse(settingsSchema, Object.fromEntries(this.#raw)).issues ?? []) {
      this.refuse(issue.path?.[0]?.key as SettingName, issue.message);
    }
    const right = [...this.#raw].filter(([name]) => !this.#refused.has(name));
    return v.parse(settingsSchema, Object.fromEntries(right));
  }
}

/** Fields of the file by their names, those of a group with a dot. */
function fieldsOf(value: object): (readonly [string, unknown])[] {
  return Object.entries(value).flatMap(([name, inner]) => {
    const isGroup = GROUPS.has(name) && typeof inner === 'object' && inner !== null && !Array.isArray(inner);
    if (!isGroup) return [[name, inner] as const];
    return Object.entries(inner).map(([field, content]) => [`${name}.${field}`, content] as const);
  });
}

function isSettingName(name: string): name is SettingName {
  return Object.hasOwn(SETTINGS, name);
}

/** A name is repeated only where it can be one: somebody may have put a secret in its place. */
function unknownField(name: string): string {
  if (isSettingName(`${name}File`)) {
    return `${name} must not stand here: put it into a file of its own, and name that as ${name}File`;
  }
  return /^[A-Za-z.]{1,30}$/.test(name) ? `unknown field ${name}` : 'unknown field';
}

function flagOf(name: SettingName): string {
  return SETTINGS[name].flag ?? name;
}

function textOrigin(source: string, directory: string): Origin {
  return { label: `${source}:`, directory, isFile: false };
}

/** Text that is not of the form stays as it is: the schema then says what it should be. */
function settingOf(text: string, form: (typeof SETTINGS)[SettingName]['form']): unknown {
  if (form === 'number') return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : text;
  if (form === 'list') return text.split(',').map((entry) => entry.trim());
  if (form === 'switch')
    return ({ true: true, '1': true, false: false, '0': false } as Record<string, unknown>)[text] ?? text;
  return text;
}
