/** The business name on invoices, statements and the checkout page. */
export const ACCOUNT_NAME = "Tollkeeper (local)";
