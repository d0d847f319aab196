/** What a form shows after its action: `fields` belong to its inputs, `message` to the whole form. */
export type FormState = {
  ok: boolean;
  message: string | null;
  fields: { field: string; message: string }[];
  code: string | null;
};

export type FormAction = (previous: FormState, form: FormData) => Promise<FormState>;

export const INITIAL_FORM_STATE: FormState = { ok: false, message: null, fields: [], code: null };
