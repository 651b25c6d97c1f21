/** Why a task can never be made as it is, in words for whoever has to mend its model, template or variables. */
export class Refusal extends Error {
  override readonly name = "Refusal";

  constructor(readonly code: string, message: string) {
    super(message);
  }
}
