/** Answered in the envelope `{error, error_description}`. */
export class PortalError extends Error {
  constructor(readonly code: string, message: string, readonly status = 400) {
    super(message);
  }
}

/** The vendor's one answer for: absent, not visible, or in the wrong state. */
export function actionNotAllowed(): PortalError {
  return new PortalError("1048582", "Действие над задачей не разрешено");
}
