/** An error in the shape the `resend` package hands to its caller. https://resend.com/docs/api-reference/errors */
export type ResendError = { statusCode: number; name: ResendErrorName; message: string };

type ResendErrorName = keyof typeof STATUS_OF;

const STATUS_OF = {
  invalid_idempotency_key: 400,
  missing_api_key: 401,
  invalid_api_key: 403,
  not_found: 404,
  method_not_allowed: 405,
  invalid_idempotent_request: 409,
  invalid_attachment: 422,
  missing_required_field: 422,
  validation_error: 422,
  application_error: 500,
} as const;

export function resendError(name: ResendErrorName, message: string): ResendError {
  return { statusCode: STATUS_OF[name], name, message };
}
