/** What a form shows after its action: `fields` belong to its inputs, `message` to the whole form. */
export type ActionState = {
  ok: boolean;
  message: string | null;
  fields: { field: string; message: string }[];
  code: string | null;
  /** What the action made, where its form shows that: a new key, once. */
  made?: string;
};

export type FormAction = (previous: ActionState, form: FormData) => Promise<ActionState>;

export const INITIAL_ACTION_STATE: ActionState = { ok: false, message: null, fields: [], code: null };
