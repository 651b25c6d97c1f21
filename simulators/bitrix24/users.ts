/** The portal's people. */
export interface PortalUser {
  readonly id: number;
  readonly name: string;
  readonly lastName: string;
  readonly secondName: string;
  /** `""` without one. */
  readonly email: string;
  /** `""` where the portal shows none. */
  readonly login: string;
  /** `false` for a dismissed one: they stay, but can be given nothing to do. */
  readonly active: boolean;
}

export class Users {
  readonly #changed = new Map<number, PortalUser>();

  /** User ids 1 to `count` are employees from the start. */
  constructor(readonly count: number) {}

  /** Adds a user, or changes what is said of one. */
  put(id: number, about: Partial<Omit<PortalUser, "id">>): void {
    this.#changed.set(id, { ...this.get(id) ?? employee(id), ...about });
  }

  get(id: number): PortalUser | undefined {
    const isEmployee = Number.isInteger(id) && id >= 1 && id <= this.count;
    return this.#changed.get(id) ?? (isEmployee ? employee(id) : undefined);
  }

  /** Whether the user exists and was not dismissed. */
  canWork(id: number): boolean {
    return this.get(id)?.active === true;
  }

  /** By id. */
  all(): PortalUser[] {
    const ids = new Set([...Array.from({ length: this.count }, (_, index) => index + 1), ...this.#changed.keys()]);
    return [...ids].sort((a, b) => a - b).flatMap((id) => this.get(id) ?? []);
  }

  /** First and last name; of a user that does not exist, the id. */
  nameOf(id: number): string {
    const user = this.get(id);
    return user === undefined ? String(id) : [user.name, user.lastName].filter((part) => part !== "").join(" ");
  }
}

function employee(id: number): PortalUser {
  return { id, name: "Сотрудник", lastName: `№ ${id}`, secondName: "", email: "", login: "", active: true };
}
