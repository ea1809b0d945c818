import { setTimeout } from 'node:timers/promises';
import { afterAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { LocalBackend } from '../lambda/local/process.ts';
import { startChromium } from './harness/chromium.ts';

const browser = await startChromium();
const MINUTE = 60_000;

interface Visit {
  readonly page: Page;
  /** Addresses that the page asked for. */
  readonly requests: readonly string[];
  /** What its console says is wrong. */
  readonly errors: readonly string[];
}

async function visit(url: string): Promise<Visit> {
  const page = await browser.newPage();
  page.setDefaultTimeout(2 * MINUTE);
  const requests: string[] = [];
  const errors: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(`${url}/`);
  return { page, requests, errors };
}

/** Tries one operation out in the page. @returns status and body of the answer */
async function tryOut(page: Page, id: string, body?: string): Promise<{ status: string; body: string }> {
  const block = page.locator(`.opblock[id$="-${id}"]`);
  await block.locator('.opblock-summary').click();
  if (body !== undefined) await block.locator('textarea.body-param__text').fill(body);
  await block.locator('button.execute').click();
  const answer = block.locator('.live-responses-table .response').first();
  return {
    status: (await answer.locator('.response-col_status').innerText()).trim(),
    body: await answer.locator('.response-col_description').innerText(),
  };
}

afterAll(() => browser.close());

describe('the page of the local backend, in Chromium', () => {
  it(
    'lists every operation, signs up, in and reads, and asks nobody else',
    async () => {
      const backend = await LocalBackend.start(['--port', '0']);
      try {
        const { page, requests, errors } = await visit(backend.url);
        await page.locator('.opblock').first().waitFor();
        expect(await page.locator('.opblock').count()).toBe(56);

        const account = { email: 'owl@example.com', password: 'To-whit-to-whoo-1' };
        const registered = await tryOut(page, 'register', JSON.stringify({ ...account, locale: 'en' }));
        expect(registered.status).toBe('202');
        const codes = (await (await fetch(`${backend.url}/local/codes/${account.email}`)).json()) as {
          email: { code: string };
        };
        const confirmation = { email: account.email, code: codes.email.code };
        expect((await tryOut(page, 'confirmRegistration', JSON.stringify(confirmation))).status).toBe('204');
        const login = await tryOut(page, 'login', JSON.stringify(account));
        expect(login.status).toBe('200');
        const token = /"accessToken":\s*"([^"]+)"/.exec(login.body)?.[1] ?? '';

        await page.locator('.auth-wrapper button.authorize').first().click();
        await page.locator('.modal-ux input[type=text]').fill(token);
        await page.locator('.modal-ux button.authorize').click();
        await page.locator('.modal-ux button.btn-done').click();
        const own = await tryOut(page, 'getMe');
        expect(own.status).toBe('200');
        expect(own.body).toContain('owl@example.com');

        const hosts = new Set(requests.filter((one) => !one.startsWith('data:')).map((one) => new URL(one).origin));
        expect(hosts).toEqual(new Set([backend.url]));
        expect(errors).toEqual([]);
      } finally {
        await backend.stop();
      }
    },
    4 * MINUTE,
  );
});

describe('the local backend on DynamoDB Local', () => {
  it(
    'makes its community, whose posts are counted and listed, and leaves no process',
    async () => {
      const backend = await LocalBackend.start(['--seed', '--port', '0', '--store', 'dynamodb-local']);
      try {
        expect(backend.output()).toContain('10 people are there');
        const { page } = await visit(backend.url);
        const account = { email: 'noor@example.com', password: 'Owls-hunt-at-night-1' };
        const login = await tryOut(page, 'login', JSON.stringify(account));
        const token = /"accessToken":\s*"([^"]+)"/.exec(login.body)?.[1] ?? '';
        const headers = { Authorization: `Bearer ${token}` };
        // The counters follow the stream.
        let listed = '';
        for (let round = 0; round < 100 && !listed.includes('"posts":7'); round++) {
          await setTimeout(100);
          listed = await (await fetch(`${backend.url}/v1/discussions`, { headers })).text();
        }
        expect(listed).toContain('"posts":7');
      } finally {
        expect(await backend.interrupt()).toBe(0);
      }
    },
    4 * MINUTE,
  );
});
