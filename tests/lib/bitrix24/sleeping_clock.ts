/** Time that moves only by sleeping, so that a minute takes none. */
export class SleepingClock {
  ms = 0;
  now = () => this.ms;
  sleep(ms: number): Promise<void> {
    this.ms += ms;
    return Promise.resolve();
  }
}
