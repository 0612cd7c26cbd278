/** How the process ends: by itself when the command is done, whatever the user's code has left open. */

export class Ending {
  #begun = false;

  /** The process is about to leave, or leaves, because we say so. */
  get begun(): boolean {
    return this.#begun;
  }

  /**
   * Leaves once all that was written has reached its reader, or has no reader any more. Whoever asks first says the code.
   * What was opened by us is closed before; a timer or socket of the user's would keep the process for ever.
   */
  async leave(code: number): Promise<never> {
    if (!this.#begun) {
      this.#begun = true;
      await Promise.all([written(process.stdout), written(process.stderr)]);
      process.exit(code);
    }
    return new Promise<never>(() => {});
  }

  /** Leaves where everything stands. */
  now(code: number): never {
    this.#begun = true;
    process.exit(code);
  }
}

/** Pipes take what is written when their readers let them; without a reader there is an error, and nothing to wait for either. */
const written = (stream: NodeJS.WriteStream): Promise<void> =>
  new Promise((done) => void stream.write("", () => done()));
