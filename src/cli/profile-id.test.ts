import { describe, expect, it } from 'vitest';
import { Machine, PROFILE } from './machine.fixture.ts';

describe('an id', () => {
  it('can be a prefix where it is only read or a person looks, and must be whole elsewhere', async () => {
    const machine = await Machine.start();
    const id = await machine.newProfile();
    const prefix = id.slice(0, 11);
    expect((await machine.run(['profiles', 'show', prefix])).stdout).toContain(id);
    expect((await machine.run(['profiles', 'use', prefix], { tty: true })).exitCode).toBe(0);
    for (const argv of [
      ['profiles', 'use', prefix],
      ['profiles', 'update', prefix, '--plan', 'pro'],
      ['profiles', 'archive', prefix, '-y'],
    ]) {
      const { exitCode, stderr } = await machine.run(argv);
      const whole = ['outkit', ...argv].join(' ').replace(prefix, id);
      expect([exitCode, stderr]).toEqual([2, expect.stringContaining(`Try: ${whole}\n`)]);
    }
    expect((await machine.run(['profiles', 'show', 'prof_22'])).exitCode).toBe(2);
  });

  it('that fits several, is nobody’s, has a typo or is a name gets the hint that helps', async () => {
    const machine = await Machine.start();
    const twin = `${PROFILE.slice(0, 12)}33333333`.slice(0, PROFILE.length);
    const { find, list } = machine.profiles;
    machine.overrideProfiles({
      list: async (query) => [...(await list(query)), { ...(await find(PROFILE)), id: twin, name: 'Twin' }],
    });
    const several = await machine.run(['profiles', 'show', PROFILE.slice(0, 10)]);
    expect(several).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining(`${PROFILE} (Default), ${twin} (Twin)`),
    });
    const nobodys = await machine.run(['profiles', 'show', 'prof_zzzzzzzzzzzzzzzz']);
    expect(nobodys).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining('Try: outkit profiles list --all\n'),
    });
    const typo = await machine.run(['profiles', 'show', `${PROFILE.slice(0, -1)}4`]);
    expect(typo).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining(`Try: outkit profiles show ${PROFILE}\n`),
    });
    const named = await machine.run(['profiles', 'use', 'Twin']);
    expect(named).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(`Try: outkit profiles use ${twin}\n`) });
    expect((await machine.run(['profiles', 'show', 'key_2222222222222222'])).exitCode).toBe(2);
  });
});
