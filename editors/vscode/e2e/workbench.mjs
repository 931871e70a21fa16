// VS Code with a person in front of it: what they press, and what they wait to see.

import { SELECTORS } from './selectors.mjs';

/** Longest that anything may take to appear, in ms. */
const PATIENCE = 30_000;

export class Workbench {
  constructor(page, screenshots) {
    this.page = page;
    this.screenshots = screenshots;
    page.setDefaultTimeout(PATIENCE);
  }

  at(name) {
    return this.page.locator(SELECTORS[name]);
  }

  /** Waits until something is seen, and has a text if one is given. */
  async see(name, text) {
    const all = this.at(name);
    const wanted = text === undefined ? all : all.filter({ hasText: text });
    try {
      await wanted.first().waitFor({ state: 'visible' });
    } catch {
      const seen = await all.allInnerTexts().catch(() => []);
      throw new Error(`${name}${text ? ` with ${text}` : ''} was not seen, but: ${JSON.stringify(seen).slice(0, 2000)}`);
    }
    return wanted.first();
  }

  /** Waits until something is seen no more. */
  async lose(name) {
    await this.at(name).first().waitFor({ state: 'hidden' });
  }

  /** Waits until a question that is asked again and again is answered with yes. */
  async until(what, question) {
    const end = Date.now() + PATIENCE;
    while (!(await question())) {
      if (Date.now() > end) throw new Error(`in vain waited until ${what}`);
      await this.page.waitForTimeout(50);
    }
  }

  async press(...keys) {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  async type(text) {
    await this.page.keyboard.type(text);
  }

  /** Asks the box at the top: for a command, a file, a line. What else takes the keyboard may close it again. */
  async #ask(key, text, row) {
    for (let tries = 3; ; tries -= 1) {
      try {
        await this.press(key);
        await this.page.locator(SELECTORS.quickInputField).first().fill(text, { timeout: 5000 });
        if (row !== undefined) await this.see('quickInputRow', row);
        await this.press('Enter');
        return;
      } catch (error) {
        if (tries === 0) throw error;
        await this.press('Escape');
      }
    }
  }

  /** Carries out a command by its name in the palette. */
  async command(name) {
    await this.#ask('F1', `>${name}`, name);
  }

  /** Opens a file of the workspace. */
  async open(file) {
    await this.#ask('Control+P', file, file);
    await this.see('tab', file);
    await this.see('editor');
  }

  /** Goes to a line and column, both from 1. */
  async go(line, column = 1) {
    await this.#ask('Control+G', `:${line}:${column}`);
    await this.lose('quickInput');
  }

  async save() {
    await this.press('Control+S');
  }

  /** Takes a picture, once nothing moves any more. */
  async shoot(name) {
    await this.page.screenshot({ path: `${this.screenshots}/${name}.png`, animations: 'disabled' });
  }

  /** Puts away what lies over the editor. */
  async clear() {
    await this.command('Notifications: Clear All Notifications');
  }
}
